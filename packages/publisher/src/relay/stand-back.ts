import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Position } from '@daybook/event-store';
import type { BrokerSession } from './broker.js';
import { firstEventAfter, publishedOnly } from './log-reading.js';
import type { Progress } from './progress.js';
import { type CannotResume, resume, type Resumed } from './resume.js';

export type StandingBack = Readonly<{
  session: BrokerSession;
  store: Pick<EventStore, 'readAll' | 'head'>;
  from: Resumed;
  /** How long nothing may be stored before this relay takes over. */
  waitMs: number;
  random: () => number;
  signal: AbortSignal;
  progress: Progress;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}>;

/**
 * Watches another relay at work. Ends when that one has stopped: for as long as it takes to look twice, the same
 * event waits and nothing is stored. Gives where the stream ends then; undefined when this relay is stopped.
 * The fence keeps the order either way; this spares both the contest.
 */
export const standBack = async (
  standing: StandingBack,
): Promise<E.Either<CannotResume, Resumed | undefined>> => {
  const { session, store, waitMs, random, signal, progress } = standing;
  let seen = standing.from;
  let waiting: Position | undefined;
  while (!signal.aborted) {
    progress.enter({ _tag: 'StandingBack', writer: seen.writer });
    progress.passed(seen.position);
    await standing.pause(waitMs * (1 + random()), signal);
    const now = await resume({ session, store, assumed: undefined });
    if (E.isLeft(now)) return now;
    const next = await firstEventAfter(store, now.right.position, publishedOnly);
    if (E.isLeft(next)) return next;
    const isSame = next.right !== undefined && next.right.position === waiting;
    if (isSame && now.right.sequence === seen.sequence) return now;
    waiting = next.right?.position;
    seen = now.right;
  }
  return E.right(undefined);
};
