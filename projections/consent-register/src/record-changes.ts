import type { Basis } from '@daybook/domain/session-insights';
import type { DataOf, RegisterEvent, RegisterEventType } from './events.js';
import { basesOf, type ConsentState, type EntryKind, type RecordRow } from './rows.js';

/** What an event says of a record: the columns that change, and the entries that are added. */
export type Change = Readonly<{
  columns: Partial<RecordRow>;
  entries: readonly EntryKind[];
}>;

type Changes = {
  [Type in RegisterEventType]: (data: DataOf<Type>, row: RecordRow) => Change;
};

const settings: ReadonlySet<ConsentState> = new Set([
  'not-asked',
  'standing-permission',
  'nobody-to-ask',
  'denied',
]);

/** The one reason that keeps the outgoing path shut, if it is about permission and nothing else is in the way. */
const permissionMissing = ({ reasons }: DataOf<'EligibilityDecided'>): ConsentState | null => {
  const [only, ...others] = reasons.filter(({ path }) => path === 'outgoing');
  if (only === undefined || others.length > 0) return null;
  if (only.reason === 'nobody-to-ask') return 'nobody-to-ask';
  return only.reason === 'denied-by-access-control' ? 'denied' : null;
};

/** What a decision says of the permission where nobody has been asked; null where it says nothing. */
const stateBySetting = (data: DataOf<'EligibilityDecided'>): ConsentState | null => {
  if (data.bases.includes('standing-permission')) return 'standing-permission';
  const missing = permissionMissing(data);
  if (missing !== null) return missing;
  return data.bases.includes('policy') ? 'not-asked' : null;
};

const newBasis = (basis: Basis, before: readonly Basis[], data: DataOf<'EligibilityDecided'>) =>
  data.bases.includes(basis) && !before.includes(basis);

/** Consent opens with the remote side's own answer, which has an entry of its own. */
const entriesOf = (data: DataOf<'EligibilityDecided'>, row: RecordRow): readonly EntryKind[] => {
  const before = basesOf(row);
  const entries: EntryKind[] = [];
  if (newBasis('policy', before, data)) entries.push('policy-basis');
  if (newBasis('standing-permission', before, data)) entries.push('standing-permission');
  const missing = permissionMissing(data);
  if ((missing === 'nobody-to-ask' || missing === 'denied') && missing !== row.state)
    entries.push(missing);
  if (before.length > 0 && data.bases.length === 0) entries.push('basis-ended');
  return entries;
};

const decided = (data: DataOf<'EligibilityDecided'>, row: RecordRow): Change => {
  const bySetting = row.state === null || settings.has(row.state) ? stateBySetting(data) : null;
  const state = bySetting ?? row.state;
  return { columns: { bases: JSON.stringify(data.bases), state }, entries: entriesOf(data, row) };
};

const answered =
  (state: 'granted' | 'refused') =>
  (data: DataOf<'ConsentGranted'>): Change => ({
    columns: {
      state,
      notice_version: data.noticeVersion,
      language: data.language,
      indicated_by: data.by,
      method: data.method,
      answered_at: data.answeredAt,
    },
    entries: [state],
  });

const withdrawn = (data: DataOf<'ConsentWithdrawn'>): Change => ({
  columns: {
    state: 'withdrawn',
    withdrawn_at: data.withdrawnAt,
    indicated_by: data.by,
    method: data.method,
  },
  entries: ['withdrawn'],
});

const changes: Changes = {
  SessionStarted: (data) => ({
    columns: {
      supporter_id: data.supporterId,
      device_id: data.deviceId,
      supporter_access: data.supporterAccessControl,
      remote_access: data.remoteAccessControl,
      started_at: data.startedAt,
    },
    entries: [],
  }),
  EligibilityDecided: decided,
  ConsentRequested: ({ noticeVersion, language }) => ({
    columns: { state: 'requested', asked: 1, notice_version: noticeVersion, language },
    entries: ['requested'],
  }),
  ConsentGranted: answered('granted'),
  ConsentRefused: answered('refused'),
  ConsentTimedOut: ({ timedOutAt }) => ({
    columns: { state: 'timed-out', answered_at: timedOutAt },
    entries: ['timed-out'],
  }),
  ConsentWithdrawn: withdrawn,
  CapturedContentDestroyed: ({ items }, row) => ({
    columns: { destroyed_items: row.destroyed_items + items },
    entries: ['content-destroyed'],
  }),
  SessionEnded: ({ endedAt }, row) => ({
    columns: { ended_at: endedAt },
    entries: row.state === null ? [] : ['session-ended'],
  }),
};

export const recordChange = (event: RegisterEvent, row: RecordRow): Change => {
  // The table gives each type the function for its own data; the compiler cannot follow the pair.
  const change = changes[event.type] as (data: unknown, row: RecordRow) => Change;
  return change(event.data, row);
};
