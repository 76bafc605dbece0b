import { isId, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { formed, type Mapping } from './mapping.js';

const isWithin = (u: unknown, min: number, max: number): u is number =>
  typeof u === 'number' && Number.isSafeInteger(u) && u >= min && u <= max;

const whole = (min: number, max: number): t.Type<number> => {
  const is = (u: unknown): u is number => isWithin(u, min, max);
  const name = `a whole number from ${min} to ${max}`;
  return new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity);
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** `https`, and `http` on loopback: a token or a text never crosses a network in the clear. */
const isAddress = (u: unknown): u is string => {
  if (typeof u !== 'string' || !URL.canParse(u)) return false;
  const { protocol, hostname, href, origin } = new URL(u);
  // No path, no query, and above all no user and no password: an address is shown and logged.
  const isPlain = href === `${origin}/`;
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname)));
};

const Address = new t.Type<string>(
  'the https address of the instance without a path, such as https://acme.service-now.com',
  isAddress,
  (u, c) => (isAddress(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
);

const CompanyId = new t.Type<string>(
  'the id of a company, as the log has it',
  (u): u is string => typeof u === 'string' && isId(u),
  (u, c) => (typeof u === 'string' && isId(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
);

/** A secret is never in the configuration itself. */
export const SecretSource = t.union(
  [t.strict({ env: formed('a name', /^[A-Za-z_]\w*$/) }), t.strict({ file: t.string })],
  'where the secret is: {"env": "NAME"} or {"file": "path"}; never the secret itself',
);
export type SecretSource = t.TypeOf<typeof SecretSource>;

const TableName = formed(
  'the name of a table or a field, such as incident',
  /^[a-z][a-z0-9_]{0,79}$/,
);

/** What every connector says. */
export const commonFields = {
  name: formed('a short name of small letters, digits and -', /^[a-z][a-z0-9-]{0,39}$/),
  company: CompanyId,
  url: Address,
  clientId: formed('the client id of the OAuth application', /^[\x21-\x7e]{1,400}$/),
  clientSecret: SecretSource,
};

export const commonOptions = {
  /** First start: the whole log, or what comes from then on. */
  startAt: Word('beginning', 'now'),
  /** A session without a record: parked after the last attempt, or passed over. */
  recordMissing: Word('park', 'skip'),
  timeoutMs: whole(100, 300_000),
  noteBytesMax: whole(2_000, 65_000),
};

export const serviceNowOptions = {
  table: TableName,
  journalField: TableName,
  deleteJournalEntries: t.boolean,
};

export const salesforceOptions = {
  apiVersion: formed('a version such as v62.0', /^v\d{2,3}\.0$/),
  isPublished: t.boolean,
  /** Percent of the organisation's daily calls from which on the connector keeps quiet. */
  usagePercentMax: whole(1, 100),
};

type Common = Readonly<{
  name: string;
  company: string;
  url: string;
  clientId: string;
  clientSecret: string;
  mapping: Mapping;
  startAt: 'beginning' | 'now';
  recordMissing: 'park' | 'skip';
  timeoutMs: number;
  noteBytesMax: number;
}>;

export type ServiceNowConfig = Common &
  Readonly<{
    kind: 'servicenow';
    table: string;
    journalField: string;
    deleteJournalEntries: boolean;
  }>;

export type SalesforceConfig = Common &
  Readonly<{
    kind: 'salesforce';
    apiVersion: string;
    isPublished: boolean;
    usagePercentMax: number;
  }>;

/** A connector, decoded, its secret resolved. Never log one as a whole. */
export type ConnectorConfig = ServiceNowConfig | SalesforceConfig;

export const commonDefaults = {
  startAt: 'now',
  recordMissing: 'park',
  timeoutMs: 30_000,
} as const;

export const serviceNowDefaults = {
  table: 'incident',
  journalField: 'work_notes',
  deleteJournalEntries: false,
  noteBytesMax: 16_000,
};

/** 4,000 bytes are what a comment's body takes. */
export const salesforceDefaults = {
  apiVersion: 'v62.0',
  isPublished: false,
  usagePercentMax: 95,
  noteBytesMax: 4_000,
};
