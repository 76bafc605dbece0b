/**
 * The ways out against the limits of this machine, in one run: relay against raw publishing, subscribers
 * against bare consumers, the HTTP stream against raw reads of the store. Ratios carry over, rates do not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startNatsServer } from '@daybook/publisher/nats-server';
import { benchRelay } from '../relay-loop/bench.js';
import { publishedSessions } from '../subscribers/log.js';
import { benchStream } from './stream-bench.js';
import { bareDurable, bareOrderedConsumer, subscriberRate } from './subscriber-bench.js';

const HELP = `Usage: npm run downstream-bench -- [--sessions N]

  --sessions N   sessions that are charged, two events each (default 10000)
`;

const line = (what: string, rate: number, limit?: number): void => {
  const ratio = limit === undefined ? '' : `  ${(rate / limit).toFixed(2)} of the limit`;
  console.log(`  ${what.padEnd(44)} ${String(rate).padStart(8)}/s${ratio}`);
};

const subscribers = async (sessions: number): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-downstream-bench-'));
  const server = await startNatsServer();
  const events = 3 + 2 * sessions;
  try {
    await publishedSessions(server.url, sessions);
    // The first reading warms client and server, and is not counted.
    await bareOrderedConsumer(server.url, events);
    const limit = await bareOrderedConsumer(server.url, events);
    line('bare ordered consumer (limit)', limit);
    line('bare durable, acknowledged', await bareDurable(server.url, events), limit);
    line('subscriber', await subscriberRate(server.url, events), limit);
    const path = join(directory, 'effects.db');
    const inSqlite = await subscriberRate(server.url, events, path);
    line('subscriber, each effect a SQLite transaction', inSqlite, limit);
  } finally {
    await server.dispose();
    rmSync(directory, { recursive: true });
  }
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      sessions: { type: 'string', default: '10000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const sessions = Number(values.sessions);
  console.log(`${3 + 2 * sessions} events`);
  const relay = await benchRelay(2 * sessions);
  line('raw pipelined publish (limit)', relay.rawPerSecond);
  line('relay, from the SQLite log', relay.relayPerSecond, relay.rawPerSecond);
  await subscribers(sessions);
  const stream = await benchStream(sessions);
  line('raw reads of the store (limit)', stream.rawPerSecond);
  line('made into CloudEvents', stream.publishedPerSecond, stream.rawPerSecond);
  line('Server-Sent Events over HTTP', stream.streamPerSecond, stream.rawPerSecond);
};

await main();
