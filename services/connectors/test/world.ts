import { streamOf } from '@daybook/domain/kernel';
import { makeInMemoryEventStore, type EventStore, type EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  decodeConnectors,
  readDeliveries,
  startConnectors,
  type Connector,
  type ConnectorConfig,
  type Connectors,
  type Delivery,
  type UnrecalledItem,
} from '../src/index.js';
import { CLIENT } from '../src/rehearsal/index.js';

export const COMPANY = 'acme';
/** Stands in every summary, and may stand in nothing that is kept or told. */
export const CANARY = 'canary-7f3a, the drum of the printer';
export const NOW = Date.UTC(2026, 5, 8, 9);

const eventId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const body = (title: string) => ({
  form: 'plain',
  value: {
    title,
    problem: `Nothing prints: ${CANARY}`,
    steps: ['Cleared the queue', 'Turned it off and on'],
    result: 'It prints again',
    followUps: [],
    tags: ['printer'],
  },
});

export type World = Readonly<{
  store: EventStore;
  clock: () => number;
  advance: (milliseconds: number) => void;
  generated: (session: string, revision?: number) => Promise<string>;
  edited: (session: string, revision: number, title: string) => Promise<string>;
  deleted: (session: string, lastRevision: number) => Promise<string>;
  start: (settings: object, options?: object) => Connector;
  stop: () => Promise<void>;
  deliveries: () => readonly Delivery[];
  unrecalled: () => readonly UnrecalledItem[];
  /** Every byte of the data directory, as text. */
  bytes: () => string;
  directory: string;
  dispose: () => Promise<void>;
}>;

const configOf = (settings: object): ConnectorConfig => {
  const { clientId, clientSecret } = CLIENT;
  const text = JSON.stringify({
    connectors: [
      {
        name: 'desk',
        company: COMPANY,
        clientId,
        clientSecret: { env: 'SECRET' },
        startAt: 'beginning',
        ...settings,
      },
    ],
  });
  const sources = { environment: { SECRET: clientSecret }, readFile: () => null };
  const decoded = decodeConnectors(text, sources);
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  const [config] = decoded.right;
  if (config === undefined) throw new Error('no connector');
  return config;
};

/** Time stands still until a test moves it: who waits looks again after a moment. */
const look = async (_milliseconds: number, signal: AbortSignal): Promise<void> => {
  await delay(1, undefined, { signal }).catch(() => undefined);
};

type Told = Readonly<{ session: string; type: string; data: object }>;

const teller = (store: EventStore) => {
  let events = 0;
  const revisions = new Map<string, number>();
  return async ({ session, type, data }: Told): Promise<string> => {
    events += 1;
    const event: EventToAppend = {
      id: eventId(events),
      type,
      data: JSON.stringify(data),
      metadata: '{}',
    };
    const stream = streamOf('summary', COMPANY, session);
    const last = revisions.get(session) ?? -1;
    const appended = await store.append(stream, last < 0 ? 'no-stream' : last, [event])();
    if (E.isLeft(appended)) throw new Error(appended.left._tag);
    revisions.set(session, last + 1);
    return event.id;
  };
};

export const makeWorld = (): World => {
  let now = NOW;
  const clock = (): number => now;
  const store = makeInMemoryEventStore({ clock });
  const directory = mkdtempSync(join(tmpdir(), 'daybook-connectors-'));
  const tell = teller(store);
  let running: Connectors | null = null;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = null;
  };
  return {
    store,
    clock,
    directory,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    generated: (session, revision = 1) =>
      tell({
        session,
        type: 'SummaryGenerated',
        data: {
          sessionId: session,
          supporterId: 'u-1',
          deviceId: 'd-1',
          revision,
          origin: 'ai',
          model: 'extractive',
          promptVersion: 'rules-1',
          language: 'en',
          generatedAt: now,
          body: body('The printer stands still'),
        },
      }),
    edited: (session, revision, title) =>
      tell({
        session,
        type: 'SummaryEdited',
        data: {
          revision,
          changedRevision: revision - 1,
          origin: 'mixed',
          author: 'u-1',
          editedAt: now,
          language: 'en',
          body: body(title),
        },
      }),
    deleted: (session, lastRevision) =>
      tell({
        session,
        type: 'SummaryDeleted',
        data: { by: 'u-1', deletedAt: now, lastRevision },
      }),
    start: (settings, options = {}) => {
      const configs = [configOf(settings)];
      const common = { configs, store, directory, clock, random: () => 0, wait: look };
      const started = startConnectors({ ...common, ...options });
      if (E.isLeft(started)) throw new Error(started.left.code);
      running = started.right;
      const [connector] = running.all;
      if (connector === undefined) throw new Error('nothing was started');
      return connector;
    },
    stop,
    deliveries: () => readDeliveries(directory, (read) => read.list({ limit: 1_000 })) ?? [],
    unrecalled: () => readDeliveries(directory, (read) => read.unrecalled({ limit: 1_000 })) ?? [],
    bytes: () =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join('\n'),
    dispose: async () => {
      await stop();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** Waits for something that will come; the test's own time-out is the only limit. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await delay(1);
};
