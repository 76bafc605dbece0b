/**
 * The topology of deploy/compose.yaml as processes, with the served embedded log in place of KurrentDB: one
 * process that serves the log, and two nodes that share it, each with read models of its own. Clients send
 * commands through both at once, after the last credits of one company; nodes, and the process of the log, are
 * killed with SIGKILL meanwhile and started again. Exit code 1 when something is lost, is there twice, or the
 * nodes differ.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ruleBook } from '@daybook/domain/rules';
import { catchUpReadModels, defaultNotice, openEngine, type Place } from '@daybook/engine';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { proveLog, type SessionAnswer } from '../concurrency/log-proof.js';
import { runClient } from '../concurrency/run-client.js';
import { serverOf, type Server } from '../concurrency/server.js';
import { right, setUpCompany } from '../synthetic/company.js';
import { contentDigestsOf, shapeOf } from './log-state.js';
import { endedSessions, sendJournal, summariesIn } from './summaries.js';
import { servedLogOf, type ServedLog } from './served-log.js';

const HELP = `Usage: npm run cluster -- [--credits N] [--sessions N] [--kills N] [--at-once N]

  --credits N   credits of the company (default 300; 50 of them are free ones)
  --sessions N  sessions that each want one, half of them through each node (default 400)
  --at-once N   sessions at one time through each node (default 16)
  --kills N     how often a node is killed and started again, by turns (default 4)
`;

const COMPANY = 'acme';
const FREE = 50;
/** Sessions that end while both nodes look. */
const ENDED = 20;

type Wanted = Readonly<{ credits: number; sessions: number; kills: number; atOnce: number }>;
type Node = Readonly<{ server: Server; place: Place }>;

const prepare = async (place: Place, at: number, credits: number): Promise<void> => {
  const engine = right(
    await openEngine({
      ...place,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => Date.now(),
      notice: defaultNotice,
      summariesAtOnce: 1,
    }),
  );
  await setUpCompany(engine, { company: COMPANY, at, purchased: credits - FREE });
  await engine.close();
};

const nodeOf = async (directory: string, log: ServedLog): Promise<Node> => ({
  server: await serverOf(directory, ['--store', log.connectionString]),
  place: { directory, source: log.source },
});

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

/** Kills the nodes by turns, each when so many more answers have come. */
const killByTurns = (nodes: readonly Node[], { kills, sessions }: Wanted) => {
  let [answered, done] = [0, 0];
  let killing: Promise<void> = Promise.resolve();
  const every = Math.floor(sessions / (kills + 1));
  return {
    onAnswer: (): void => {
      answered += 1;
      if (done >= kills || answered < every * (done + 1)) return;
      const node = nodes[done % nodes.length];
      done += 1;
      killing = killing.then(async () => {
        await node?.server.kill();
        await node?.server.start();
      });
    },
    finished: async (): Promise<number> => {
      await killing;
      return done;
    },
  };
};

