import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { FailingReason } from '../../domain/src/session-insights/index.js';
import { deviceEvents, policyEvents } from '../../domain/src/device-policy/index.js';
import { companyEvents, userEvents } from '../../domain/src/organization/index.js';
import { readJournal, type JournalEntry } from '../src/index.js';
import { collect } from './reading.js';
import { repository, schemaAccepts } from './schema.js';

const samples = join(repository, 'samples');
const textOf = (name: string): string => readFileSync(join(samples, name), 'utf8');
const linesOf = (name: string): string[] => textOf(name).trimEnd().split('\n');

const Outcome = t.intersection([
  t.strict({ outcome: t.keyof({ eligible: null, 'not-eligible': null }), summarised: t.boolean }),
  t.partial({ basis: t.string, bases: t.array(t.string), reason: FailingReason }),
]);
type Outcome = t.TypeOf<typeof Outcome>;

const decoded = <A>(codec: t.Type<A, unknown>, value: unknown): A => {
  const result = codec.decode(value);
  if (E.isLeft(result)) throw new Error(`Not as expected: ${JSON.stringify(value)}`);
  return result.right;
};

const expectedOutcomes = (): Record<string, Outcome> =>
  decoded(t.record(t.string, Outcome), JSON.parse(textOf('expected-outcomes.json')));

const journal = async (): Promise<JournalEntry[]> =>
  (await collect(readJournal(createReadStream(join(samples, 'sessions.jsonl'))))).map(
    ({ line, result }) => {
      if (E.isLeft(result)) throw new Error(`Line ${line}: ${result.left.reason}`);
      return result.right;
    },
  );

/** Fields of each command beside `command`, `at` and `by`, by the codecs of the events they lead to. */
const id = t.string;
const word = { companyId: id, userId: id, policyId: id, groupId: id, deviceId: id };
const commands: Readonly<Record<string, t.Mixed>> = {
  RegisterCompany: t.strict({
    companyId: word.companyId,
    ...companyEvents.CompanyRegistered.type.props,
  }),
  ChangePlan: t.strict({ plan: companyEvents.PlanChangedV2.type.props.to }),
  ActivateAi: companyEvents.AiActivated,
  SetSummariesOption: companyEvents.SummariesOptionSet,
  RegisterUser: t.strict({ userId: word.userId, ...userEvents.UserRegistered.type.props }),
  AssignUserRole: t.strict({
    userId: word.userId,
    role: userEvents.UserRoleAssigned.type.props.to,
  }),
  SetSessionLogging: t.strict({ userId: word.userId, ...userEvents.SessionLoggingSet.type.props }),
  DefinePolicy: t.strict({
    policyId: word.policyId,
    setting: policyEvents.PolicyDefined.type.props.setting,
  }),
  CreateGroup: t.strict({ groupId: word.groupId }),
  AssignGroupPolicy: t.strict({ groupId: word.groupId, policyId: word.policyId }),
  EnrolDevice: t.strict({ deviceId: word.deviceId, ...deviceEvents.DeviceEnrolled.type.props }),
  SetDevicePolicySource: t.strict({
    deviceId: word.deviceId,
    ...deviceEvents.DevicePolicySourceSet.type.props,
  }),
  ApplyPolicy: t.strict({
    deviceId: word.deviceId,
    policyId: word.policyId,
    version: deviceEvents.PolicyApplied.type.props.version,
    groupId: deviceEvents.PolicyApplied.type.props.groupId,
  }),
  SetLocalSwitch: t.strict({ deviceId: word.deviceId, ...deviceEvents.LocalSwitchSet.type.props }),
  SetAccessControl: t.strict({
    deviceId: word.deviceId,
    ...deviceEvents.AccessControlSet.type.props,
  }),
  PurchaseCredits: t.strict({ orderNumber: t.string, amount: t.Integer }),
};

