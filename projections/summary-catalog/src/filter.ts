/** Which summaries of a company to list; an absent field lets all pass. */
export type SummaryFilter = Readonly<{
  supporterId?: string;
  deviceId?: string;
  sessionId?: string;
  tag?: string;
  language?: string;
  /** Created at or after, epoch milliseconds. */
  createdFrom?: number;
  /** Created before, epoch milliseconds. */
  createdTo?: number;
  status?: 'active' | 'deleted';
  /** Only of this supporter's sessions, whatever else is asked for: who asks may see no others. */
  visibleTo?: string;
}>;

export type Parameters = Record<string, string | number | null>;

/** One condition per field, each true when its parameter is null. */
export const FILTER_CONDITIONS = `summaries.company = :company
  AND (:supporterId IS NULL OR summaries.supporter_id = :supporterId)
  AND (:visibleTo IS NULL OR summaries.supporter_id = :visibleTo)
  AND (:deviceId IS NULL OR summaries.device_id = :deviceId)
  AND (:sessionId IS NULL OR summaries.session_id = :sessionId)
  AND (:language IS NULL OR summaries.language = :language)
  AND (:status IS NULL OR summaries.status = :status)
  AND (:tag IS NULL OR EXISTS (SELECT 1 FROM tags WHERE tags.company = :company
    AND tags.tag = :tag AND tags.summary_id = summaries.summary_id))
  AND summaries.created_at >= :createdFrom AND summaries.created_at < :createdTo`;

export const filterParameters = (company: string, filter: SummaryFilter): Parameters => ({
  company,
  supporterId: filter.supporterId ?? null,
  visibleTo: filter.visibleTo ?? null,
  deviceId: filter.deviceId ?? null,
  sessionId: filter.sessionId ?? null,
  language: filter.language ?? null,
  status: filter.status ?? null,
  tag: filter.tag ?? null,
  createdFrom: filter.createdFrom ?? 0,
  createdTo: filter.createdTo ?? Number.MAX_SAFE_INTEGER,
});
