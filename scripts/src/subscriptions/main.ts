/**
 * Subscriptions over the wire: a consumer through a server that is killed and started again, in catch-up and live,
 * and one that stands still while the log grows. Exit code 1 when an event is missing, comes twice or out of
 * order, or the server's memory grows with what a reader has not read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type EventStore, START } from '@daybook/event-store';
import { makeEsdbEventStore } from '@daybook/event-store-esdb';
import { right } from '../synthetic/company.js';
import { type ServerProcess, startServerProcess } from './server-process.js';

const HELP = `Usage: npm run subscriptions -- [--kills N] [--events N] [--pause SECONDS]

  --kills N        kills of the server, half of them in catch-up and half live (default 50)
  --events N       events that arrive while the consumer stands still (default 100000)
  --pause SECONDS  how long it stands still at least (default 60)
`;

const PER_KILL = 400;
/** What a server may need more while a reader stands still: buffers of sockets and caches, not events. */
const GROWTH_MB_MAX = 64;

const connect = (port: number): EventStore =>
  right(
    makeEsdbEventStore({
      connectionString: `esdb://127.0.0.1:${String(port)}?tls=false`,
      clock: Date.now,
      random: Math.random,
    }),
  );

type Server = { process: ServerProcess; readonly directory: string; readonly port: number };

const restart = async (server: Server): Promise<void> => {
  await server.process.kill();
  server.process = await startServerProcess(server.directory, server.port);
};

const inOrder = (revision: number, expected: number): void => {
  if (revision !== expected) throw new Error(`event ${revision} came where ${expected} should be`);
};

/** History is read with a kill now and then; after it each kill waits for the consumer to be live. */
const throughKills = async (server: Server, store: EventStore, kills: number): Promise<void> => {
  const history = Math.ceil(kills / 2) * PER_KILL;
  await server.process.ask(String(history));
  const stop = new AbortController();
  let [next, killed, caughtUp] = [0, 0, 0];
  const begun = performance.now();
  const pages = store.subscribe({ after: START, signal: stop.signal, pageSize: 100 });
  for await (const answer of pages) {
    const page = right(answer);
    for (const event of page.events) {
      inOrder(event.revision, next);
      next += 1;
    }
    const isDue = next < history ? killed < Math.floor(next / PER_KILL) : page.caughtUp;
    if (page.caughtUp) caughtUp += 1;
    if (isDue && killed < kills) {
      killed += 1;
      await restart(server);
      if (next >= history) await server.process.ask(String(PER_KILL));
    } else if (killed >= kills && page.caughtUp) stop.abort();
  }
  const { events } = await server.process.ask('0');
  inOrder(next, events ?? -1);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${killed} kills in ${seconds} s: ${next} events, each once, in order, no gap`);
  console.log(`  the consumer was told ${caughtUp} times that it has caught up`);
};

const standingStill = async (
  server: Server,
  store: EventStore,
  options: Readonly<{ events: number; seconds: number }>,
): Promise<void> => {
  const { events: there } = await server.process.ask('0');
  const total = (there ?? 0) + options.events;
  const before = await server.process.ask('memory');
  const stop = new AbortController();
  let [next, stood, begun] = [0, false, 0];
  let after = before;
  for await (const answer of store.subscribe({ after: START, signal: stop.signal })) {
    const page = right(answer);
    for (const event of page.events) {
      inOrder(event.revision, next);
      next += 1;
    }
    if (page.caughtUp && !stood) {
      stood = true;
      const pause = passed(options.seconds * 1000);
      await server.process.ask(String(options.events));
      await pause;
      after = await server.process.ask('memory');
      begun = performance.now();
    }
    if (next >= total) stop.abort();
  }
  const rate = Math.round(options.events / ((performance.now() - begun) / 1000));
  const end = await server.process.ask('memory');
  console.log(`${options.events} events while the consumer stood still, then ${rate} events/s`);
  console.log(`  server before  ${JSON.stringify(before)}`);
  console.log(`  server waiting ${JSON.stringify(after)}`);
  console.log(`  server at last ${JSON.stringify(end)}`);
  const growth = (after['heapMb'] ?? 0) - (before['heapMb'] ?? 0);
  if (growth > GROWTH_MB_MAX) throw new Error(`the heap of the server grew by ${growth} MB`);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      events: { type: 'string', default: '100000' },
      pause: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'daybook-subscriptions-'));
  const first = await startServerProcess(directory, 0);
  const server: Server = { process: first, directory, port: first.port };
  const store = connect(server.port);
  try {
    await throughKills(server, store, Number(values.kills));
    const [events, seconds] = [Number(values.events), Number(values.pause)];
    await standingStill(server, store, { events, seconds });
  } finally {
    await store.close();
    await server.process.kill();
    rmSync(directory, { recursive: true });
  }
};

await main();
