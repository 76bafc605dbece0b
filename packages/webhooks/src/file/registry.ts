import { randomBytes, randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import {
  destinationOf,
  type DestinationRefused,
  type DestinationRules,
} from '../destination/rules.js';
import { checkedTypes, type UnknownEventType } from '../event-types.js';
import { keyOf, SECRET_BYTES, type SecretRefused, secretText } from '../signature.js';
import { endpointChanges, type EndpointChanges } from './endpoint-changes.js';
import { endpointTable, type EndpointTable } from './endpoints.js';
import { historyTables, type HistoryTables } from './history.js';
import { openFile, usingFile, type WebhooksUnavailable } from './open.js';
import type { Endpoint } from './rows.js';
import { secretTable, type SecretTable } from './secrets.js';

export type EndpointNotFound = Readonly<{ _tag: 'EndpointNotFound'; id: string }>;

export type NewEndpoint = Readonly<{
  company: string;
  url: string;
  /** Published types, or patterns that end in `.*`; none means all. */
  types: readonly string[];
  /** Events after this position are sent. */
  after: number;
  /** `whsec_<base64>`; made here when absent. */
  secret?: string;
}>;

export type AddRefused = DestinationRefused | UnknownEventType | SecretRefused;

/** A secret is shown by the call that sets it and by nothing else. */
export type WithSecret = Readonly<{ endpoint: Endpoint; secret: string }>;

export type Rotation = Readonly<{
  secret?: string;
  /** How long the secret before goes on signing beside the new one, milliseconds. */
  overlapMs: number;
}>;

type Changed<F, A> = E.Either<F | WebhooksUnavailable, A>;

/** Management of endpoints. Each change says who makes it and leaves an entry in the audit trail. */
export type WebhookRegistry = Readonly<{
  add: (endpoint: NewEndpoint, by: string) => Changed<AddRefused, WithSecret>;
  list: (company?: string) => readonly Endpoint[];
  find: (id: string) => Endpoint | undefined;
  rotate: (
    id: string,
    rotation: Rotation,
    by: string,
  ) => Changed<EndpointNotFound | SecretRefused, WithSecret>;
  enable: (id: string, by: string) => Changed<EndpointNotFound, Endpoint>;
  disable: (id: string, by: string) => Changed<EndpointNotFound, Endpoint>;
  remove: (id: string, by: string) => Changed<EndpointNotFound, Endpoint>;
  /** Sends everything after a position again, parked messages among it. The ids stay the same. */
  replay: (id: string, after: number, by: string) => Changed<EndpointNotFound, Endpoint>;
  /** The waiting message now, and parked ones (`all`, or by event id) once more. Gives how many. */
  retry: (
    id: string,
    events: readonly string[] | 'all',
    by: string,
  ) => Changed<EndpointNotFound, number>;
  history: Pick<HistoryTables, 'attempts' | 'parked' | 'audit'>;
  close: () => void;
}>;

export type RegistryOptions = Readonly<{
  directory: string;
  rules: DestinationRules;
  /** Epoch milliseconds. */
  clock: () => number;
}>;

const secretFrom = (given: string | undefined): E.Either<SecretRefused, string> => {
  if (given === undefined) return E.right(secretText(randomBytes(SECRET_BYTES)));
  const key = keyOf(given);
  return E.isLeft(key) ? key : E.right(secretText(key.right));
};

type Entry = Readonly<{ action: string; by: string; detail?: string }>;

type Tables = RegistryOptions &
  Readonly<{
    db: Database.Database;
    endpoints: EndpointTable;
    changes: EndpointChanges;
    secrets: SecretTable;
    history: HistoryTables;
  }>;

const present = ({ endpoints }: Tables, id: string): Endpoint => {
  const found = endpoints.find(id);
  if (found === undefined) throw new Error('an endpoint that was just changed is not there');
  return found;
};

/** A change and its entry in one transaction, when there is such an endpoint. */
const change =
  (tables: Tables, id: string, { action, by, detail = '' }: Entry) =>
  <A>(work: (found: Endpoint) => A): Changed<EndpointNotFound, A> => {
    const { db, endpoints, history, clock } = tables;
    const transaction = db.transaction((): E.Either<EndpointNotFound, A> => {
      const found = endpoints.find(id);
      if (found === undefined) return E.left({ _tag: 'EndpointNotFound', id });
      const answer = work(found);
      const { company } = found;
      history.note({ at: clock(), by, company, endpoint: id, action, detail });
      return E.right(answer);
    });
    const changed = usingFile(() => transaction.immediate());
    return E.isLeft(changed) ? changed : changed.right;
  };

const add = (tables: Tables, asked: NewEndpoint, by: string): Changed<AddRefused, WithSecret> => {
  const { company, after } = asked;
  const url = destinationOf(asked.url, tables.rules);
  if (E.isLeft(url)) return url;
  const types = checkedTypes(asked.types);
  if (E.isLeft(types)) return types;
  const secret = secretFrom(asked.secret);
  if (E.isLeft(secret)) return secret;
  const id = `ep_${randomUUID()}`;
  const { href, host } = url.right;
  const now = tables.clock();
  const detail = `to ${host}, events after ${after}`;
  const transaction = tables.db.transaction(() => {
    tables.changes.insert({ id, company, url: href, types: types.right, now, after });
    tables.secrets.put(id, secret.right, { now, previousUntil: now });
    tables.history.note({ at: now, by, company, endpoint: id, action: 'added', detail });
    return { endpoint: present(tables, id), secret: secret.right };
  });
  return usingFile(() => transaction.immediate());
};

const rotate = (
  tables: Tables,
  id: string,
  { secret: given, overlapMs, by }: Rotation & Readonly<{ by: string }>,
): Changed<EndpointNotFound | SecretRefused, WithSecret> => {
  const secret = secretFrom(given);
  if (E.isLeft(secret)) return secret;
  const now = tables.clock();
  const previousUntil = now + overlapMs;
  const detail = `the secret before is valid until ${new Date(previousUntil).toISOString()}`;
  const rotated = change(tables, id, { action: 'secret-rotated', by, detail })((endpoint) => {
    tables.secrets.put(id, secret.right, { now, previousUntil });
    return { endpoint, secret: secret.right };
  });
  emptyWriteAheadLog(tables.db);
  return rotated;
};

/** What was deleted stays in the write-ahead log until that is emptied; a reader at work puts it off. */
const emptyWriteAheadLog = (db: Database.Database): void => {
  usingFile(() => db.pragma('wal_checkpoint(TRUNCATE)'));
};

const retry = (
  { changes, history }: Tables,
  found: Endpoint,
  events: readonly string[] | 'all',
): number => {
  const { waiting } = found;
  const isMeant = waiting !== null && (events === 'all' || events.includes(waiting.event));
  return (isMeant ? changes.dueNow(found.id) : 0) + history.wantParked(found.id, events);
};

const makeRegistry = (tables: Tables): WebhookRegistry => {
  const { changes, secrets, history, endpoints } = tables;
  const changed = (
    id: string,
    entry: Entry,
    work: () => void,
  ): Changed<EndpointNotFound, Endpoint> =>
    change(
      tables,
      id,
      entry,
    )(() => {
      work();
      return present(tables, id);
    });
  return {
    add: (asked, by) => add(tables, asked, by),
    list: (company) => endpoints.list(company),
    find: endpoints.find,
    rotate: (id, rotation, by) => rotate(tables, id, { ...rotation, by }),
    enable: (id, by) => changed(id, { action: 'enabled', by }, () => changes.setDisabled(id, null)),
    disable: (id, by) =>
      changed(id, { action: 'disabled', by }, () => changes.setDisabled(id, 'by-operator')),
    remove: (id, by) => {
      const removed = change(tables, id, { action: 'removed', by })((found) => {
        secrets.removeAll(id);
        history.removeAll(id);
        changes.remove(id);
        return found;
      });
      emptyWriteAheadLog(tables.db);
      return removed;
    },
    replay: (id, after, by) =>
      changed(id, { action: 'replayed', by, detail: `events after ${after}` }, () => {
        changes.moveTo(id, after);
        history.dropParkedAfter(id, after);
      }),
    retry: (id, events, by) =>
      change(tables, id, { action: 'retried', by })((found) => retry(tables, found, events)),
    history,
    close: () => void tables.db.close(),
  };
};

/** Opens the endpoints of a data directory; any number of programs may have them open. */
export const openWebhooks = (
  options: RegistryOptions,
): E.Either<WebhooksUnavailable, WebhookRegistry> => {
  const opened = openFile(options.directory);
  if (E.isLeft(opened)) return opened;
  const db = opened.right;
  return E.right(
    makeRegistry({
      ...options,
      db,
      endpoints: endpointTable(db),
      changes: endpointChanges(db),
      secrets: secretTable(db),
      history: historyTables(db),
    }),
  );
};
