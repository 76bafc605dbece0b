import { ruleBook } from '@daybook/domain/rules';
import { streamOf } from '@daybook/domain/kernel';
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { CompanyCommand } from '../src/company-command.js';
import {
  explainCharges,
  explainCompany,
  explainDevice,
  explainSummary,
  explainUser,
  type Moment,
} from '../src/explain/index.js';
import {
  AT,
  assistant,
  chat,
  COMPANY,
  ended,
  engineOver,
  headOf,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

// Goal: every decision is told with its facts and comes out the same again; one that was tampered with
// does not. Method: a company with devices, users and a last credit, and readers that change one event.

const HOUR_MS = 3_600_000;

type Reader = Pick<EventStore, 'readStream'>;

/** The store as if one event had other data. */
const tampered = (store: EventStore, type: string, change: (data: string) => string): Reader => ({
  readStream: async function* (stream, options) {
    for await (const page of store.readStream(stream, options)) {
      if (E.isLeft(page)) yield page;
      else {
        const spoil = (event: StoredEvent): StoredEvent =>
          event.type === type ? { ...event, data: change(event.data) } : event;
        yield E.right({ events: page.right.events.map(spoil) });
      }
    }
  },
});

const set = (insights: boolean, state: 'set' | 'enforced' = 'set') => ({
  state,
  reporting: true,
  insights,
});

/** Each command an hour after the one before, from `AT` on. */
const commands: readonly CompanyCommand[] = [
  { command: 'DefinePolicy', policyId: 'p-1', setting: set(true) },
  { command: 'CreateGroup', groupId: 'g-1' },
  { command: 'AssignGroupPolicy', groupId: 'g-1', policyId: 'p-1' },
  { command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' },
  { command: 'SetDevicePolicySource', deviceId: 'd-1', source: 'group', groupId: 'g-1' },
  { command: 'ApplyPolicy', deviceId: 'd-1' },
  { command: 'SetLocalSwitch', deviceId: 'd-1', toggle: 'insights', enabled: false },
  { command: 'RevisePolicy', policyId: 'p-1', setting: set(true, 'enforced') },
  { command: 'SetSessionLogging', userId: 'u-1', enabled: false },
  { command: 'SetSessionLogging', userId: 'u-1', enabled: true },
  { command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'allowed' },
];
const after = (hours: number): Moment => ({ axis: 'as-of', instant: AT + hours * HOUR_MS });

let engine: TestEngine;

beforeAll(async () => {
  engine = engineOver(memoryStore());
  await setUp(engine, 1);
  for (const [index, command] of commands.entries())
    right(await engine.company(command, AT + (index + 1) * HOUR_MS));
  for (const session of ['s-1', 's-2'])
    for (const entry of [started(session), chat(session), assistant(session), ended(session)])
      right(await engine.entry(entry));
  right(await engine.insights.runUntil(await headOf(engine.store)));
});

describe('A device explained', () => {
  const device = async (moment: Moment | null = null, reader: Reader = engine.store) => {
    const found = right(await explainDevice(reader)(COMPANY, 'd-1', moment));
    if (found === null) throw new Error('no device');
    return found;
  };

  it('says what is in effect, from which version of which group’s policy, and what is pending', async () => {
    const found = await device();
    expect(found.effective).toStrictEqual({
      reporting: { enabled: true, from: 'policy-set', policyId: 'p-1', version: 1, groupId: 'g-1' },
      insights: { enabled: false, from: 'local', policyId: 'p-1', version: 1, groupId: 'g-1' },
    });
    expect(found.appliedVersion?.setting).toStrictEqual(set(true));
    expect(found.pending).toMatchObject({
      pending: 'apply',
      groupId: 'g-1',
      policy: { policyId: 'p-1', version: 2, setting: set(true, 'enforced') },
    });
    expect(found.readFrom).toStrictEqual([
      { stream: streamOf('device', COMPANY, 'd-1'), revision: 4 },
      { stream: streamOf('group', COMPANY, 'g-1'), revision: 1 },
      { stream: streamOf('policy', COMPANY, 'p-1'), revision: 1 },
    ]);
    expect(found.changes.map(({ event, section }) => [event.type, section])).toStrictEqual([
      ['DeviceEnrolled', '§2.4'],
      ['DevicePolicySourceSet', '§2.4'],
      ['PolicyApplied', '§2.4'],
      ['LocalSwitchSet', '§2.4'],
      ['AccessControlSet', '§2.5'],
    ]);
    expect(found.agrees).toBe(true);
  });

  it('is explained as it was at any moment', async () => {
    const applied = await device(after(6));
    expect([applied.pending, applied.effective.insights.enabled]).toStrictEqual([null, true]);
    const assigned = await device(after(5));
    expect(assigned.pending).toMatchObject({ pending: 'apply', policy: { version: 1 } });
    expect(assigned.facts.policyApplied).toBe(false);
    const position = applied.changes.at(-1)?.position ?? 0;
    expect(await device({ axis: 'position', position })).toStrictEqual(applied);
    expect(right(await explainDevice(engine.store)(COMPANY, 'd-1', after(3)))).toBeNull();
  });

  it('does not agree when the applied setting is not what the policy defined', async () => {
    const spoilt = tampered(engine.store, 'PolicyApplied', (data) =>
      data.replace('"insights":true', '"insights":false'),
    );
    const found = await device(null, spoilt);
    expect(found.agrees).toBe(false);
    expect(
      found.changes.filter(({ agrees }) => !agrees).map(({ event }) => event.type),
    ).toStrictEqual(['PolicyApplied']);
  });
});

describe('A user explained', () => {
  it('has role and session logging, who set them, and each change decided again', async () => {
    const found = right(await explainUser(engine.store)(COMPANY, 'u-1'));
    expect(found?.state).toMatchObject({ role: 'supporter', sessionLogging: true });
    expect(
      found?.changes.map(({ event, actor, agrees }) => [event.type, actor.id, agrees]),
    ).toStrictEqual([
      ['UserRegistered', 'u-admin', true],
      ['SessionLoggingSet', 'u-admin', true],
      ['SessionLoggingSet', 'u-admin', true],
    ]);
    const between = right(await explainUser(engine.store)(COMPANY, 'u-1', after(9)));
    expect(between?.state).toMatchObject({ sessionLogging: false });
    expect(right(await explainUser(engine.store)(COMPANY, 'u-2'))).toBeNull();
  });

  it('does not agree when a change says what was so already', async () => {
    const spoilt = tampered(engine.store, 'SessionLoggingSet', (data) =>
      data.replace('false', 'true'),
    );
    expect(right(await explainUser(spoilt)(COMPANY, 'u-1'))?.agrees).toBe(false);
  });
});

describe('A company explained', () => {
  it('has plan, activation and options, each change decided again', async () => {
    const found = right(await explainCompany(engine.store)(COMPANY));
    expect(found?.state).toMatchObject({ aiActivated: true, outgoing: true, incoming: false });
    expect(found?.changes.map(({ event }) => event.type)).toStrictEqual([
      'CompanyRegistered',
      'AiActivated',
      'SummariesOptionSet',
    ]);
    expect(found?.agrees).toBe(true);
  });
});

describe('The credit side of a session', () => {
  const charges = async (session: string, reader: Reader = engine.store) =>
    right(await explainCharges({ reader, ruleBook })(COMPANY, session));

  it('says which lot paid, with the balance at that instant, and agrees', async () => {
    const { charges: found, refusals } = await charges('s-1');
    expect(refusals).toStrictEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      chargeId: 's-1:0',
      amount: 1,
      status: 'captured',
      at: AT + 2_000,
      allocations: [{ lotId: 'order:PO-1', amount: 1 }],
      balance: { available: 1, free: 0, paid: 1, held: 0 },
      accountRevision: 0,
      agrees: true,
    });
  });

  it('says why none paid, with the balance evaluated from the account’s revision', async () => {
    const { charges: found, refusals } = await charges('s-2');
    expect(found).toStrictEqual([]);
    expect(refusals).not.toHaveLength(0);
    for (const refused of refusals)
      expect(refused).toMatchObject({
        needed: 1,
        missing: 1,
        balance: { available: 0 },
        agrees: true,
      });
  });

  it('does not agree when a hold says another time-out, or a refusal other numbers', async () => {
    const otherTime = tampered(engine.store, 'CreditsHeld', (data) =>
      data.replace(/"timesOutAt":\d+/, '"timesOutAt":1'),
    );
    expect((await charges('s-1', otherTime)).charges.map(({ agrees }) => agrees)).toStrictEqual([
      false,
    ]);
    const otherNumber = tampered(engine.store, 'CommandRefused', (data) =>
      data.replace('"missing":1', '"missing":2'),
    );
    const { refusals } = await charges('s-2', otherNumber);
    expect(refusals.map(({ agrees }) => agrees)).toStrictEqual(refusals.map(() => false));
  });
});

describe('The summary of a session', () => {
  it('has its provenance by revision and no text', async () => {
    const found = right(await explainSummary(engine.store)(COMPANY, 's-1'));
    expect(found.revisions).toHaveLength(1);
    expect(found.revisions[0]).toMatchObject({
      revision: 1,
      origin: 'ai',
      model: 'test-model',
      promptVersion: 'test-1',
      author: null,
      agrees: true,
    });
    expect(right(await explainSummary(engine.store)(COMPANY, 's-2')).revisions).toStrictEqual([]);
  });
});
