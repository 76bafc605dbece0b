import { get } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventReader, openSqliteEventStore } from '@daybook/event-store-sqlite';
import { toPublishedEvent } from '@daybook/publisher';
import { serverOf } from '../concurrency/server.js';
import { right } from '../synthetic/company.js';
import { CreditHistory } from '../synthetic/credit-history.js';
import { perSecond } from './per-second.js';

export type StreamBench = Readonly<{
  events: number;
  /** Events out of the SQLite log in this process, not even parsed. */
  rawPerSecond: number;
  /** The same, made into CloudEvents: what every way out must do. */
  publishedPerSecond: number;
  /** Over HTTP from the built server, counted by the client. */
  streamPerSecond: number;
}>;

/** Reads the stream until so many events have come. */
const readStream = (url: string, events: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = 0;
    let rest = '';
    const request = get(url, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.startsWith('data: ')) seen += 1;
        if (seen < events) return;
        request.destroy();
        resolve();
      });
      response.on('end', () => reject(new Error(`the stream ended after ${seen} events`)));
    });
    request.on('error', (error) => {
      if (seen < events) reject(error);
    });
  });

/** A company’s log of charges, read raw, published in process, and streamed by the built server. */
export const benchStream = async (sessions: number): Promise<StreamBench> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-stream-bench-'));
  const log = join(directory, 'log');
  const events = 3 + 2 * sessions;
  try {
    const store = right(await openSqliteEventStore({ directory: log, clock: () => Date.now() })());
    const history = new CreditHistory(store, sessions);
    await history.begin();
    await history.growTo(sessions);
    await store.close();
    const reader = right(await openSqliteEventReader({ directory: log })());
    const reading = (take: (event: Parameters<typeof toPublishedEvent>[0]) => void) => async () => {
      for await (const page of reader.readAll())
        for (const event of right(page).events) take(event);
    };
    const rawPerSecond = await perSecond(
      events,
      reading(() => undefined),
    );
    const publishedPerSecond = await perSecond(
      events,
      reading((event) => {
        toPublishedEvent(event);
      }),
    );
    await reader.close();
    const server = await serverOf(directory);
    await server.start();
    const url = `${server.url}/v1/companies/bench/events/stream`;
    const streamPerSecond = await perSecond(events, () => readStream(url, events));
    await server.stop();
    return { events, rawPerSecond, publishedPerSecond, streamPerSecond };
  } finally {
    rmSync(directory, { recursive: true });
  }
};
