import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyLog, type EventStore, START } from '@daybook/event-store';
import { appendByWriters } from '../bench/store-workload.js';
import { type ServerProcess, startServerProcess } from '../subscriptions/server-process.js';
import { right } from '../synthetic/company.js';
import { appendRaw, appendRequest, connectRaw, readRaw } from './raw-wire.js';

/** Per second, of whatever was counted between its start and its end. */
const perSecond = (count: number, begun: number): number =>
  Math.round((count * 1_000) / (performance.now() - begun));

export const IN_FLIGHT = 256;

/** Appends of one event each, by writers who wait for their own answers. */
export const measureAppends = async (
  store: EventStore,
  run: string,
  load: Readonly<{ writers: number; appends: number }>,
): Promise<number> => {
  const append = async (
    stream: string,
    first: number,
    events: Parameters<EventStore['append']>[2],
  ): Promise<unknown> =>
    right(await store.append(stream, first === 0 ? 'no-stream' : first - 1, events)());
  const rate = await appendByWriters(append, { layout: 'sessions', run, ...load });
  return rate.perSecond;
};

/** Reads the whole log, page by page, as a rebuild does. */
export const measureReads = async (store: EventStore): Promise<number> => {
  const begun = performance.now();
  let count = 0;
  for await (const page of store.readAll()) count += right(page).events.length;
  return perSecond(count, begun);
};

/** History until nothing is left, then events that the server's own process appends as fast as it can. */
export const measureSubscription = async (
  store: EventStore,
  server: ServerProcess,
  events: number,
): Promise<Readonly<{ catchUp: number; live: number }>> => {
  const stop = new AbortController();
  const begun = performance.now();
  let [count, catchUp, liveBegun, history] = [0, 0, 0, 0];
  for await (const answer of store.subscribe({ after: START, signal: stop.signal })) {
    const page = right(answer);
    count += page.events.length;
    if (catchUp === 0 && page.caughtUp) {
      catchUp = perSecond(count, begun);
      history = count;
      liveBegun = performance.now();
      void server.ask(String(events));
    }
    if (catchUp > 0 && count >= history + events) stop.abort();
  }
  return { catchUp, live: perSecond(count - history, liveBegun) };
};

/** Reads, appends and reads back; the digests of both ends are equal or this throws. */
export const measureCopy = async (from: EventStore, to: EventStore): Promise<number> => {
  const begun = performance.now();
  const { source, target } = right(await copyLog({ from, to })());
  if (source.sha256 !== target.sha256) throw new Error('the copy differs');
  return perSecond(target.events, begun);
};

export type Limits = Readonly<{ read: number; one: number; inFlight: number }>;

const RECORDED = 500;
const limitChild = fileURLToPath(new URL('./limit-child.js', import.meta.url));

/** Records from the server what the limit sends, so that both send the same bytes. */
const record = async (port: number, directory: string, count: number): Promise<void> => {
  const client = connectRaw(port);
  const events: string[] = [];
  await readRaw(client, RECORDED, (message) => {
    if (events.length < RECORDED) events.push(message.toString('base64'));
  });
  const [answer] = await appendRaw(client, [appendRequest(0)], 1);
  client.close();
  if (answer === undefined) throw new Error('the append was not answered');
  const recorded = { events, answer: answer.toString('base64'), count };
  writeFileSync(join(directory, 'messages.json'), JSON.stringify(recorded));
};

/** The same counts over calls that carry bytes made before. */
export const measureLimits = async (
  port: number,
  directory: string,
  counts: Readonly<{ reads: number; one: number; inFlight: number }>,
): Promise<Limits> => {
  await record(port, directory, counts.reads);
  const requests = Array.from({ length: counts.inFlight }, (_, n) => appendRequest(n));
  const server = await startServerProcess(directory, 0, limitChild);
  const client = connectRaw(server.port);
  try {
    let begun = performance.now();
    let count = 0;
    await readRaw(client, counts.reads, () => {
      count += 1;
    });
    const read = perSecond(count, begun);
    begun = performance.now();
    await appendRaw(client, requests.slice(0, counts.one), 1);
    const one = perSecond(counts.one, begun);
    begun = performance.now();
    await appendRaw(client, requests, IN_FLIGHT);
    return { read, one, inFlight: perSecond(requests.length, begun) };
  } finally {
    client.close();
    await server.kill();
  }
};
