import type { AppendError, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type StoreMetrics = Readonly<{
  observed: (store: EventStore) => EventStore;
  setLog: (log: Pick<EventStore, 'head'>) => void;
  look: () => Promise<void>;
}>;

const MS = 1_000;

const reasons: Readonly<Record<AppendError['_tag'], string>> = {
  RevisionConflict: 'conflict',
  StoreUnavailable: 'unavailable',
  AppendRejected: 'rejected',
};

type Noted = Readonly<{
  written: (events: readonly EventToAppend[], startedAt: number) => void;
  failed: (error: AppendError) => void;
}>;

const makeNoted = (register: Registry): Noted => {
  const registers = [register];
  const events = new Counter({
    name: 'daybook_events_appended_total',
    help: 'Events that this node has written, by type; a repeated write counts again.',
    labelNames: ['type'],
    registers,
  });
  const duration = new Histogram({
    name: 'daybook_append_duration_seconds',
    help: 'Time of an append until it is on disk, or acknowledged by the event store.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const failures = new Counter({
    name: 'daybook_append_failures_total',
    help: 'Appends that wrote nothing, by why.',
    labelNames: ['reason'],
    registers,
  });
  return {
    written: (written, startedAt) => {
      for (const { type } of written) events.inc({ type });
      duration.observe((performance.now() - startedAt) / MS);
    },
    failed: ({ _tag }) => failures.inc({ reason: reasons[_tag] }),
  };
};

/** What goes into the log through this node, and where the log ends. */
export const makeStoreMetrics = (register: Registry): StoreMetrics => {
  const { written, failed } = makeNoted(register);
  const registers = [register];
  const head = new Gauge({
    name: 'daybook_log_head_position',
    help: 'Position of the last event in the log; in an event store it counts bytes.',
    registers,
  });
  const up = new Gauge({
    name: 'daybook_log_readable',
    help: '1 when the end of the log could be read just now, otherwise 0.',
    registers,
  });
  let log: Pick<EventStore, 'head'> | null = null;
  return {
    observed: (store) => ({
      append: (stream, expected, events) => async () => {
        const startedAt = performance.now();
        const answer = await store.append(stream, expected, events)();
        if (E.isRight(answer)) written(events, startedAt);
        else failed(answer.left);
        return answer;
      },
      readStream: (stream, options) => store.readStream(stream, options),
      readAll: (options) => store.readAll(options),
      subscribe: (options) => store.subscribe(options),
      head: () => store.head(),
      close: () => store.close(),
    }),
    setLog: (given) => {
      log = given;
    },
    look: async () => {
      if (log === null) return;
      const asked = await log.head()();
      up.set(E.isRight(asked) ? 1 : 0);
      if (E.isRight(asked)) head.set(asked.right);
    },
  };
};
