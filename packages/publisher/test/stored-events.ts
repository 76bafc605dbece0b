import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsByCategory } from '@daybook/domain/all-events';
import type { StoredEvent } from '@daybook/event-store';

const fixtures = join(__dirname, '../../domain/test/fixtures');

/** Stored types and one payload of each, as the domain's own fixtures have them. */
export const fixtureEvents = (): readonly Readonly<{ type: string; data: unknown }>[] =>
  readdirSync(fixtures)
    .filter((file) => file.endsWith('.json'))
    .map(
      (file) =>
        JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as { type: string; data: unknown },
    );

export const RECORDED = Date.UTC(2026, 5, 30, 22, 0, 1);
export const OCCURRED = Date.UTC(2026, 5, 30, 22);

export const metadataOf = (company: string): string =>
  JSON.stringify({
    schema: 1,
    company,
    actor: { kind: 'system', id: 'daybook' },
    commandId: 'command-1',
    correlationId: 'correlation-1',
    causationId: 'causation-1',
    occurredAt: OCCURRED,
    ruleVersion: '2023-01-01',
  });

const categoryOf = (type: string): string =>
  Object.entries(eventsByCategory).find(([, table]) => Object.hasOwn(table, type))?.[0] ??
  'session';

/** The stream in which events of a type stand. */
export const streamFor = (type: string, company: string, id: string): string => {
  const category = categoryOf(type);
  return category === 'company' || category === 'credits'
    ? `${category}-${company}`
    : `${category}-${company}_${id}`;
};

/** A version 5 UUID in form; the last digits count. */
export const uuidOf = (number: number): string =>
  `6f2c1d7a-0b3e-5c41-9a57-${number.toString(16).padStart(12, '0')}`;

type Stored = Readonly<{
  type: string;
  data: unknown;
  position?: number;
  company?: string;
  id?: string;
}>;

export const storedEvent = (event: Stored): StoredEvent => {
  const { type, data, position = 7, company = 'acme', id = 's-1' } = event;
  return {
    id: uuidOf(position),
    type,
    data: JSON.stringify(data),
    metadata: metadataOf(company),
    stream: streamFor(type, company, id),
    revision: 0,
    position,
    recordedAt: RECORDED + position,
  };
};