describe('the sample sessions', () => {
  it('are lines that codec and schema accept, in order of time', async () => {
    const entries = await journal();
    const lines = linesOf('sessions.jsonl');
    expect(entries).toHaveLength(lines.length);
    for (const line of lines) expect(schemaAccepts(JSON.parse(line))).toBe(true);
    const times = entries.map(({ at }) => at);
    expect(times).toStrictEqual([...times].sort((a, b) => a - b));
    const items = entries.flatMap((entry) =>
      'item' in entry ? [`${entry.session} ${entry.item ?? ''}`] : [],
    );
    expect(new Set(items).size).toBe(items.length);
  });

  it('each start first, end last, and have an expected outcome', async () => {
    const bySession = new Map<string, string[]>();
    for (const { session, entry } of await journal()) {
      bySession.set(session, [...(bySession.get(session) ?? []), entry]);
    }
    expect([...bySession.keys()].sort()).toStrictEqual(Object.keys(expectedOutcomes()).sort());
    for (const entries of bySession.values()) {
      expect([entries[0], entries.at(-1)]).toStrictEqual(['session-started', 'session-ended']);
      expect(entries.filter((entry) => entry === 'session-started')).toHaveLength(1);
      expect(entries.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('reach every outcome of the rulebook', () => {
    const outcomes = Object.values(expectedOutcomes());
    const reasons = new Set(outcomes.flatMap(({ reason }) => reason ?? []));
    expect([...reasons].sort()).toStrictEqual(Object.keys(FailingReason.keys).sort());
    const bases = new Set(
      outcomes.flatMap((each) => (each.summarised ? each.bases?.join(' + ') : [])),
    );
    expect([...bases].sort()).toStrictEqual([
      'consent',
      'policy',
      'policy + standing-permission',
      'standing-permission',
    ]);
  });

  it('are listed with their outcome in the README', () => {
    const rows = new Map(
      [
        ...textOf('README.md').matchAll(/^\| `([^`]+)` *\|[^|\n]*\|([^|\n]*)\| `([^`]+)` *\|/gm),
      ].map(([, session, outcome, why]) => [session, [outcome?.trim(), why]]),
    );
    const listed = Object.entries(expectedOutcomes()).map(([session, expected]) => {
      const eligible =
        expected.outcome === 'eligible' ? 'eligible, not summarised' : 'not eligible';
      const why = expected.reason ?? expected.bases?.join(' + ');
      return [session, [expected.summarised ? 'summarised' : eligible, why]];
    });
    expect([...rows]).toStrictEqual(listed);
  });
});

describe('the sample company', () => {
  const Line = t.type({
    command: t.string,
    at: t.string,
    by: t.type({ kind: t.string, id: t.string }),
  });

  it('is set up by known commands with the fields of their events, in order of time', () => {
    const times = linesOf('company.jsonl').map((text) => {
      const { command, at, by, ...fields } = decoded(Line, JSON.parse(text));
      const codec = commands[command];
      if (codec === undefined) throw new Error(`${command} is not a command`);
      expect(decoded(codec, fields)).toStrictEqual(fields);
      expect(by.id).not.toBe('');
      return Date.parse(at);
    });
    expect(times).toStrictEqual([...times].sort((a, b) => a - b));
  });

  it('knows every supporter and device of the sessions, and the credits for all that are summarised', async () => {
    const known = new Set<unknown>();
    let credits = 5; // Business, one month (rulebook §5).
    for (const text of linesOf('company.jsonl')) {
      const line = JSON.parse(text) as Record<string, unknown>;
      if (line['command'] === 'RegisterUser') known.add(line['userId']);
      if (line['command'] === 'EnrolDevice') known.add(line['deviceId']);
      if (line['command'] === 'PurchaseCredits') credits += Number(line['amount']);
    }
    for (const entry of await journal()) {
      if (entry.entry !== 'session-started') continue;
      for (const word of [entry.supporter, entry.device]) {
        if (word !== null) expect(known).toContain(word);
      }
    }
    expect(Object.values(expectedOutcomes()).filter(({ summarised }) => summarised)).toHaveLength(
      credits,
    );
  });
});
