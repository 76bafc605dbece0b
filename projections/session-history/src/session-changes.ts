import type { DataOf, HistoryEvent, HistoryEventType } from './events.js';
import type { SessionRow } from './rows.js';

type Change = Partial<SessionRow>;
type Changes = {
  [Type in HistoryEventType]: (data: DataOf<Type>, row: SessionRow) => Change;
};

const started = (data: DataOf<'SessionStarted'>): Change => ({
  supporter_id: data.supporterId,
  device_id: data.deviceId,
  paths: JSON.stringify(data.paths),
  method: data.method,
  module: data.module,
  platform: data.platform,
  source: data.source,
  attended: data.attended ? 1 : 0,
  started_at: data.startedAt,
});

const decided = (data: DataOf<'EligibilityDecided'>): Change => ({
  outcome: data.outcome,
  basis: data.basis,
  bases: JSON.stringify(data.bases),
  reason: data.reason,
  reasons: JSON.stringify(data.reasons),
});

/** A settlement of an earlier charge says nothing about the one that is shown. */
const settled = (
  chargeId: string,
  status: NonNullable<SessionRow['charge_status']>,
  row: SessionRow,
): Change =>
  row.charge_id === null || row.charge_id === chargeId
    ? { charge_id: chargeId, charge_status: status }
    : {};

const failed = (row: SessionRow): Change =>
  row.summary_status === 'none' ? { summary_status: 'failed' } : {};

/** The columns that each event changes. */
const changes: Changes = {
  SessionStarted: started,
  EligibilityDecided: decided,
  ConsentRequested: () => ({ consent: 'asked' }),
  ConsentGranted: () => ({ consent: 'granted' }),
  ConsentRefused: () => ({ consent: 'refused' }),
  ConsentTimedOut: () => ({ consent: 'timed-out' }),
  ConsentWithdrawn: () => ({ consent: 'withdrawn' }),
  CapturedContentDestroyed: (data, row) => ({
    destroyed_items: row.destroyed_items + data.items,
  }),
  ContentCaptured: (_, row) => ({ captured_items: row.captured_items + 1 }),
  AssistantMessageAnswered: (_, row) => ({ assistant_messages: row.assistant_messages + 1 }),
  AiUseAllowed: () => ({ ai_refused: null }),
  AiUseRefused: (data) => ({ ai_refused: data.reason }),
  SessionEnded: (data) => ({ ended_at: data.endedAt }),
  SummaryGenerated: () => ({ summary_status: 'generated' }),
  SummaryFailed: (_, row) => failed(row),
  SummaryEdited: () => ({ summary_status: 'edited' }),
  SummaryDeleted: () => ({ summary_status: 'deleted' }),
  CreditsHeld: (data) => ({
    charge_id: data.chargeId,
    charge_status: 'held',
    charge_amount: data.amount,
  }),
  HoldCaptured: (data, row) => settled(data.chargeId, 'captured', row),
  HoldReleased: (data, row) => settled(data.chargeId, 'released', row),
  ChargeReversed: (data, row) => settled(data.chargeId, 'reversed', row),
  CommandRefused: () => ({}),
};

export const sessionChange = (event: HistoryEvent, row: SessionRow): Change => {
  // The table gives each type the function for its own data; the compiler cannot follow the pair.
  const change = changes[event.type] as (data: unknown, row: SessionRow) => Change;
  return change(event.data, row);
};
