import type { CommandHandler } from '@daybook/command-handling';
import type { EventStore } from '@daybook/event-store';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { makeCommandMetrics } from './command-metrics.js';
import { makeConsumerMetrics } from './consumer-metrics.js';
import type { ConsumerSource } from './consumer-status.js';
import { makeHttpMetrics, type Answered } from './http-metrics.js';
import { makeStoreMetrics } from './store-metrics.js';

/** Stands between the engine and its store, and before its command handler: it sees, and changes nothing. */
export type EngineObserver = Readonly<{
  store: (store: EventStore) => EventStore;
  handler: (handler: CommandHandler) => CommandHandler;
}>;

export type Metrics = Readonly<{
  /** For `EngineConfig.observer`. */
  observer: EngineObserver;
  answered: (answer: Answered) => void;
  /** From now on these consumers are looked at whenever somebody asks. */
  addConsumers: (source: ConsumerSource) => void;
  /** How all of them stand now. */
  consumers: ConsumerSource;
  /** From now on this is the log whose end is shown. */
  setLog: (log: Pick<EventStore, 'head'>) => void;
  /** Prometheus text format 0.0.4, as of now. */
  text: () => Promise<string>;
  contentType: string;
}>;

export type MetricsOptions = Readonly<{
  /** CPU, memory, garbage collection and event loop of the process. Default: true. */
  ofProcess?: boolean;
}>;

/**
 * The metrics of one node, in a registry of their own. No label grows with use: none names a session, a
 * company, an endpoint or a path.
 */
export const makeMetrics = ({ ofProcess = true }: MetricsOptions = {}): Metrics => {
  const register = new Registry();
  if (ofProcess) collectDefaultMetrics({ register });
  const commands = makeCommandMetrics(register);
  const store = makeStoreMetrics(register);
  const http = makeHttpMetrics(register);
  const consumers = makeConsumerMetrics(register);
  return {
    observer: { store: store.observed, handler: commands.observed },
    answered: http.answered,
    addConsumers: consumers.add,
    consumers: consumers.now,
    setLog: store.setLog,
    text: async () => {
      await Promise.all([consumers.look(), store.look()]);
      return register.metrics();
    },
    contentType: register.contentType,
  };
};
