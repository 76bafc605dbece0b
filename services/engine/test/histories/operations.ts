import type { Actor } from '@daybook/domain/kernel';
import type { JournalEntry } from '@daybook/session-journal';
import fc from 'fast-check';
import type { BulkCommand } from '../../src/bulk.js';
import type { CompanyCommand } from '../../src/company-command.js';
import { command, manyCommands, mostly, plan, platform, times } from './commands.js';
import { DAY_MS, T0 } from './rules.js';

/** Something that somebody does to the engine: every route by which an event can come about. */
export type Operation =
  | Readonly<{ does: 'command'; command: CompanyCommand; actor: Actor; at: number }>
  | Readonly<{ does: 'entry'; entry: JournalEntry; actor: Actor | null }>
  /** Imported in this order, which is not that of time, and with lines that come twice. */
  | Readonly<{ does: 'import'; entries: readonly JournalEntry[] }>
  | Readonly<{ does: 'reconsider'; session: string; at: number }>
  /** The process runs; `meanwhile` arrives while the summarizer is at work, which may then fail for good. */
  | Readonly<{ does: 'insights'; meanwhile: readonly JournalEntry[]; fails: boolean }>
  | Readonly<{ does: 'edit'; session: string; revision: number; actor: Actor; at: number }>
  | Readonly<{ does: 'delete'; session: string; actor: Actor; at: number }>
  /** The summary again: of a revision that may be stale, while `meanwhile` arrives, from a summarizer that may fail. */
  | Readonly<{
      does: 'regenerate';
      session: string;
      revision: number | 'latest';
      actor: Actor;
      at: number;
      meanwhile: readonly JournalEntry[];
      fails: boolean;
    }>
  /** One setting for many. */
  | Readonly<{ does: 'bulk'; bulk: BulkCommand; actor: Actor; at: number }>
  /** The scheduler does what is due by then, whatever the log says of later. */
  | Readonly<{ does: 'scheduler'; at: number }>;

export type History = Readonly<{
  setup: readonly Operation[];
  course: readonly Operation[];
  /** Sessions that end when all else is done, and what arrives while their summaries are made. */
  ends: readonly Operation[];
  meanwhile: readonly JournalEntry[];
  fails: boolean;
  /** What somebody does once the summaries are there. */
  afterwards: readonly Operation[];
}>;

const SESSIONS = ['s-1', 's-2'] as const;
const session = fc.constantFrom(...SESSIONS);
/** Each session lasts minutes and lies on a day of the week, counted from its beginning. */
type Starts = Readonly<Record<(typeof SESSIONS)[number], number>>;

const administrator: Actor = { kind: 'administrator', id: 'u-admin' };
const actor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(administrator) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Actor>(
      { kind: 'auditor', id: 'u-audit' },
      { kind: 'supporter', id: 'u-1' },
      { kind: 'remote-side', id: 'r-1' },
      { kind: 'device', id: 'd-1' },
      { kind: 'system', id: 'daybook' },
    ),
  },
);

const day = fc.integer({ min: 0, max: 6 * 24 }).map((hours) => T0 + (hours * DAY_MS) / 24);
const offset = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((seconds) => seconds * 1_000);
const whenever = offset(-5, 200);
const soon = offset(-2, 45);
const late = offset(60, 220);
const atIn = (starts: Starts) => (name: keyof Starts, offset: number) =>
  T0 + starts[name] * DAY_MS + offset;

type Entries = fc.Arbitrary<JournalEntry>;
const item = fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5', 'i6');
const text = fc.constantFrom('I restarted the spooler.', 'Write to jo@example.org.', 'It works.');

/** What can be in a journal about a session; the offset of its start is zero. */
const entryIn = (starts: Starts): Entries => {
  const at = atIn(starts);
  const made = (
    entry: JournalEntry['entry'],
    fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
    by: fc.Arbitrary<number> = whenever,
  ): Entries =>
    fc.record({ session, after: by, ...fields }).map(({ session: name, after, ...rest }) => ({
      entry,
      session: name,
      at: at(name, after),
      ...rest,
    })) as unknown as Entries;
  return fc.oneof(
    {
      weight: 4,
      arbitrary: made(
        'prompt-answered',
        {
          answer: fc.constantFrom('allowed', 'allowed', 'allowed', 'refused'),
          by: fc.constant('r-1'),
        },
        soon,
      ),
    },
    { weight: 1, arbitrary: made('prompt-timed-out', {}) },
    { weight: 1, arbitrary: made('consent-withdrawn', { by: fc.constant('r-1') }) },
    {
      weight: 8,
      arbitrary: made('chat', {
        speaker: fc.constantFrom('supporter', 'remote-side'),
        text,
        item,
      }),
    },
    { weight: 2, arbitrary: made('action', { text, item }) },
    { weight: 4, arbitrary: made('assistant-message', { text, item }) },
    { weight: 1, arbitrary: made('session-ended', {}, late) },
  );
};

const startedIn = (starts: Starts, name: keyof Starts): Entries =>
  fc.record({
    entry: fc.constant('session-started' as const),
    session: fc.constant(name),
    at: fc.constant(atIn(starts)(name, 0)),
    direction: fc.constantFrom('outgoing', 'both', 'both', 'incoming'),
    supporter: fc.constantFrom(...times(6, 'u-1'), 'u-2', null),
    signedIn: mostly,
    device: fc.constantFrom('d-1', 'd-1', 'd-1', 'd-2', null),
    module: fc.constantFrom(...times(5, 'full' as const), 'quicksupport' as const),
    platform,
    method: fc.constantFrom('id-and-password', 'session-code', 'link', 'managed'),
    attended: mostly,
    accessControl: fc.record({
      supporter: fc.constantFrom('allowed', 'allowed', 'after-confirmation'),
      remote: fc.constantFrom('allowed', ...times(4, 'after-confirmation' as const), 'denied'),
    }),
  });

