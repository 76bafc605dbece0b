import type { EventStore, ReadError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { storedTypesFor } from '../event-types.js';
import type { DisabledReason, Endpoint } from '../file/rows.js';
import { messageOfEvent } from './attempt.js';

/** How an endpoint stands. No URL: it may carry a token. */
export type EndpointMetrics = Readonly<{
  endpoint: string;
  company: string;
  disabled: DisabledReason | null;
  /** Everything up to here is delivered, parked, or not of interest. */
  position: number;
  /** Events of the log behind the head, at most: those of others count until they are passed. */
  lagEvents: number;
  /** Age of the oldest event that waits for it, seconds; 0 when none does. */
  lagSeconds: number;
  attempts: number;
  delivered: number;
  retries: number;
  parked: number;
  /** When the waiting message is tried again, epoch milliseconds. */
  nextAttemptAt: number | null;
}>;

export type WebhookMetrics = Readonly<{
  endpoints: readonly EndpointMetrics[];
  disabled: number;
  /** Endpoints whose oldest message waits for another attempt. */
  waiting: number;
  parked: number;
}>;

type Reading = Readonly<{
  store: Pick<EventStore, 'readAll' | 'head'>;
  now: number;
  parked: ReadonlyMap<string, number>;
  /** How far an endpoint is in truth; its row may be behind. */
  reached: (endpoint: Endpoint) => number;
  isResting: (endpoint: Endpoint) => boolean;
}>;

/** When the oldest event that waits for an endpoint was written down. */
const oldestFor = async (
  store: Pick<EventStore, 'readAll'>,
  endpoint: Endpoint,
  after: number,
): Promise<E.Either<ReadError, number | undefined>> => {
  const filter = { types: [...storedTypesFor(endpoint.types)] };
  for await (const page of store.readAll({ after, filter })) {
    if (E.isLeft(page)) return page;
    for (const event of page.right.events)
      if (messageOfEvent(endpoint, event) !== undefined) return E.right(event.recordedAt);
  }
  return E.right(undefined);
};

const lagOf = async (
  reading: Reading,
  endpoint: Endpoint,
  head: number,
): Promise<E.Either<ReadError, Pick<EndpointMetrics, 'lagEvents' | 'lagSeconds'>>> => {
  if (reading.isResting(endpoint)) return E.right({ lagEvents: 0, lagSeconds: 0 });
  const reached = reading.reached(endpoint);
  const oldest =
    endpoint.waiting === null
      ? await oldestFor(reading.store, endpoint, reached)
      : E.right(endpoint.waiting.recordedAt);
  if (E.isLeft(oldest)) return oldest;
  const { right } = oldest;
  return E.right({
    lagEvents: right === undefined ? 0 : Math.max(0, head - reached),
    lagSeconds: right === undefined ? 0 : Math.max(0, reading.now - right) / 1_000,
  });
};

export const metricsOf = async (
  endpoints: readonly Endpoint[],
  reading: Reading,
): Promise<E.Either<ReadError, WebhookMetrics>> => {
  const head = await reading.store.head()();
  if (E.isLeft(head)) return head;
  const found: EndpointMetrics[] = [];
  for (const endpoint of endpoints) {
    const lag = await lagOf(reading, endpoint, head.right);
    if (E.isLeft(lag)) return lag;
    const { id, company, disabled, waiting, counts } = endpoint;
    found.push({
      endpoint: id,
      company,
      disabled,
      position: reading.reached(endpoint),
      ...lag.right,
      ...counts,
      parked: reading.parked.get(id) ?? 0,
      nextAttemptAt: waiting?.dueAt ?? null,
    });
  }
  return E.right({
    endpoints: found,
    disabled: found.filter(({ disabled }) => disabled !== null).length,
    waiting: found.filter(({ nextAttemptAt }) => nextAttemptAt !== null).length,
    parked: found.reduce((sum, { parked }) => sum + parked, 0),
  });
};
