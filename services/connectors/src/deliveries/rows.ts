import type { Unrecalled } from '../remote.js';

export type DeliveryState =
  'waiting' | 'sending' | 'delivered' | 'retracted' | 'cancelled' | 'skipped' | 'parked';

/** What became of one event of a summary at one connector. Instants are epoch milliseconds. */
export type Delivery = Readonly<{
  connector: string;
  eventId: string;
  company: string;
  session: string;
  kind: 'note' | 'retraction';
  revision: number;
  /** Of the event in the log. */
  position: number;
  recordedAt: number;
  state: DeliveryState;
  /** Words of ours, such as `RecordNotFound`; null when all went well at once. */
  reason: string | null;
  how: 'created' | 'updated' | 'found' | null;
  /** Id of the incident or case. */
  recordId: string | null;
  /** Id of the journal entry or comment. */
  noteId: string | null;
  attempts: number;
  /** Since somebody last asked for a retry. */
  attemptsInRound: number;
  /** Of the next attempt, while it waits. */
  dueAt: number;
  changedAt: number;
}>;

export type Listed = Readonly<{
  connector?: string;
  company?: string;
  session?: string;
  state?: DeliveryState;
  /** Rows after this position. */
  after?: number;
  limit: number;
}>;

export type UnrecalledItem = Unrecalled &
  Readonly<{ connector: string; company: string; session: string; eventId: string }>;

export const COLUMNS = `connector, event_id AS eventId, company, session, kind, revision, position,
  recorded_at AS recordedAt, state, reason, how, record_id AS recordId, note_id AS noteId, attempts,
  attempts_in_round AS attemptsInRound, due_at AS dueAt, changed_at AS changedAt`;
