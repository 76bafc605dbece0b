/**
 * What subscribers are promised, shown on a real nats-server: late, slow, poisoned and killed ones. Exit
 * code 1 when a promise is broken.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EventStore } from '@daybook/event-store';
import { startNatsServer } from '@daybook/publisher/nats-server';
import {
  atLeastOnce,
  type Handler,
  listParked,
  startSubscriber,
  type Subscriber,
} from '@daybook/subscriber';
import { billedIn, killAt, runUntil, totalsIn } from './billing-runs.js';
import { publishedSessions, usedByMonth } from './log.js';

const HELP = `Usage: npm run subscribers -- [--sessions N]

  --sessions N   sessions that are charged, two events each (default 500)
`;

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

type Handle = Handler<undefined, Promise<void> | void>;

const subscribe = (url: string, durable: string, handle: Handle): Subscriber =>
  startSubscriber({
    servers: [url],
    durable,
    prepare: { from: 'beginning' },
    checkpoint: atLeastOnce,
    retry: { attemptsMax: 3, firstMs: 5 },
    handle,
  });

const until = async (isSo: () => boolean): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('what was waited for did not become true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const rising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));

/** A late subscriber, and a slow one that is held at its first event meanwhile. */
const showLateAndSlow = async (url: string, events: number): Promise<void> => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: number[] = [];
  const late: number[] = [];
  const slowOne = subscribe(url, 'slow', async ({ position }) => {
    await held;
    slow.push(position);
  });
  const lateOne = subscribe(url, 'late', ({ position }) => Promise.resolve(late.push(position)));
  await until(() => late.length === events);
  check(`a late subscriber read ${late.length} events from the first, in order`, rising(late));
  check('a slow one, held at its first event, made it wait for nothing', slow.length === 0);
  release();
  await until(() => slow.length === events);
  check('let go, the slow one read the same', slow.join() === late.join());
  await Promise.all([slowOne.stop(), lateOne.stop()]);
};

const showPoison = async (url: string, events: number): Promise<void> => {
  let handled = 0;
  const subscriber = subscribe(url, 'poisoned', ({ position }) => {
    if (position === 7) return Promise.reject(new RangeError('poison'));
    handled += 1;
    return Promise.resolve();
  });
  await until(() => handled === events - 1);
  await until(() => subscriber.counters().parked === 1);
  const [letter] = await listParked({ servers: [url], durable: 'poisoned' });
  check(
    `a poison message was parked after ${letter?.attempts} tries (${letter?.reason}, ${letter?.error}), the other ${handled} were handled`,
    letter?.attempts === 3,
  );
  await subscriber.stop();
};

const showKills = async (
  url: string,
  store: EventStore,
  plan: Readonly<{ sessions: number; directory: string }>,
): Promise<void> => {
  const { sessions, directory } = plan;
  const place = { url, database: join(directory, 'billing.db') };
  for (const pause of ['received:3', 'done:5', 'done:1', 'received:1', 'done:40']) {
    await killAt(place, pause);
    console.log(`  killed at ${pause}: ${billedIn(place.database).captured} charges billed`);
  }
  await runUntil(place, sessions);
  const [billed, used] = [totalsIn(place.database), await usedByMonth(store)];
  check(
    `after five kills the service’s table has ${billedIn(place.database).captured} charges, each once; its totals of ${Object.keys(billed).length} months equal the ledger`,
    JSON.stringify(billed) === JSON.stringify(used),
  );
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '500' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const sessions = Number(values.sessions);
  const directory = mkdtempSync(join(tmpdir(), 'daybook-subscribers-'));
  const server = await startNatsServer();
  try {
    const store = await publishedSessions(server.url, sessions);
    // A company, two purchases, and two events for each session.
    const events = 3 + 2 * sessions;
    console.log(`${events} events on a nats-server`);
    await showLateAndSlow(server.url, events);
    await showPoison(server.url, events);
    await showKills(server.url, store, { sessions, directory });
  } finally {
    await server.dispose();
    rmSync(directory, { recursive: true });
  }
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
