import { monthBounds } from '@daybook/domain/kernel';
import type { Database } from 'better-sqlite3';
import type { EntryKind } from './movements.js';

/** One movement of one lot, and the event that it comes from. */
export type LedgerEntry = Readonly<{
  position: number;
  /** Place among the entries of its event, from 0. */
  line: number;
  eventId: string;
  revision: number;
  occurredAt: number;
  recordedAt: number;
  kind: EntryKind;
  lotId: string;
  amount: number;
  chargeId: string | null;
  sessionId: string | null;
}>;

export type EntriesOfMonth = Readonly<{
  /** `YYYY-MM` in the company's time zone. */
  month: string;
  timeZone: string;
  limit: number;
  /** The last entry of the page before. */
  after?: Pick<LedgerEntry, 'occurredAt' | 'position' | 'line'>;
}>;

export type EntriesOfMonthQuery = (
  company: string,
  request: EntriesOfMonth,
) => readonly LedgerEntry[];

/** The month's entries by when they were true, then by their place in the log. */
export const prepareEntriesOfMonth = (db: Database): EntriesOfMonthQuery => {
  const statement = db.prepare<[Record<string, string | number>], LedgerEntry>(
    `SELECT position, line, event_id AS eventId, revision, occurred_at AS occurredAt,
      recorded_at AS recordedAt, kind, lot_id AS lotId, amount, charge_id AS chargeId,
      session_id AS sessionId
    FROM entries
    WHERE company = :company AND occurred_at >= :from AND occurred_at < :end
      AND (occurred_at, position, line) > (:from, :position, :line)
    ORDER BY occurred_at, position, line LIMIT :limit`,
  );
  return (company, { month, timeZone, limit, after }) => {
    const { start, end } = monthBounds(month, timeZone);
    return statement.all({
      company,
      end,
      limit,
      from: after?.occurredAt ?? start,
      position: after?.position ?? -1,
      line: after?.line ?? -1,
    });
  };
};
