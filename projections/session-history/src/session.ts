import type { Basis, FailingReason, Path } from '@daybook/domain/session-insights';
import type {
  ChargeStatus,
  Consent,
  Outcome,
  PathReason,
  SessionRow,
  SummaryStatus,
} from './rows.js';

/** A session as it stands. Fields are null while nothing has said them. Instants are epoch milliseconds. */
export type SessionView = Readonly<{
  sessionId: string;
  supporterId: string | null;
  deviceId: string | null;
  paths: readonly Path[];
  method: string | null;
  module: string | null;
  platform: string | null;
  source: string | null;
  attended: boolean | null;
  startedAt: number;
  endedAt: number | null;
  /** The latest decision (rulebook §3): its basis, every basis, the first failing reason, and that of each path. */
  eligibility: Readonly<{
    outcome: Outcome | null;
    basis: Basis | null;
    bases: readonly Basis[];
    reason: FailingReason | null;
    reasons: readonly PathReason[];
  }>;
  consent: Consent;
  /** Why AI was last refused in the session; null after it was allowed. */
  aiRefused: FailingReason | null;
  /** The session's latest charge; `amount` is null when its hold was not seen. */
  charge: Readonly<{ chargeId: string; status: ChargeStatus; amount: number | null }> | null;
  summary: Readonly<{ summaryId: string | null; status: SummaryStatus }>;
  capturedItems: number;
  destroyedItems: number;
  assistantMessages: number;
  /** Events on its timeline, and the position of the last. */
  events: number;
  position: number;
}>;

const chargeOf = (row: SessionRow): SessionView['charge'] =>
  row.charge_id === null || row.charge_status === null
    ? null
    : { chargeId: row.charge_id, status: row.charge_status, amount: row.charge_amount };

export const toSessionView = (row: SessionRow): SessionView => ({
  sessionId: row.session_id,
  supporterId: row.supporter_id,
  deviceId: row.device_id,
  paths: JSON.parse(row.paths) as readonly Path[],
  method: row.method,
  module: row.module,
  platform: row.platform,
  source: row.source,
  attended: row.attended === null ? null : row.attended === 1,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  eligibility: {
    outcome: row.outcome,
    basis: row.basis,
    bases: JSON.parse(row.bases) as readonly Basis[],
    reason: row.reason,
    reasons: JSON.parse(row.reasons) as readonly PathReason[],
  },
  consent: row.consent,
  aiRefused: row.ai_refused,
  charge: chargeOf(row),
  summary: { summaryId: row.summary_id, status: row.summary_status },
  capturedItems: row.captured_items,
  destroyedItems: row.destroyed_items,
  assistantMessages: row.assistant_messages,
  events: row.events,
  position: row.position,
});
