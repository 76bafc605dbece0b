import type { Database } from 'better-sqlite3';
import type { FailingReason } from '@daybook/domain/session-insights';
import type { Outcome, SessionRow, SummaryStatus } from './rows.js';
import { toSessionView, type SessionView } from './session.js';

/** Which sessions of a company to list; an absent field lets all pass. */
export type SessionFilter = Readonly<{
  outcome?: Outcome;
  /** The first failing reason, or the reason for which AI was refused later (`insufficient-credits`). */
  reason?: FailingReason;
  supporterId?: string;
  deviceId?: string;
  summaryStatus?: SummaryStatus;
  /** `YYYY-MM-DD` in UTC; for the day of another zone give its bounds. */
  day?: string;
  /** Started at or after, epoch milliseconds. */
  startedFrom?: number;
  /** Started before, epoch milliseconds. */
  startedTo?: number;
}>;

export type SessionListRequest = Readonly<{
  filter?: SessionFilter;
  limit: number;
  /** The last session of the page before. */
  after?: Pick<SessionView, 'startedAt' | 'sessionId'>;
}>;
export type SessionListQuery = (
  company: string,
  request: SessionListRequest,
) => readonly SessionView[];

const DAY_MS = 86_400_000;

/** `[from, to)` of the filter; a day that does not exist contains no session. */
const boundsOf = ({ day, startedFrom, startedTo }: SessionFilter): readonly [number, number] => {
  const from = startedFrom ?? 0;
  const to = startedTo ?? Number.MAX_SAFE_INTEGER;
  if (day === undefined) return [from, to];
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(start) ? [0, 0] : [Math.max(from, start), Math.min(to, start + DAY_MS)];
};

/** Newest first; sessions of one millisecond by id. */
export const prepareList = (db: Database): SessionListQuery => {
  const statement = db.prepare<[Record<string, string | number | null>], SessionRow>(
    `SELECT * FROM sessions WHERE company = :company
      AND started_at >= :from AND started_at < :to
      AND (started_at < :afterStarted OR (started_at = :afterStarted AND session_id > :afterId))
      AND (:outcome IS NULL OR outcome = :outcome)
      AND (:reason IS NULL OR reason = :reason OR ai_refused = :reason)
      AND (:supporterId IS NULL OR supporter_id = :supporterId)
      AND (:deviceId IS NULL OR device_id = :deviceId)
      AND (:summaryStatus IS NULL OR summary_status = :summaryStatus)
    ORDER BY started_at DESC, session_id LIMIT :limit`,
  );
  return (company, { filter = {}, limit, after }) => {
    const [from, to] = boundsOf(filter);
    return statement
      .all({
        company,
        from,
        to,
        limit,
        afterStarted: after?.startedAt ?? Number.MAX_SAFE_INTEGER,
        afterId: after?.sessionId ?? '',
        outcome: filter.outcome ?? null,
        reason: filter.reason ?? null,
        supporterId: filter.supporterId ?? null,
        deviceId: filter.deviceId ?? null,
        summaryStatus: filter.summaryStatus ?? null,
      })
      .map(toSessionView);
  };
};
