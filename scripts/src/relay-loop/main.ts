/**
 * Kills the relay and a real nats-server with SIGKILL at random moments while events are appended, and
 * compares the stream with the log, event by event. Exit code 1 when anything is missing, twice, or out of
 * order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import { startNatsServer } from '@daybook/publisher/nats-server';
import { right } from '../synthetic/company.js';
import { seeded } from '../synthetic/journal.js';
import { benchRelay } from './bench.js';
import { type LoopResult, runLoop } from './loop.js';

const HELP = `Usage: npm run relay-loop -- [--kills N] [--events N] [--seed N] | --bench [--events N]

  --kills N   how often the relay, the server or both are killed (default 20)
  --events N  published events in the log (default 20000)
  --seed N    of the moments and the victims (default: the time; it is printed)
  --bench     no kills: the relay’s rate against raw publishing by the same client
`;

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

const report = (events: number, { kills, stream, verification }: LoopResult): void => {
  const { equal, waiting, removed, differences, differencesTotal } = verification;
  check(`killed ${kills} times`, true);
  check(
    `the stream holds exactly ${events} messages: ${stream.messages}, sequences ${stream.firstSequence} to ${stream.lastSequence}`,
    stream.messages === events && stream.firstSequence === 1 && stream.lastSequence === events,
  );
  check(
    `verify: ${equal} equal and in order, ${differencesTotal} different, ${waiting} waiting`,
    equal === events && differencesTotal === 0 && waiting === 0 && removed === 0,
  );
  for (const difference of differences.slice(0, 10)) console.log(JSON.stringify(difference));
};

const loop = async (
  plan: Readonly<{ events: number; kills: number; seed: number }>,
): Promise<void> => {
  const { events, kills, seed } = plan;
  console.log(`${events} events, ${kills} kills, seed ${seed}`);
  const root = mkdtempSync(join(tmpdir(), 'daybook-relay-loop-'));
  const directory = join(root, 'log');
  const store = right(await openSqliteEventStore({ directory, clock: () => Date.now() })());
  const server = await startNatsServer();
  try {
    const result = await runLoop(
      { events, kills, random: seeded(seed) },
      {
        store,
        server,
        onKill: ({ number, victim, appended, stored }) =>
          console.log(
            `  kill ${String(number).padStart(2)}: ${victim.padEnd(6)}  ${String(appended).padStart(6)} appended, ${String(stored).padStart(6)} in the stream`,
          ),
      },
    );
    report(events, result);
  } finally {
    await server.dispose();
    await store.close();
    rmSync(root, { recursive: true });
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      bench: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [events, kills, seed] = [Number(values.events), Number(values.kills), Number(values.seed)];
  if (values.help) console.log(HELP);
  else if (values.bench) {
    const { relayPerSecond, rawPerSecond } = await benchRelay(events);
    const ratio = (relayPerSecond / rawPerSecond).toFixed(2);
    console.log(
      `relay ${relayPerSecond}/s, raw ${rawPerSecond}/s, ratio ${ratio}, ${events} events`,
    );
  } else await loop({ events, kills, seed });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
