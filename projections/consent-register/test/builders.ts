import type { LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';

type Of<Type extends LogEntry['type']> = Extract<LogEntry, { type: Type }>['data'];
type Entry = LogEntry extends infer Each
  ? Each extends LogEntry
    ? Omit<Each, 'stream'>
    : never
  : never;

export const session = (entry: Entry, id = 's1', company = 'acme'): LogEntry => ({
  ...entry,
  stream: `session-${company}_${id}`,
});

export const started = (data: Partial<Of<'SessionStarted'>> = {}): Entry => ({
  type: 'SessionStarted',
  data: {
    paths: ['outgoing'],
    supporterId: 'ann',
    signedIn: true,
    deviceId: 'd1',
    module: 'full',
    platform: 'windows',
    method: 'link',
    attended: true,
    supporterAccessControl: 'allowed',
    remoteAccessControl: 'after-confirmation',
    startedAt: 1000,
    source: 'api',
    ...data,
  },
});

export const decided = (data: Partial<Of<'EligibilityDecided'>>): Entry => ({
  type: 'EligibilityDecided',
  data: {
    trigger: 'session-started',
    outcome: 'not-eligible',
    basis: null,
    bases: [],
    reason: null,
    reasons: [],
    inputs: [],
    decidedAt: 1000,
    ...data,
  },
});

export const opened = (...bases: Of<'EligibilityDecided'>['bases']): Entry =>
  decided({ outcome: 'eligible', basis: bases[0] ?? null, bases });
export const shut = (
  reason: Of<'EligibilityDecided'>['reasons'][number]['reason'],
  path: 'outgoing' | 'incoming' = 'outgoing',
): Entry => decided({ reason, reasons: [{ path, reason }] });
export const awaiting = decided({ outcome: 'awaiting-consent' });

export const asked: Entry = {
  type: 'ConsentRequested',
  data: { noticeVersion: 'n1', language: 'de', requestedAt: 1000, timesOutAt: 61_000 },
};
export const answered = (type: 'ConsentGranted' | 'ConsentRefused'): Entry => ({
  type,
  data: { by: 'rita', method: 'pop-up', noticeVersion: 'n2', language: 'en', answeredAt: 2000 },
});
export const timedOut: Entry = { type: 'ConsentTimedOut', data: { timedOutAt: 61_000 } };
export const takenBack: Entry = {
  type: 'ConsentWithdrawn',
  data: { by: 'rita', method: 'session-window', withdrawnAt: 3000 },
};
export const destroyed = (items: number): Entry => ({
  type: 'CapturedContentDestroyed',
  data: { reason: 'consent-withdrawn', items, destroyedAt: 3000 },
});
export const ended: Entry = { type: 'SessionEnded', data: { endedAt: 5000 } };

/** Well-formed events in any order, as a reader with gaps might see them. */
export const anyLog: fc.Arbitrary<readonly LogEntry[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(
        started(),
        awaiting,
        opened('consent'),
        opened('policy', 'standing-permission'),
        shut('nobody-to-ask'),
        shut('denied-by-access-control'),
        shut('ai-not-activated'),
        asked,
        answered('ConsentGranted'),
        answered('ConsentRefused'),
        timedOut,
        takenBack,
        destroyed(2),
        ended,
      ),
      fc.constantFrom('s1', 's2'),
      fc.constantFrom('acme', 'globex'),
    )
    .map(([entry, id, company]) => session(entry, id, company)),
  { maxLength: 40 },
);