const asked = fc.record({ session, actor, at: day }, { noNullPrototype: true });
const changed: fc.Arbitrary<Operation> = fc
  .tuple(asked, fc.integer({ min: 0, max: 2 }))
  .map(([by, revision]) => ({ does: 'edit', revision, ...by }));
const deleted: fc.Arbitrary<Operation> = asked.map((by) => ({ does: 'delete', ...by }));

const regeneratedIn = (starts: Starts): fc.Arbitrary<Operation> =>
  fc
    .tuple(
      asked,
      fc.record({
        revision: fc.constantFrom('latest' as const, 0, 1, 2),
        meanwhile: fc.array(entryIn(starts), { maxLength: 1 }),
        fails: fc.constantFrom(false, false, true),
      }),
    )
    .map(([by, during]) => ({ does: 'regenerate', ...by, ...during }));

const operationIn = (starts: Starts): fc.Arbitrary<Operation> => {
  const entry = entryIn(starts);
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ does: fc.constant('command' as const), command, actor, at: day }),
    },
    {
      weight: 14,
      arbitrary: fc.record({
        does: fc.constant('entry' as const),
        entry,
        actor: fc.option(actor, { freq: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.oneof(entry, startedIn(starts, 's-1'), startedIn(starts, 's-2')), {
          minLength: 2,
          maxLength: 5,
        })
        .map((entries) => ({ does: 'import' as const, entries: [...entries, ...entries] })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(session, whenever).map(([name, after]) => ({
        does: 'reconsider' as const,
        session: name,
        at: atIn(starts)(name, after),
      })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('insights' as const),
        meanwhile: fc.array(entry, { maxLength: 2 }),
        fails: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: changed },
    { weight: 1, arbitrary: deleted },
    { weight: 1, arbitrary: regeneratedIn(starts) },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('bulk' as const),
        bulk: manyCommands,
        actor,
        at: day,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('scheduler' as const), at: day }),
    },
  );
};

const byAdministrator = (one: CompanyCommand): Operation => ({
  does: 'command',
  command: one,
  actor: administrator,
  at: T0,
});
const allOn = { state: 'set', reporting: true, insights: true } as const;

/** What makes a session possible at all; each is now and then left out. */
const groundwork: readonly Operation[] = [
  byAdministrator({ command: 'RegisterUser', userId: 'u-1', role: 'supporter' }),
  byAdministrator({ command: 'ActivateAi', termsVersion: 't1' }),
  byAdministrator({ command: 'SetSummariesOption', path: 'outgoing', enabled: true }),
  byAdministrator({ command: 'SetSummariesOption', path: 'incoming', enabled: true }),
  byAdministrator({ command: 'DefinePolicy', policyId: 'p-1', setting: allOn }),
  byAdministrator({ command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' }),
  byAdministrator({ command: 'CreateGroup', groupId: 'g-1' }),
  byAdministrator({ command: 'AssignGroupPolicy', groupId: 'g-1', policyId: 'p-1' }),
  byAdministrator({ command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'allowed' }),
];

/** The device takes its policy from where the setting says, and has applied it. */
const policySource = fc
  .constantFrom('own' as const, 'group' as const)
  .map((source): readonly Operation[] => {
    const from = { deviceId: 'd-1', source, policyId: 'p-1', groupId: 'g-1' };
    return [
      byAdministrator({ command: 'SetDevicePolicySource', ...from }),
      byAdministrator({ command: 'ApplyPolicy', deviceId: 'd-1' }),
    ];
  });

const endOf = (starts: Starts, name: keyof Starts): Operation => ({
  does: 'entry',
  entry: { entry: 'session-ended', session: name, at: atIn(starts)(name, 200_000) },
  actor: null,
});

const started = (entry: Entries): fc.Arbitrary<Operation> =>
  entry.map((one) => ({ does: 'entry' as const, entry: one, actor: null }));

/** A company and two sessions, in whatever order, late and early, once and twice. */
export const history = (length: number): fc.Arbitrary<History> =>
  fc
    .record({ 's-1': fc.integer({ min: 0, max: 5 }), 's-2': fc.integer({ min: 0, max: 5 }) })
    .chain((starts) =>
      fc.record({
        setup: fc
          .tuple(
            plan,
            fc.subarray([...groundwork], { minLength: groundwork.length - 1 }),
            policySource,
            started(startedIn(starts, 's-1')),
            started(startedIn(starts, 's-2')),
          )
          .map(([chosen, kept, applied, one, two]) => [
            byAdministrator({ command: 'RegisterCompany', plan: chosen, timeZone: 'UTC' }),
            ...kept,
            ...applied,
            one,
            two,
          ]),
        course: fc.array(operationIn(starts), { minLength: 5, maxLength: length, size: 'max' }),
        ends: fc.subarray([...SESSIONS]).map((names) => names.map((name) => endOf(starts, name))),
        meanwhile: fc.array(entryIn(starts), { maxLength: 2 }),
        fails: fc.constantFrom(false, false, false, true),
        afterwards: fc.array(
          fc.oneof(
            changed,
            deleted,
            regeneratedIn(starts),
            entryIn(starts).map((entry): Operation => ({ does: 'entry', entry, actor: null })),
          ),
          { maxLength: 4 },
        ),
      }),
    );
