import { Counter, Gauge, type Registry } from 'prom-client';
import { consumerStates, type ConsumerSource, type ConsumerStatus } from './consumer-status.js';

export type ConsumerMetrics = Readonly<{
  add: (source: ConsumerSource) => void;
  now: ConsumerSource;
  /** Looks at all consumers, and shows them as they are now. */
  look: () => Promise<void>;
}>;

const labelNames = ['consumer', 'kind'] as const;

const makeGauges = (register: Registry) => {
  const registers = [register];
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  return {
    position: gauge(
      'daybook_consumer_position',
      'Position of the log up to which all is done or set aside.',
    ),
    lagEvents: gauge(
      'daybook_consumer_lag_events',
      'Events of the log behind its end, 0 when nothing waits; unknown behind the end of an event store.',
    ),
    lagSeconds: gauge(
      'daybook_consumer_lag_seconds',
      'Age of the oldest event that waits, or by how much what is due is late.',
    ),
    parked: gauge('daybook_consumer_parked', 'Set aside for a person.'),
    retries: new Counter({
      name: 'daybook_consumer_retries_total',
      help: 'Attempts after a first one, since the consumer started.',
      labelNames,
      registers,
    }),
    state: new Gauge({
      name: 'daybook_consumer_state',
      help: '1 for the state that the consumer is in, 0 for the others.',
      labelNames: [...labelNames, 'state'],
      registers,
    }),
  };
};

type Gauges = ReturnType<typeof makeGauges>;

const show = (gauges: Gauges, status: ConsumerStatus): void => {
  const labels = { consumer: status.name, kind: status.kind };
  const { position, lagEvents, lagSeconds } = status;
  if (position !== null) gauges.position.set(labels, position);
  if (lagEvents !== null) gauges.lagEvents.set(labels, lagEvents);
  if (lagSeconds !== null) gauges.lagSeconds.set(labels, lagSeconds);
  gauges.parked.set(labels, status.parked);
  // The consumer counts itself; this counter only shows it.
  gauges.retries.inc(labels, status.retries);
  for (const state of consumerStates)
    gauges.state.set({ ...labels, state }, state === status.state ? 1 : 0);
};

/** A number that is not known is not shown: an old one would look like a good one. */
export const makeConsumerMetrics = (register: Registry): ConsumerMetrics => {
  const gauges = makeGauges(register);
  const sources: ConsumerSource[] = [];
  const now: ConsumerSource = async () =>
    (await Promise.all(sources.map((source) => source()))).flat();
  return {
    add: (source) => void sources.push(source),
    now,
    look: async () => {
      const found = await now();
      for (const gauge of Object.values(gauges)) gauge.reset();
      for (const status of found) show(gauges, status);
    },
  };
};
