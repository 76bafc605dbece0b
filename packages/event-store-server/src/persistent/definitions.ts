/** Where groups are kept: in streams of the log itself, named as the protocol's first server names them. */
import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { BINARY_CONTENT, toStored } from '../event-form.js';
import { lastEventOf } from '../stream-states.js';
import { unreadable } from '../anywhere.js';
import type { SubscriptionDeps } from '../subscriptions.js';
import type { WriteAnswer, Writes } from '../writes.js';
import type { GroupName } from './requests.js';

export type DefinitionDeps = SubscriptionDeps & Readonly<{ writes: Writes }>;

const CREATED = '$PersistentSubscriptionCreated';
const DELETED = '$PersistentSubscriptionDeleted';
const CHECKPOINT = '$SubscriptionCheckpoint';
export const GROUP_STREAMS = '$persistentsubscription-';

const Filter = t.readonly(
  t.strict({
    on: t.keyof({ stream: null, type: null }),
    regex: t.string,
    prefixes: t.readonlyArray(t.string),
    checkpointEvery: t.number,
  }),
);

export const Definition = t.readonly(
  t.strict({
    /** First place, inclusive. */
    from: t.number,
    filter: t.union([Filter, t.null]),
    settings: t.readonly(
      t.strict({
        resolveLinks: t.boolean,
        maxRetryCount: t.number,
        messageTimeoutMs: t.number,
        checkpointAfterMs: t.number,
        maxCheckpointCount: t.number,
        maxSubscriberCount: t.number,
      }),
    ),
  }),
);
export type Definition = t.TypeOf<typeof Definition>;

export const groupStream = ({ stream, group }: GroupName): string =>
  `${GROUP_STREAMS}${stream ?? '$all'}::${group}`;

export const parkedStream = (name: GroupName): string => `${groupStream(name)}-parked`;

const checkpointStream = (name: GroupName): string => `${groupStream(name)}-checkpoint`;

const event = (type: string, data: unknown, metadata: unknown = {}) => ({
  id: randomUUID(),
  type,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
});

const definitionFrom = (last: StoredEvent | undefined): Definition | undefined => {
  if (last?.type !== CREATED) return undefined;
  const data: unknown = JSON.parse(last.data);
  return Definition.is(data) ? data : undefined;
};

export const loadDefinition = async (
  { store }: DefinitionDeps,
  name: GroupName,
): WriteAnswer<Definition | undefined> => {
  const last = await lastEventOf(store, groupStream(name));
  return E.isLeft(last) ? E.left(unreadable) : E.right(definitionFrom(last.right));
};

/** The lowest place that is not settled: what was saved since the group was made, or where it began. */
export const loadCheckpoint = async (
  { store }: DefinitionDeps,
  name: GroupName,
  definition: Definition,
): WriteAnswer<number> => {
  const [made, saved] = [
    await lastEventOf(store, groupStream(name)),
    await lastEventOf(store, checkpointStream(name)),
  ];
  if (E.isLeft(made) || E.isLeft(saved)) return E.left(unreadable);
  const isNewer = (saved.right?.position ?? 0) > (made.right?.position ?? 0);
  const place: unknown = isNewer ? JSON.parse(saved.right?.data ?? '') : undefined;
  return E.right(typeof place === 'number' ? place : definition.from);
};

export const saveDefinition = (
  { writes }: DefinitionDeps,
  name: GroupName,
  definition: Definition | undefined,
): WriteAnswer =>
  writes.append({ stream: groupStream(name), expected: 'any' }, [
    definition === undefined ? event(DELETED, {}) : event(CREATED, definition),
  ]);

export const saveCheckpoint = async (
  { writes }: DefinitionDeps,
  name: GroupName,
  place: number,
): Promise<void> => {
  // Lost, it costs a repetition: delivery is at least once.
  await writes.append({ stream: checkpointStream(name), expected: 'any' }, [
    event(CHECKPOINT, place),
  ]);
};

/** False when the store did not take it: then it is not parked. */
export const parkEvent = async (
  { writes }: DefinitionDeps,
  name: GroupName,
  parked: StoredEvent,
): Promise<boolean> => {
  const link = toStored({
    id: randomUUID(),
    type: '$>',
    contentType: BINARY_CONTENT,
    data: Buffer.from(`${String(parked.revision)}@${parked.stream}`),
    customMetadata: Buffer.from(
      JSON.stringify({ added: new Date(parked.recordedAt).toISOString() }),
    ),
  });
  return E.isRight(await writes.append({ stream: parkedStream(name), expected: 'any' }, [link]));
};