const reportLog = async (
  place: Place,
  { credits }: Wanted,
  answers: readonly SessionAnswer[],
): Promise<void> => {
  const proof = await proveLog(place, answers);
  const shape = await shapeOf(place);
  const accepted = answers.filter(({ status }) => status === 200).length;
  const { captured, refusals } = proof;
  check(`${shape.events} events, no stream has a gap`, shape.gaps === 0);
  check(`${captured} sessions charged of ${credits} credits`, captured === credits);
  check(
    `${answers.length} answers: ${accepted} accepted, the others refused for credits`,
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

/** Each node fills its own read models; filled from one log they say the same. */
const compareNodes = async (nodes: readonly Node[]): Promise<void> => {
  const [first, second] = await Promise.all(
    nodes.map(async ({ place }) => {
      right(await catchUpReadModels(place));
      return contentDigestsOf(place);
    }),
  );
  for (const [name, digest] of Object.entries(first ?? {}))
    check(
      `${name.padEnd(16)} ${digest.slice(0, 16)}… is equal on both nodes`,
      second?.[name] === digest,
    );
};

/** Credits bought through one node, read through the other: a query that names the position waits until it is there. */
const buyAndReadAcross = async ([one, two]: readonly Node[], amount: number): Promise<void> => {
  const headers = { 'content-type': 'application/json', 'daybook-actor': 'administrator:u-admin' };
  const body = JSON.stringify({ orderNumber: 'PO-2', amount });
  const path = `/v1/companies/${COMPANY}/credits`;
  const sent = await fetch(`${one?.server.url}${path}/purchases`, {
    method: 'POST',
    headers,
    body,
  });
  const { position } = (await sent.json()) as Readonly<{ position?: number }>;
  const asked = await fetch(`${two?.server.url}${path}/balance?after=${position}`);
  const answer = (await asked.json()) as Readonly<{ balance?: Readonly<{ available: number }> }>;
  const available = answer.balance?.available;
  check(
    `written through one node at position ${position}, read through the other: ${available} credits`,
    sent.ok && available === amount,
  );
};

/** The same journal through both nodes at once, and both make the summaries of what it ends. */
const summariseTwice = async (nodes: readonly Node[], place: Place): Promise<void> => {
  const journal = endedSessions(ENDED, Date.now());
  const statuses = await Promise.all(
    nodes.map(({ server }) => sendJournal(`${server.url}/v1/companies/${COMPANY}`, journal)),
  );
  check(
    `the same journal of ${ENDED} sessions through both nodes at once`,
    statuses.every((status) => status === 200),
  );
  const { sessions, summariesMax, chargesMax } = await summariesIn(place, ENDED);
  check(`${sessions} of them are summarised and charged`, sessions === ENDED);
  check('no session has two summaries', summariesMax === 1);
  check('none of them has two charges', chargesMax === 1);
};

const compete = async (
  nodes: readonly Node[],
  log: ServedLog,
  wanted: Wanted,
): Promise<readonly SessionAnswer[]> => {
  const killer = killByTurns(nodes, wanted);
  const at = new Date(Date.now()).toISOString();
  const each = String(Math.ceil(wanted.sessions / nodes.length));
  const clients = nodes.map(({ server }, index) => {
    const base = `${server.url}/v1/companies/${COMPANY}`;
    return runClient([base, `n${index}`, each, String(wanted.atOnce), at], killer.onAnswer);
  });
  const logKill = passed(LOG_LIFE_MS).then(async () => {
    await log.kill();
    await log.start();
  });
  const answers = (await Promise.all(clients)).flat();
  await logKill;
  console.log(`  ${await killer.finished()} kills of a node, 1 of the process with the log`);
  return answers;
};

const LOG_LIFE_MS = 2_500;

const run = async (root: string, wanted: Wanted): Promise<void> => {
  const log = await servedLogOf(join(root, 'log'));
  await log.start();
  const nodes = [await nodeOf(join(root, 'one'), log), await nodeOf(join(root, 'two'), log)];
  const [{ place }] = nodes as [Node];
  try {
    await prepare(place, Date.now(), wanted.credits);
    await Promise.all(nodes.map(({ server }) => server.start()));
    const begun = performance.now();
    const answers = await compete(nodes, log, wanted);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.log(`  ${wanted.sessions} sessions through two nodes in ${seconds} s`);
    await reportLog(place, wanted, answers);
    await buyAndReadAcross(nodes, ENDED);
    await summariseTwice(nodes, place);
    await Promise.all(nodes.map(({ server }) => server.stop()));
    await compareNodes(nodes);
  } finally {
    await Promise.all(nodes.map(({ server }) => server.kill()));
    await log.kill();
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      credits: { type: 'string', default: '300' },
      sessions: { type: 'string', default: '400' },
      kills: { type: 'string', default: '4' },
      'at-once': { type: 'string', default: '16' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'daybook-cluster-'));
  console.log('One process with the log, two nodes, clients through both at once');
  await run(root, {
    credits: Number(values.credits),
    sessions: Number(values.sessions),
    kills: Number(values.kills),
    atOnce: Number(values['at-once']),
  });
  rmSync(root, { recursive: true });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
