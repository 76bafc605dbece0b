/** Sessions that end while two nodes both run the processes: each makes every summary, one of each is kept. */
import { setTimeout as passed } from 'node:timers/promises';
import { openLogReader, type Place } from '@daybook/engine';
import { startedEntry } from '../concurrency/started-entry.js';
import { right } from '../synthetic/company.js';

/** Complete sessions, as the lines of a journal. */
export const endedSessions = (count: number, at: number): string =>
  Array.from({ length: count }, (_, n) => {
    const session = `ended-${n}`;
    const instant = (seconds: number): string => new Date(at + seconds * 1_000).toISOString();
    const chat = { entry: 'chat', session, speaker: 'remote-side', text: 'The printer is stuck.' };
    return [
      startedEntry(session, instant(0)),
      { ...chat, at: instant(1) },
      { ...chat, speaker: 'supporter', at: instant(2), text: 'I restarted the spooler.' },
      { entry: 'session-ended', session, at: instant(3) },
    ]
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
  }).join('');

/** Sends a journal until the node has taken all of it. */
export const sendJournal = async (base: string, body: string): Promise<number> => {
  const headers = { 'content-type': 'application/x-ndjson' };
  const answer = await fetch(`${base}/journal`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
};

export type SummariesMade = Readonly<{
  sessions: number;
  /** Most that one session has; must be 1. */
  summariesMax: number;
  chargesMax: number;
}>;

const countOf = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const read = async (place: Place): Promise<SummariesMade> => {
  const log = right(await openLogReader(place));
  const [summaries, charges] = [new Map<string, number>(), new Map<string, number>()];
  const types = ['SummaryGenerated', 'HoldCaptured'];
  for await (const page of log.readAll({ filter: { types } }))
    for (const { type, stream, data } of right(page).events) {
      const { sessionId = '' } = JSON.parse(data) as Readonly<{ sessionId?: string }>;
      if (type === 'SummaryGenerated') countOf(summaries, stream);
      else if (sessionId.startsWith('ended-')) countOf(charges, sessionId);
    }
  await log.close();
  return {
    sessions: charges.size,
    summariesMax: Math.max(0, ...summaries.values()),
    chargesMax: Math.max(0, ...charges.values()),
  };
};

const TRIES = 120;

/** Waits until so many sessions are charged for, and a little more for what should not come. */
export const summariesIn = async (place: Place, wanted: number): Promise<SummariesMade> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { sessions } = await read(place);
    if (sessions >= wanted) break;
    await passed(250);
  }
  await passed(1_000);
  return read(place);
};
