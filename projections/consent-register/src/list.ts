import type { Basis } from '@daybook/domain/session-insights';
import type { Database } from 'better-sqlite3';
import { toConsentRecord, type ConsentRecord } from './record.js';
import type { ConsentState, RecordRow } from './rows.js';

/** Which records of a company to list; an absent field lets all pass. */
export type ConsentFilter = Readonly<{
  sessionId?: string;
  supporterId?: string;
  deviceId?: string;
  state?: ConsentState;
  /** Where this basis is in force. */
  basis?: Basis;
  /** Opened at or after, epoch milliseconds. */
  openedFrom?: number;
  /** Opened before, epoch milliseconds. */
  openedTo?: number;
}>;

export type ConsentListRequest = Readonly<{
  filter?: ConsentFilter;
  limit: number;
  /** The last record of the page before. */
  after?: Pick<ConsentRecord, 'openedAt' | 'sessionId'>;
}>;
export type ConsentListQuery = (
  company: string,
  request: ConsentListRequest,
) => readonly ConsentRecord[];

const matching = (filter: ConsentFilter): Record<string, string | number | null> => ({
  from: filter.openedFrom ?? 0,
  to: filter.openedTo ?? Number.MAX_SAFE_INTEGER,
  sessionId: filter.sessionId ?? null,
  supporterId: filter.supporterId ?? null,
  deviceId: filter.deviceId ?? null,
  state: filter.state ?? null,
  basis: filter.basis ?? null,
});

const following = (after: ConsentListRequest['after']): Record<string, string | number> => ({
  afterOpened: after?.openedAt ?? Number.MAX_SAFE_INTEGER,
  afterId: after?.sessionId ?? '',
});

/** Newest first; records of one millisecond by session. */
export const prepareList = (db: Database): ConsentListQuery => {
  const statement = db.prepare<[Record<string, string | number | null>], RecordRow>(
    `SELECT * FROM records WHERE company = :company AND state IS NOT NULL
      AND opened_at >= :from AND opened_at < :to
      AND (opened_at < :afterOpened OR (opened_at = :afterOpened AND session_id > :afterId))
      AND (:sessionId IS NULL OR session_id = :sessionId)
      AND (:supporterId IS NULL OR supporter_id = :supporterId)
      AND (:deviceId IS NULL OR device_id = :deviceId)
      AND (:state IS NULL OR state = :state)
      AND (:basis IS NULL OR EXISTS (SELECT 1 FROM json_each(bases) WHERE value = :basis))
    ORDER BY opened_at DESC, session_id LIMIT :limit`,
  );
  return (company, { filter = {}, limit, after }) =>
    statement
      .all({ company, limit, ...matching(filter), ...following(after) })
      .map(toConsentRecord);
};
