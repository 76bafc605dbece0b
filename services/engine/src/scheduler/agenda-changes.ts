import type { CreditEvent, CreditEventData } from '@daybook/domain/credits';
import type { CompanyEvent } from '@daybook/domain/organization';
import { partsOf } from '@daybook/domain/kernel';
import type { SessionEvent } from '@daybook/domain/session-insights';
import type { StoredEvent } from '@daybook/event-store';

export type AgendaKind = 'month' | 'hold' | 'lapse' | 'prompt' | 'expiry-alert' | 'used-alert';

type Place = Readonly<{ company: string; kind: AgendaKind; key: string }>;

/** What an event does to the agenda. */
export type Change = Place &
  (
    | Readonly<{ change: 'put'; dueAt: number; at: number; position: number }>
    | Readonly<{ change: 'remove' }>
  );

type Handled = CreditEvent['type'] | SessionEvent['type'] | CompanyEvent['type'];

/** Lots of every kind, and what brings the spending of a month nearer to a threshold or away from it. */
const creditTypes = [
  'MonthlyCreditsGranted',
  'MonthlyGrantRaised',
  'CreditsPurchased',
  'PromotionalCreditsGranted',
  'CreditsAdded',
  'CreditsHeld',
  'HoldCaptured',
  'HoldReleased',
  'ChargeReversed',
  'PurchaseRefunded',
  'CreditsLapsed',
  'CreditsDeducted',
  'LotVoided',
] as const satisfies readonly Handled[];

const promptTypes = [
  'ConsentRequested',
  'ConsentGranted',
  'ConsentRefused',
  'ConsentTimedOut',
  'ConsentWithdrawn',
  'SessionEnded',
] as const satisfies readonly Handled[];

/** The types that make something due, or no longer due. */
export const agendaTypes: readonly string[] = ['AiActivated', ...creditTypes, ...promptTypes];

type Read = Readonly<{ company: string; stored: StoredEvent }>;

const DAY_MS = 86_400_000;

const put = (
  { company, stored: { position } }: Read,
  due: Readonly<{ kind: AgendaKind; key: string; dueAt: number; at?: number }>,
): Change => {
  const { kind, key, dueAt, at = dueAt } = due;
  return { change: 'put', company, kind, key, dueAt, at, position };
};

/**
 * When somebody has to act on a time-out. What the log heard of late, from a journal of last month, has
 * as long from then on: its answer may be on the way in the same journal *(ours)*.
 */
const timedOutBy = (stored: StoredEvent, from: number, timesOutAt: number): number =>
  Math.max(timesOutAt, stored.recordedAt + timesOutAt - from);

const lotChanges = (
  read: Read,
  lot: Readonly<{ lotId: string; effectiveAt: number; expiresAt: number }>,
  days: readonly number[],
): readonly Change[] => {
  const { lotId, effectiveAt, expiresAt } = lot;
  return [
    put(read, { kind: 'lapse', key: lotId, dueAt: expiresAt }),
    ...days.map((level) =>
      put(read, {
        kind: 'expiry-alert',
        key: `${lotId}/${level}`,
        dueAt: Math.max(expiresAt - level * DAY_MS, effectiveAt),
      }),
    ),
  ];
};

/** The charge's own part of a credit event. */
const holdChange = (read: Read, data: CreditEventData['CreditsHeld']): Change => {
  const { chargeId: key, heldAt, timesOutAt } = data;
  const dueAt = timedOutBy(read.stored, heldAt, timesOutAt);
  return put(read, { kind: 'hold', key, dueAt, at: timesOutAt });
};

const creditChanges = (read: Read, days: readonly number[]): readonly Change[] => {
  const { company, stored } = read;
  const data = JSON.parse(stored.data) as unknown;
  switch (stored.type) {
    // The month's free credits end every month, which needs no alert.
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
      return lotChanges(read, data as CreditEventData['MonthlyCreditsGranted'], []);
    case 'CreditsPurchased':
    case 'PromotionalCreditsGranted':
    case 'CreditsAdded':
      return lotChanges(read, data as CreditEventData['CreditsPurchased'], days);
    case 'CreditsHeld':
      return [holdChange(read, data as CreditEventData['CreditsHeld'])];
    case 'HoldCaptured':
    case 'HoldReleased': {
      const { chargeId: key } = data as CreditEventData['HoldCaptured'];
      return [{ change: 'remove', company, kind: 'hold', key }];
    }
    default:
      return [];
  }
};

const promptChange = (read: Read, key: string): Change => {
  const { company, stored } = read;
  if (stored.type !== 'ConsentRequested') return { change: 'remove', company, kind: 'prompt', key };
  type Requested = Extract<SessionEvent, { type: 'ConsentRequested' }>['data'];
  const { requestedAt, timesOutAt } = JSON.parse(stored.data) as Requested;
  const dueAt = timedOutBy(stored, requestedAt, timesOutAt);
  return put(read, { kind: 'prompt', key, dueAt, at: timesOutAt });
};

const occurredAtOf = (stored: StoredEvent): number =>
  (JSON.parse(stored.metadata) as Readonly<{ occurredAt: number }>).occurredAt;

/** The rows that an event puts onto the agenda, or takes from it. Pure. */
export const changesOf = (
  stored: StoredEvent,
  options: Readonly<{ expiryAlertDays: readonly number[] }>,
): readonly Change[] => {
  const { category, company, id = '' } = partsOf(stored.stream);
  const read = { company, stored };
  if (category === 'session') return [promptChange(read, id)];
  if (category === 'company')
    return [put(read, { kind: 'month', key: '', dueAt: occurredAtOf(stored) })];
  const { recordedAt: dueAt } = stored;
  const alert = put(read, { kind: 'used-alert', key: '', dueAt });
  return [...creditChanges(read, options.expiryAlertDays), alert];
};
