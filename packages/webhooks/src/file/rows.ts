import * as t from 'io-ts';

/** Why nothing is sent to an endpoint. */
export type DisabledReason =
  | 'by-operator'
  /** It answered 410. */
  | 'gone'
  /** Several messages in a row ran out of attempts. */
  | 'failing';

/** The message that an endpoint waits with; later ones wait behind it. Instants are epoch milliseconds. */
export type WaitingMessage = Readonly<{
  event: string;
  position: number;
  recordedAt: number;
  attempts: number;
  dueAt: number;
}>;

export type Endpoint = Readonly<{
  id: string;
  company: string;
  url: string;
  /** Published types, or patterns that end in `.*`; none means all. */
  types: readonly string[];
  createdAt: number;
  disabled: DisabledReason | null;
  epoch: number;
  position: number;
  waiting: WaitingMessage | null;
  parkedInARow: number;
  /** Since it was added. */
  counts: Readonly<{ attempts: number; delivered: number; retries: number }>;
}>;

export type EndpointRow = Readonly<{
  id: string;
  company: string;
  url: string;
  types: string;
  created_at: number;
  disabled: DisabledReason | null;
  epoch: number;
  position: number;
  attempts: number;
  due_at: number | null;
  waiting_event: string | null;
  waiting_position: number | null;
  waiting_recorded_at: number | null;
  parked_in_a_row: number;
  made: number;
  delivered: number;
  retries: number;
}>;

const Types = t.readonlyArray(t.string);

const typesOf = (text: string): readonly string[] => {
  const found: unknown = JSON.parse(text);
  return Types.is(found) ? found : [];
};

const waitingOf = (row: EndpointRow): WaitingMessage | null => {
  if (row.waiting_event === null || row.due_at === null) return null;
  return {
    event: row.waiting_event,
    position: row.waiting_position ?? row.position,
    recordedAt: row.waiting_recorded_at ?? row.due_at,
    attempts: row.attempts,
    dueAt: row.due_at,
  };
};

export const endpointFrom = (row: EndpointRow): Endpoint => ({
  id: row.id,
  company: row.company,
  url: row.url,
  types: typesOf(row.types),
  createdAt: row.created_at,
  disabled: row.disabled,
  epoch: row.epoch,
  position: row.position,
  waiting: waitingOf(row),
  parkedInARow: row.parked_in_a_row,
  counts: { attempts: row.made, delivered: row.delivered, retries: row.retries },
});

/** One attempt, as it is kept: what was sent when and what came of it, nothing of what it said. */
export type Attempt = Readonly<{
  number: number;
  event: string;
  type: string;
  position: number;
  /** Which attempt of this message. */
  nth: number;
  at: number;
  durationMs: number;
  /** `delivered`, `refused` (a status says no), or why there was no answer. */
  result: string;
  status: number | null;
  nextAt: number | null;
}>;

/** A message that ran out of attempts. */
export type Parked = Readonly<{
  event: string;
  type: string;
  position: number;
  attempts: number;
  since: number;
  result: string;
  status: number | null;
}>;

export type AuditEntry = Readonly<{
  at: number;
  by: string;
  company: string;
  endpoint: string;
  action: string;
  /** Never a secret. */
  detail: string;
}>;
