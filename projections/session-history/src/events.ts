import { sessionEvents } from '@daybook/domain/session-insights';
import { summaryEvents } from '@daybook/domain/summaries';
import type { ProjectedEvent } from '@daybook/projection';

/** The events of the credits context that name a session. */
export type ChargeEventType = 'CreditsHeld' | 'HoldCaptured' | 'HoldReleased' | 'ChargeReversed';
export type SessionEventType = keyof typeof sessionEvents;
export type SummaryEventType = keyof typeof summaryEvents;
export type HistoryEventType =
  SessionEventType | SummaryEventType | ChargeEventType | 'CommandRefused';

export type HistoryEvent = ProjectedEvent<HistoryEventType>;
export type DataOf<Type extends HistoryEventType> = Extract<HistoryEvent, { type: Type }>['data'];

export const handledTypes = [
  ...Object.keys(sessionEvents),
  ...Object.keys(summaryEvents),
  'CreditsHeld',
  'HoldCaptured',
  'HoldReleased',
  'ChargeReversed',
  'CommandRefused',
] as readonly HistoryEventType[];
