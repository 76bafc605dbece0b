import type { ProjectedEvent } from '@daybook/projection';

/** What the register listens to: the question, its answers, and the decisions that rest on them. */
export const handledTypes = [
  'SessionStarted',
  'EligibilityDecided',
  'ConsentRequested',
  'ConsentGranted',
  'ConsentRefused',
  'ConsentTimedOut',
  'ConsentWithdrawn',
  'CapturedContentDestroyed',
  'SessionEnded',
] as const;

export type RegisterEventType = (typeof handledTypes)[number];
export type RegisterEvent = ProjectedEvent<RegisterEventType>;
export type DataOf<Type extends RegisterEventType> = Extract<RegisterEvent, { type: Type }>['data'];
