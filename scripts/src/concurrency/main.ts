/**
 * Many sessions of one company after its last credits: exactly as many are charged as there are credits.
 *
 * The log has one writing process, held to that by a lock of the kernel; so two processes never append
 * to it. What competes here is what can: two client processes with 64 and 256 sessions at once, every
 * request on its own connection, and beside them a journal that the serving process imports itself, its
 * entries going to the same account without HTTP between. (Two processes on one store, with conflicts
 * and retries, are proved against the store port in packages/command-handling/test/conflicts.test.ts.)
 * One run in two is killed with SIGKILL in the middle and started again; clients send again what was not
 * answered. Exit code 1 when a charge is missing or too many, or the log contradicts an answer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, openEngine } from '@daybook/engine';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { right, setUpCompany } from '../synthetic/company.js';
import { proveLog, type SessionAnswer } from './log-proof.js';
import { runClient } from './run-client.js';
import { serverOf, type Server } from './server.js';
import { startedEntry } from './started-entry.js';

const HELP = `Usage: npm run concurrency -- [--credits N] [--sessions N]

  --credits N   credits of the company (default 1000; 50 of them are free ones)
  --sessions N  sessions that each want one (default 1300)
`;

const FREE = 50;

type Run = Readonly<{ atOnce: number; killed: boolean; credits: number; sessions: number }>;

const prepare = async (directory: string, at: number, credits: number): Promise<void> => {
  const engine = right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => Date.now(),
      notice: defaultNotice,
      summariesAtOnce: 1,
    }),
  );
  await setUpCompany(engine, { company: 'acme', at, purchased: credits - FREE });
  await engine.close();
};

/** The sessions that the server imports itself. */
const journalOf = (sessions: number, at: string): string =>
  Array.from({ length: sessions }, (_, n) => {
    const session = `imported-${n}`;
    const text = 'Check the driver.';
    const message = JSON.stringify({ entry: 'assistant-message', session, at, text, item: 'a1' });
    return `${JSON.stringify(startedEntry(session, at))}\n${message}\n`;
  }).join('');

const importJournal = async (base: string, journal: string): Promise<void> => {
  for (;;) {
    try {
      const headers = { 'content-type': 'application/x-ndjson' };
      const sent = { method: 'POST', headers, body: journal };
      const answer = await fetch(`${base}/journal`, sent);
      await answer.text();
      if (answer.status === 200) return;
    } catch {
      // Killed in the middle: what was recorded stays recorded, and is only repeated.
    }
    await passed(50);
  }
};

const killOnce = async (server: Server): Promise<void> => {
  await server.kill();
  await server.start();
};

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

const report = async (
  directory: string,
  run: Run,
  answers: readonly SessionAnswer[],
): Promise<void> => {
  const proof = await proveLog({ directory }, answers);
  const accepted = answers.filter(({ status }) => status === 200).length;
  const { captured, refusals } = proof;
  check(`${captured} sessions charged of ${run.credits} credits`, captured === run.credits);
  check(
    `${answers.length} answers to clients: ${accepted} accepted, the others refused for credits`,
    answers.every(({ status, refusal }) => status === 200 || refusal === 'insufficient-credits'),
  );
  check(
    'the same request once more got the same answer',
    answers.every(({ status, again }) => status === again),
  );
  check(`every refusal (${refusals}) when nothing was available`, proof.refusedInVain === 0);
  check('no prefix of the log is overdrawn', proof.overdrawn === 0);
  check('no session has two charges', proof.chargedTwice === 0);
  check('every accepted answer has its charge in the log', proof.unprovenAnswers === 0);
  check('no refused answer has a charge', proof.chargedThoughRefused === 0);
};

const compete = async (run: Run): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-concurrency-'));
  const now = Date.now();
  await prepare(directory, now, run.credits);
  const server = await serverOf(directory);
  await server.start();
  const base = `${server.url}/v1/companies/acme`;
  const [mine, at] = [Math.floor(run.sessions / 5), new Date(now).toISOString()];
  const theirs = Math.ceil((run.sessions - mine) / 2);
  let [answered, killing] = [0, Promise.resolve()];
  const onAnswer = (): void => {
    answered += 1;
    if (run.killed && answered === Math.floor(run.credits / 3)) killing = killOnce(server);
  };
  const args = [String(theirs), String(run.atOnce / 2), at];
  const begun = performance.now();
  const [first, second] = await Promise.all([
    runClient([base, 'a', ...args], onAnswer),
    runClient([base, 'b', ...args], onAnswer),
    importJournal(base, journalOf(mine, at)),
  ]);
  await killing;
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  await server.stop();
  const how = run.killed ? 'killed once' : 'undisturbed';
  console.log(`\n${run.atOnce} at once, ${2 * theirs + mine} sessions, ${how}: ${seconds} s`);
  await report(directory, run, [...first, ...second]);
  rmSync(directory, { recursive: true });
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      credits: { type: 'string', default: '1000' },
      sessions: { type: 'string', default: '1300' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [credits, sessions] = [Number(values.credits), Number(values.sessions)];
  for (const atOnce of [64, 256])
    for (const killed of [false, true]) await compete({ atOnce, killed, credits, sessions });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
