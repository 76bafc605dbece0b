import * as E from 'fp-ts/lib/Either.js';
import type { EventStore } from '@daybook/event-store';
import type { BrokerSession } from './broker.js';
import { firstEventAfter, publishedOnly } from './log-reading.js';
import type { Progress } from './progress.js';
import { type CannotResume, resume, type Resumed } from './resume.js';

export type StandingBack = Readonly<{
  session: BrokerSession;
  store: Pick<EventStore, 'readAll' | 'head'>;
  from: Resumed;
  settings: Readonly<{ standBackMs: number }>;
  random: () => number;
  signal: AbortSignal;
  progress: Progress;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}>;

/**
 * Watches another relay at work. Ends when that one has stopped: its stream did not move for a while though
 * an event waits. The fence keeps the order either way; this only spares both the contest.
 */
export const standBack = async (standing: StandingBack): Promise<CannotResume | undefined> => {
  const { session, store, settings, random, signal, progress } = standing;
  let seen = standing.from;
  while (!signal.aborted) {
    progress.enter({ _tag: 'StandingBack', writer: seen.writer });
    progress.passed(seen.position);
    await standing.pause(settings.standBackMs * (1 + random()), signal);
    const now = await resume({ session, store, assumed: undefined });
    if (E.isLeft(now)) return now.left;
    const next = await firstEventAfter(store, now.right.position, publishedOnly);
    if (E.isLeft(next)) return next.left;
    const hasStopped = now.right.sequence === seen.sequence && next.right !== undefined;
    if (hasStopped) return undefined;
    seen = now.right;
  }
  return undefined;
};
