import { type EventStore, type Position, START, type StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { BrokerFailure, BrokerSession, InboundMessage, LastMessage, Mark } from './broker.js';
import type { Blocked } from './health.js';
import type { StoreFailure } from './log-reading.js';
import { firstEventAfter } from './log-reading.js';

export type CannotResume = BrokerFailure | Blocked | StoreFailure;

/** With who wrote the last message, and how many stored types that relay publishes; 0 when nobody can say. */
export type Resumed = Mark & Pick<LastMessage, 'writer' | 'vocabulary'>;

const NOBODY = { writer: '', vocabulary: 0 } as const;

export type ResumeFrom = Readonly<{
  session: Pick<BrokerSession, 'tail' | 'loadMark'>;
  store: Pick<EventStore, 'readAll' | 'head'>;
  /** What an operator says the last message carried, for a stream whose tail is gone. */
  assumed: Position | undefined;
}>;

const eventIdOf = (body: string): unknown => {
  try {
    const event: unknown = JSON.parse(body);
    return typeof event === 'object' && event !== null ? Reflect.get(event, 'id') : undefined;
  } catch {
    return undefined;
  }
};

/** The message's event must stand in the log, where the message says it does. */
const compared = (
  message: InboundMessage,
  event: StoredEvent | undefined,
  head: Position,
): Blocked | undefined => {
  const position = Number(message.id);
  if (event === undefined || position > head) return { _tag: 'AheadOfLog', position, head };
  const isTheOne = event.position === position && event.id === eventIdOf(message.body);
  return isTheOne ? undefined : { _tag: 'OtherLog', position };
};

const fromMessage = async (
  message: LastMessage,
  store: ResumeFrom['store'],
): Promise<E.Either<CannotResume, Resumed>> => {
  const { sequence, id, writer, vocabulary } = message;
  const position = Number(id);
  if (!/^[1-9]\d{0,15}$/.test(id) || !Number.isSafeInteger(position))
    return E.left({ _tag: 'ForeignTail', sequence });
  const event = await firstEventAfter(store, position - 1);
  const head = await store.head()();
  if (E.isLeft(event)) return event;
  if (E.isLeft(head)) return head;
  const blocked = compared(message, event.right, head.right);
  return blocked === undefined
    ? E.right({ sequence, position, writer, vocabulary })
    : E.left(blocked);
};

/** The last message is not there any more: only what was remembered beside the stream can tell. */
const withoutMessage = async (
  lastSequence: number,
  { session, assumed }: ResumeFrom,
): Promise<E.Either<CannotResume, Resumed>> => {
  if (assumed !== undefined)
    return E.right({ sequence: lastSequence, position: assumed, ...NOBODY });
  const mark = await session.loadMark();
  if (E.isLeft(mark)) return mark;
  return mark.right?.sequence === lastSequence
    ? E.right({ ...mark.right, ...NOBODY })
    : E.left({ _tag: 'TailUnknown', lastSequence });
};

/**
 * Where the stream ends and which event that is: what the broker holds is the checkpoint. So a broker that lost
 * its last messages is filled again, and one that stored what was never acknowledged gets nothing twice.
 */
export const resume = async (from: ResumeFrom): Promise<E.Either<CannotResume, Resumed>> => {
  const tail = await from.session.tail();
  if (E.isLeft(tail)) return tail;
  const { lastSequence, last } = tail.right;
  if (lastSequence === 0)
    return E.right({ sequence: 0, position: from.assumed ?? START, ...NOBODY });
  return last === undefined ? withoutMessage(lastSequence, from) : fromMessage(last, from.store);
};
