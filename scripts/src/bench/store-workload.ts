/** What both stores are given: the same events, by the same writers. */
import { randomUUID } from 'node:crypto';
import type { EventToAppend } from '@daybook/event-store';

/** Appends the events to a stream at the revision that its writer knows. */
export type AppendEvents = (
  stream: string,
  first: number,
  events: readonly [EventToAppend, ...EventToAppend[]],
) => Promise<unknown>;

export type Throughput = Readonly<{ perSecond: number; p50Ms: number; p99Ms: number }>;

/**
 * `sessions`: each writer fills streams of 20 events, one after another, as sessions do. `scattered`: writers go
 * round 20,000 streams, the worst case for an index by stream.
 */
export type Layout = 'sessions' | 'scattered';

const POOL = 500;
const TYPES = 20;
const SESSION_EVENTS = 20;
const SCATTERED_STREAMS = 20_000;

const padding = 'the spooler was restarted, the driver removed and a test page printed; ';

/** About 360 bytes of data and 160 of metadata, like a stored domain event. */
const pool: readonly Readonly<{ type: string; data: string; metadata: string }>[] = Array.from(
  { length: POOL },
  (_, n) => ({
    type: `SomethingHappened${String(n % TYPES)}`,
    data: JSON.stringify({
      session: randomUUID(),
      device: randomUUID(),
      supporter: `supporter-${String(n)}`,
      startedAt: '2026-03-01T09:00:00.000Z',
      endedAt: '2026-03-01T09:31:07.000Z',
      platform: 'windows',
      credits: n,
      note: padding.repeat(2).slice(0, 100),
    }),
    metadata: JSON.stringify({
      schema: 1,
      company: `company-${String(n % 50)}`,
      actor: { kind: 'supporter', id: String(n) },
      command: randomUUID(),
      occurredAt: '2026-03-01T09:31:07.000Z',
    }),
  }),
);

export const eventNumber = (n: number): EventToAppend => {
  const { type, data, metadata } = pool[n % POOL] ?? { type: '', data: '', metadata: '' };
  return { id: randomUUID(), type, data, metadata };
};

/** One text per event, as the raw log keeps it. */
export const toBody = ({ id, type, data, metadata }: EventToAppend): string =>
  `{"id":"${id}","type":"${type}","data":${data},"metadata":${metadata}}`;

/** The next place to write to; `first` is its next revision. */
type NextPlace = () => Readonly<{ stream: string; first: number }>;

const makePlaces = (layout: Layout, run: string, writer: number): NextPlace => {
  let n = 0;
  if (layout === 'sessions') {
    return () => {
      const stream = `session-${run}_${String(writer)}.${String(Math.floor(n / SESSION_EVENTS))}`;
      const first = n % SESSION_EVENTS;
      n += 1;
      return { stream, first };
    };
  }
  // Each writer has its own share of the streams, so that no two of them conflict.
  const share = Math.max(1, Math.floor(SCATTERED_STREAMS / 256));
  return () => {
    const stream = `session-${run}_${String(writer)}.${String(n % share)}`;
    const first = Math.floor(n / share);
    n += 1;
    return { stream, first };
  };
};

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

const throughput = (latencies: Float64Array, events: number, ms: number): Throughput => {
  const sorted = latencies.slice().sort();
  return {
    perSecond: Math.round((events * 1_000) / ms),
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
};

export type Load = Readonly<{
  layout: Layout;
  /** Distinct per run over the same store. */
  run: string;
  writers: number;
  appends: number;
}>;

/** `writers` loops, each waiting for its own acknowledgement before the next append of one event. */
export const appendByWriters = async (append: AppendEvents, load: Load): Promise<Throughput> => {
  const perWriter = Math.ceil(load.appends / load.writers);
  const latencies = new Float64Array(perWriter * load.writers);
  const write = async (writer: number): Promise<void> => {
    const nextPlace = makePlaces(load.layout, load.run, writer);
    for (let n = 0; n < perWriter; n += 1) {
      const { stream, first } = nextPlace();
      const event = eventNumber(n);
      const started = performance.now();
      await append(stream, first, [event]);
      latencies[writer * perWriter + n] = performance.now() - started;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: load.writers }, (_, writer) => write(writer)));
  return throughput(latencies, latencies.length, performance.now() - started);
};

/** Appends of 1,000 events each, one after another, each to a new stream. */
export const appendInBulk = async (
  append: AppendEvents,
  run: string,
  events: number,
): Promise<Throughput> => {
  const appends = Math.ceil(events / 1_000);
  const latencies = new Float64Array(appends);
  const begun = performance.now();
  for (let n = 0; n < appends; n += 1) {
    const rest = Array.from({ length: 999 }, (_, index) => eventNumber(index));
    const batch = [eventNumber(n), ...rest] as const;
    const started = performance.now();
    await append(`import-${run}_${String(n)}`, 0, batch);
    latencies[n] = performance.now() - started;
  }
  return throughput(latencies, appends * 1_000, performance.now() - begun);
};
