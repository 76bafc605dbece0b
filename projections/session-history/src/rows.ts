import type { Basis, FailingReason, Path } from '@daybook/domain/session-insights';
import { pageRows, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import type { HistoryEvent } from './events.js';

export type Consent = 'not-asked' | 'asked' | 'granted' | 'refused' | 'timed-out' | 'withdrawn';
export type Outcome = 'eligible' | 'awaiting-consent' | 'not-eligible';
export type ChargeStatus = 'held' | 'captured' | 'released' | 'reversed';
export type SummaryStatus = 'none' | 'failed' | 'generated' | 'edited' | 'deleted';

export type SessionRow = {
  company: string;
  session_id: string;
  supporter_id: string | null;
  device_id: string | null;
  /** JSON array of `Path`. */
  paths: string;
  method: string | null;
  module: string | null;
  platform: string | null;
  source: string | null;
  attended: 0 | 1 | null;
  started_at: number;
  ended_at: number | null;
  outcome: Outcome | null;
  basis: Basis | null;
  /** JSON array of `Basis`. */
  bases: string;
  reason: FailingReason | null;
  /** JSON array of `{path, reason}`. */
  reasons: string;
  consent: Consent;
  ai_refused: FailingReason | null;
  charge_id: string | null;
  charge_status: ChargeStatus | null;
  charge_amount: number | null;
  summary_id: string | null;
  summary_status: SummaryStatus;
  captured_items: number;
  destroyed_items: number;
  assistant_messages: number;
  /** Events on the timeline so far. */
  events: number;
  position: number;
};

export type PathReason = Readonly<{ path: Path; reason: FailingReason }>;

/** A session that is seen for the first time, whatever happened in it; its start is not later than this event. */
export const newSession = (sessionId: string, event: HistoryEvent): SessionRow => ({
  company: event.company,
  session_id: sessionId,
  supporter_id: null,
  device_id: null,
  paths: '[]',
  method: null,
  module: null,
  platform: null,
  source: null,
  attended: null,
  started_at: event.metadata.occurredAt,
  ended_at: null,
  outcome: null,
  basis: null,
  bases: '[]',
  reason: null,
  reasons: '[]',
  consent: 'not-asked',
  ai_refused: null,
  charge_id: null,
  charge_status: null,
  charge_amount: null,
  summary_id: null,
  summary_status: 'none',
  captured_items: 0,
  destroyed_items: 0,
  assistant_messages: 0,
  events: 0,
  position: 0,
});

export const sessionRows = (db: Database): PageRows<SessionRow> => {
  const load = db.prepare<[string, string], SessionRow>(
    'SELECT * FROM sessions WHERE company = ? AND session_id = ?',
  );
  const save = db.prepare<[SessionRow]>(`INSERT OR REPLACE INTO sessions VALUES (
    :company, :session_id, :supporter_id, :device_id, :paths, :method, :module, :platform, :source,
    :attended, :started_at, :ended_at, :outcome, :basis, :bases, :reason, :reasons, :consent,
    :ai_refused, :charge_id, :charge_status, :charge_amount, :summary_id, :summary_status,
    :captured_items, :destroyed_items, :assistant_messages, :events, :position)`);
  return pageRows({
    load: ([company, sessionId = '']) => load.get(company, sessionId),
    save: (row) => save.run(row),
  });
};
