import { setTimeout as delay } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { JetStreamClient, JsMsg } from 'nats';
import type { TransactionalCheckpoint } from './checkpoint.js';
import { type PublishedEvent, readEvent } from './event.js';
import { kindOf } from './message-of.js';
import type { Handler, Notice, ParkedReason, RetrySettings } from './options.js';
import { park } from './park.js';
import type { Progress } from './progress.js';
import type { PlaceInFull } from './settings.js';

export type Delivering<Tx, Done> = Readonly<{
  place: PlaceInFull;
  client: JetStreamClient;
  handle: Handler<Tx, Done>;
  checkpoint: TransactionalCheckpoint<Tx, Done>;
  retry: RetrySettings;
  /** Deliveries after which the server gives a message up; undefined when it never does. */
  deliveriesMax: number | undefined;
  progress: Progress;
  notice: (notice: Notice) => void;
  clock: () => number;
  /** Aborted when the session ends or the subscriber is to stop. */
  signal: AbortSignal;
}>;

/** `left`: not settled, so that it is delivered again. */
export type Delivered = 'acknowledged' | 'parked' | 'left';

const decoder = new TextDecoder();

const waited = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
};

const waitMsAfter = (attempt: number, { firstMs, longestMs }: RetrySettings): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));

/** A connection that has gone takes no word: the message comes again, and is recognised. */
const told = (tell: () => void): boolean => {
  try {
    tell();
    return true;
  } catch {
    return false;
  }
};

type Why = Readonly<{ reason: ParkedReason; error: string; attempts: number }>;

/** The copy is stored before the message is given up; as long as it cannot be, its lane waits. */
const parkFor = async <Tx, Done>(
  delivering: Delivering<Tx, Done>,
  message: JsMsg,
  why: Why,
): Promise<Delivered> => {
  const { place, client, retry, progress, notice, clock, signal } = delivering;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await park({ client, place }, message, { ...why, at: clock() });
      // Without a reason: servers before 2.10 would not understand one, and deliver it again.
      if (!told(() => message.term())) return 'left';
      progress.parked();
      notice({
        _tag: 'Parked',
        sequence: message.seq,
        subject: message.subject,
        reason: why.reason,
      });
      return 'parked';
    } catch (error) {
      const waitMs = waitMsAfter(attempt, retry);
      notice({ _tag: 'Retrying', sequence: message.seq, attempt, error: kindOf(error), waitMs });
      await waited(waitMs, signal);
    }
  }
  return 'left';
};

const attemptOnce = async <Tx, Done>(
  { handle, checkpoint, place, progress, signal }: Delivering<Tx, Done>,
  event: PublishedEvent,
  attempt: number,
): Promise<E.Either<string, void>> => {
  try {
    await handle(event, {
      attempt,
      signal,
      checkpoint: async (effect) => {
        const mark = { subscriber: place.durable, position: event.position };
        const ran = await checkpoint.runOnce(mark, effect);
        if (ran === 'repeated') progress.repeated();
        return ran;
      },
    });
    return E.right(undefined);
  } catch (error) {
    return E.left(kindOf(error));
  }
};

const handleEvent = async <Tx, Done>(
  delivering: Delivering<Tx, Done>,
  message: JsMsg,
  event: PublishedEvent,
): Promise<Delivered> => {
  const { retry, progress, notice, signal } = delivering;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const done = await attemptOnce(delivering, event, attempt);
    if (E.isRight(done)) {
      progress.handled();
      return told(() => message.ack()) ? 'acknowledged' : 'left';
    }
    if (attempt >= retry.attemptsMax) {
      const why = { reason: 'handler-failed', error: done.left, attempts: attempt } as const;
      return parkFor(delivering, message, why);
    }
    const waitMs = waitMsAfter(attempt, retry);
    progress.retried();
    notice({ _tag: 'Retrying', sequence: message.seq, attempt, error: done.left, waitMs });
    await waited(waitMs, signal);
  }
  return 'left';
};

/** Brings one message to its end: handled and acknowledged, parked, or left for another delivery. */
export const deliver = async <Tx, Done>(
  delivering: Delivering<Tx, Done>,
  message: JsMsg,
): Promise<Delivered> => {
  const { deliveriesMax, progress, signal } = delivering;
  if (signal.aborted) return 'left';
  const { deliveryCount } = message.info;
  if (deliveriesMax !== undefined && deliveryCount >= deliveriesMax) {
    const why = { reason: 'deliveries-exhausted', error: 'none', attempts: deliveryCount } as const;
    return parkFor(delivering, message, why);
  }
  const read = readEvent(decoder.decode(message.data));
  if (E.isRight(read)) return handleEvent(delivering, message, read.right);
  if (read.left._tag === 'TypeUnknown') {
    progress.passedOver();
    return told(() => message.ack()) ? 'acknowledged' : 'left';
  }
  const error = kindOf({ name: read.left.place });
  return parkFor(delivering, message, { reason: 'not-decodable', error, attempts: 0 });
};
