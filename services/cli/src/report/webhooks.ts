import type { Attempt, Endpoint, Parked } from '@daybook/webhooks';
import { instantIn } from '../text/instant.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

/** An endpoint may be anywhere: times are shown in UTC. */
const when = instantIn('UTC');

const stateOf = ({ disabled, waiting }: Endpoint): string => {
  if (disabled !== null) return `disabled (${disabled})`;
  return waiting === null ? 'enabled' : `tries again at ${when(waiting.dueAt)}`;
};

export const endpointRow = (endpoint: Endpoint): readonly string[] => [
  endpoint.id,
  endpoint.company,
  stateOf(endpoint),
  `${counted(endpoint.counts.delivered, 'delivery', 'deliveries')}`,
  endpoint.url,
];

export const endpointLines = (endpoint: Endpoint): readonly string[] => {
  const { id, company, url, types, position, waiting, counts } = endpoint;
  const waits =
    waiting === null
      ? []
      : [['waits', `event ${waiting.event}, after ${counted(waiting.attempts, 'attempt')}`]];
  return [
    table([
      ['endpoint', id],
      ['company', company],
      ['url', url],
      ['events', types.length === 0 ? 'all' : types.join(', ')],
      ['state', stateOf(endpoint)],
      ['sent up to', `position ${position}`],
      ...waits,
      ['attempts', `${counts.attempts}, ${counts.delivered} delivered, ${counts.retries} repeated`],
    ]),
  ];
};

const resultOf = (result: string, status: number | null): string =>
  status === null ? result : `${result} (${status})`;

export const attemptRow = (attempt: Attempt): readonly string[] => [
  when(attempt.at),
  attempt.event,
  attempt.type,
  `attempt ${attempt.nth}`,
  `${attempt.durationMs} ms`,
  resultOf(attempt.result, attempt.status),
  attempt.nextAt === null ? '' : `next ${when(attempt.nextAt)}`,
];

export const parkedLines = (parked: readonly Parked[]): readonly string[] => {
  if (parked.length === 0) return [];
  const rows = parked.map(({ event, type, attempts, result, status, since }) => [
    event,
    type,
    counted(attempts, 'attempt'),
    resultOf(result, status),
    `since ${when(since)}`,
  ]);
  return ['', `Parked, ${counted(parked.length, 'message')}:`, table(rows, { indent: '  ' })];
};
