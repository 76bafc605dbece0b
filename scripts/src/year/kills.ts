import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ruleBook } from '@daybook/domain/rules';
import {
  callForEntry,
  defaultNotice,
  logDirectory,
  openEngine,
  openSqliteEventReader,
  type Engine,
  type Summarizer,
} from '@daybook/engine';
import type { JournalEntry } from '@daybook/session-journal';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { right } from '../synthetic/company.js';
import { COMPANY, setUp } from './simulate.js';

const JANUARY = Date.UTC(2026, 0, 15, 12);
const MARCH = Date.UTC(2026, 2, 5, 9);
const child = fileURLToPath(new URL('./kill-child.js', import.meta.url));

/** Nobody makes summaries in January: the hold stays open until it times out. */
const away: Summarizer = {
  model: 'away',
  promptVersion: '1',
  summarize: () =>
    TE.left({ _tag: 'SummarizerUnavailable', reason: 'unreachable', retryAfterMs: null }),
};

const started = (session: string, remote: 'allowed' | 'after-confirmation'): JournalEntry => ({
  entry: 'session-started',
  session,
  at: JANUARY,
  direction: 'outgoing',
  supporter: 'u-1',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
  accessControl: { supporter: 'allowed', remote },
});

const entries: readonly JournalEntry[] = [
  started('s-left', 'allowed'),
  {
    entry: 'action',
    session: 's-left',
    at: JANUARY + 1_000,
    text: 'Replaced the cable.',
    item: 'i',
  },
  { entry: 'session-ended', session: 's-left', at: JANUARY + 60_000 },
  started('s-silent', 'after-confirmation'),
];

const record = async (engine: Engine): Promise<void> => {
  const actor = { kind: 'administrator', id: 'u-admin' } as const;
  const call = { company: COMPANY, actor, commandId: 'user', correlationId: 'user', at: JANUARY };
  right(await engine.company(call, { command: 'RegisterUser', userId: 'u-1', role: 'supporter' }));
  for (const entry of entries)
    right(await engine.entry(callForEntry(COMPANY, entry), entry, 'api'));
  const head = right(await engine.store.head()());
  right(await engine.processes.insights.runUntil(head));
};

/** An engine that was switched off on 15 January with a hold and a question open. */
export const prepare = async (directory: string): Promise<void> => {
  const engine = right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: away,
      clock: () => JANUARY,
      notice: defaultNotice,
      summariesAtOnce: 1,
    }),
  );
  await setUp(engine, { timeZone: 'Europe/Paris', from: JANUARY, until: MARCH, down: null });
  await record(engine);
  await engine.close();
};

type Ended = Readonly<{ killed: boolean; effects: number }>;

/** Starts an engine on 5 March; it kills itself at an effect, or lives where there are not so many. */
const run = (directory: string, killAt: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const args = [child, directory, String(MARCH), String(killAt)];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    running.on('error', reject);
    running.on('close', (code, signal) => {
      if (signal === null && code !== 0) reject(new Error(`the engine ended with code ${code}`));
      else resolve({ killed: signal === 'SIGKILL', effects: Number(said) });
    });
  });

export type Left = Readonly<{ counts: Readonly<Record<string, number>>; streams: string }>;

const counted = ['MonthlyCreditsGranted', 'HoldReleased', 'CreditsLapsed', 'ConsentTimedOut'];

const readLeft = async (directory: string): Promise<Left & Readonly<{ events: number }>> => {
  const reader = right(await openSqliteEventReader({ directory: logDirectory(directory) })());
  const counts = Object.fromEntries(counted.map((type) => [type, 0]));
  const streams: string[] = [];
  let events = 0;
  for await (const page of reader.readAll())
    for (const { stream, revision, id, type, data, metadata } of right(page).events) {
      counts[type] = (counts[type] ?? 0) + 1;
      events += 1;
      if (!type.startsWith('CreditThreshold'))
        streams.push([stream, String(revision).padStart(6, '0'), id, data, metadata].join(' '));
    }
  await reader.close();
  return { counts, streams: streams.sort().join('\n'), events };
};

export type Kill = Readonly<{ killAt: number; eventsOnDisk: number; left: Left }>;

/** What a run leaves that nobody disturbs, and what one leaves that was killed at each of its effects. */
export const killEverywhere = async (
  root: string,
  onKill: (kill: Kill) => void,
): Promise<Readonly<{ calm: Left; kills: readonly Kill[] }>> => {
  const prepared = join(root, 'january');
  await prepare(prepared);
  const copyOf = (name: string): string => {
    const directory = join(root, name);
    cpSync(prepared, directory, { recursive: true });
    return directory;
  };
  const undisturbed = copyOf('calm');
  await run(undisturbed, 0);
  const calm = await readLeft(undisturbed);
  const kills: Kill[] = [];
  for (let killAt = 1; ; killAt += 1) {
    const directory = copyOf(`kill-${killAt}`);
    const { killed } = await run(directory, killAt);
    if (!killed) return { calm, kills };
    const { events: eventsOnDisk } = await readLeft(directory);
    await run(directory, 0);
    const kill = { killAt, eventsOnDisk, left: await readLeft(directory) };
    kills.push(kill);
    onKill(kill);
    rmSync(directory, { recursive: true });
  }
};
