import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleBook } from '@daybook/domain/rules';
import { streamOf } from '@daybook/domain/kernel';
import type { JournalEntry } from '@daybook/session-journal';
import type { Call } from '../src/call.js';
import type { CompanyCommand } from '../src/company-command.js';
import { defaultNotice } from '../src/config.js';
import { openEngine, type Engine } from '../src/engine.js';
import { explainSession } from '../src/index.js';
import { callForEntry } from '../src/import-journal.js';
import {
  AT,
  chat,
  COMPANY,
  ended,
  instantSummarizer,
  linesOf,
  right,
  started,
} from './in-memory-engine.js';

// Goal: what happens while a session runs counts from its instant on (rulebook §3): the gate shuts or
// opens, once, on every running session that rests on the fact, and on no other. Method: the engine on
// its own directory; the session's decisions, and what it takes in before and after, are compared exactly.

let directory: string;
let engine: Engine;

const opened = async (): Promise<Engine> =>
  right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: instantSummarizer,
      clock: () => AT,
      notice: defaultNotice,
      summariesAtOnce: 4,
    }),
  );

const callOf = (command: CompanyCommand, at: number): Call => {
  const commandId = `test/${JSON.stringify(command)}/${at}`;
  const actor = { kind: 'administrator', id: 'u-admin' } as const;
  return { company: COMPANY, actor, commandId, correlationId: commandId, at };
};

const company = async (command: CompanyCommand, at = AT): Promise<void> => {
  right(await engine.company(callOf(command, at), command));
};

/** The refusal of an entry, if any. */
const entry = async (given: JournalEntry): Promise<string | null> =>
  right(await engine.entry(callForEntry(COMPANY, given), given, 'api')).refusal?._tag ?? null;

const incoming = (session: string, device: string): JournalEntry => ({
  entry: 'session-started',
  session,
  at: AT,
  direction: 'incoming',
  supporter: 'u-2',
  signedIn: true,
  device,
  module: 'full',
  platform: 'windows',
  method: 'managed',
  attended: true,
  accessControl: { supporter: 'allowed', remote: 'allowed' },
});

const line = (session: string, seconds: number): JournalEntry => ({
  entry: 'chat',
  session,
  at: AT + seconds * 1_000,
  speaker: 'supporter',
  text: 'I restarted the spooler.',
  item: `i${seconds}`,
});

type Decided = Readonly<{ trigger: string; outcome: string; reason: string | null; at: number }>;

const decisions = async (session: string): Promise<readonly Decided[]> => {
  const found: Decided[] = [];
  for await (const page of engine.store.readStream(streamOf('session', COMPANY, session)))
    for (const { type, data } of right(page).events) {
      if (type !== 'EligibilityDecided') continue;
      const parsed = JSON.parse(data) as Omit<Decided, 'at'> & { decidedAt: number };
      const { trigger, outcome, reason, decidedAt } = parsed;
      found.push({ trigger, outcome, reason, at: (decidedAt - AT) / 1_000 });
    }
  return found;
};

const enforced = { state: 'enforced', reporting: true, insights: true } as const;
const set = { ...enforced, state: 'set' } as const;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-reconsider-'));
  engine = await opened();
  const commands: readonly CompanyCommand[] = [
    { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' },
    { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
    { command: 'RegisterUser', userId: 'u-2', role: 'supporter' },
    { command: 'ActivateAi', termsVersion: '1' },
    { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
    { command: 'SetSummariesOption', path: 'incoming', enabled: true },
    { command: 'DefinePolicy', policyId: 'p-1', setting: set },
    { command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' },
    { command: 'EnrolDevice', deviceId: 'd-2', platform: 'windows' },
    { command: 'SetDevicePolicySource', deviceId: 'd-1', source: 'own', policyId: 'p-1' },
    { command: 'SetDevicePolicySource', deviceId: 'd-2', source: 'own', policyId: 'p-1' },
    { command: 'ApplyPolicy', deviceId: 'd-1' },
    { command: 'ApplyPolicy', deviceId: 'd-2' },
  ];
  for (const command of commands) await company(command);
});

afterEach(async () => {
  await engine.close();
  rmSync(directory, { recursive: true });
});

const off: CompanyCommand = { command: 'SetSummariesOption', path: 'outgoing', enabled: false };
const on: CompanyCommand = { command: 'SetSummariesOption', path: 'outgoing', enabled: true };

describe('a fact that changes while sessions run', () => {
  /** What is switched, the session that rests on it, and why it may not go on. */
  const changes: readonly (readonly [string, CompanyCommand, JournalEntry, string])[] = [
    ['AI deactivated', { command: 'DeactivateAi' }, started('s'), 'ai-not-activated'],
    ['option switched off', off, started('s'), 'outgoing-off'],
    ['plan left', { command: 'ChangePlan', plan: 'free' }, started('s'), 'plan-not-covered'],
    [
      'user no longer logged',
      { command: 'SetSessionLogging', userId: 'u-1', enabled: false },
      started('s'),
      'session-logging-off',
    ],
    [
      'policy withdrawn',
      { command: 'WithdrawPolicy', deviceId: 'd-1' },
      incoming('s', 'd-1'),
      'no-applied-policy',
    ],
    [
      'switched off locally',
      { command: 'SetLocalSwitch', deviceId: 'd-1', toggle: 'insights', enabled: false },
      incoming('s', 'd-1'),
      'switched-off-locally',
    ],
    [
      'device released',
      { command: 'ReleaseDevice', deviceId: 'd-1' },
      incoming('s', 'd-1'),
      'device-not-managed',
    ],
    [
      'access control denied',
      { command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'denied' },
      { ...(started('s') as Extract<JournalEntry, { entry: 'session-started' }>), device: 'd-1' },
      'denied-by-access-control',
    ],
  ];

  it.each(changes)('%s: capture stops from that instant', async (...change) => {
    const [what, command, start, reason] = change;
    if (what === 'access control denied')
      await company({ command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'allowed' });
    expect(await entry(start)).toBeNull();
    expect(await entry(line('s', 1))).toBeNull();
    await company(command, AT + 5_000);
    // Before the change: the basis was another one, and what comes late is refused. From it on: no basis.
    expect(await entry(line('s', 4))).toBe('NoBasis');
    expect(await entry(line('s', 5))).toBe('NoBasis');
    expect(await entry(line('s', 60))).toBe('NoBasis');
    expect((await decisions('s')).slice(1)).toStrictEqual([
      { trigger: 'fact-changed', outcome: 'not-eligible', reason, at: 5 },
    ]);
    const explained = right(await explainSession({ reader: engine.store, ruleBook })(COMPANY, 's'));
    expect(explained?.decisions.map(({ agrees }) => agrees)).toStrictEqual([true, true]);
  });

  it('leaves alone the sessions that do not rest on it, and those that have ended', async () => {
    for (const start of [incoming('s-1', 'd-1'), incoming('s-2', 'd-2'), incoming('s-3', 'd-1')])
      expect(await entry(start)).toBeNull();
    expect(await entry(ended('s-3', AT + 1_000))).toBeNull();
    await company({ command: 'WithdrawPolicy', deviceId: 'd-1' }, AT + 5_000);
    expect(await Promise.all(['s-1', 's-2', 's-3'].map(decisions))).toMatchObject([
      [{ outcome: 'eligible' }, { outcome: 'not-eligible' }],
      [{ outcome: 'eligible' }],
      [{ outcome: 'eligible' }],
    ]);
  });

  it('opens the gate again, from then on and not for what was said in between', async () => {
    await entry(started('s'));
    await company(off, AT + 5_000);
    await company(on, AT + 10_000);
    expect(await entry(line('s', 7))).toBe('NoBasis');
    expect(await entry(line('s', 10))).toBeNull();
    expect((await decisions('s')).map(({ outcome, at }) => [outcome, at])).toStrictEqual([
      ['eligible', 0],
      ['not-eligible', 5],
      ['eligible', 10],
    ]);
  });

  it('is decided once, on all that one command changed', async () => {
    await entry(started('s'));
    await company({ command: 'DeactivateAi' }, AT + 5_000);
    expect(await decisions('s')).toHaveLength(2);
  });

  it('reaches every session of a bulk command before the command is answered', async () => {
    await entry(started('s'));
    const call = callOf(off, AT + 5_000);
    const users = { kind: 'all' } as const;
    for await (const outcome of engine.bulk(call, {
      set: 'session-logging',
      enabled: false,
      users,
    }))
      right(outcome);
    expect((await decisions('s')).at(-1)?.reason).toBe('session-logging-off');
  });
});

describe('an entry and a change of a fact at the same time', () => {
  it('take turns: nothing is written between the fact and the decision that follows from it', async () => {
    await entry(started('s'));
    const lines = Array.from({ length: 40 }, (_, index) => index + 1);
    const work: Promise<unknown>[] = [];
    for (const second of lines) {
      work.push(entry(line('s', second)));
      if (second === 20) work.push(company(off, AT + 20_000));
    }
    await Promise.all(work);
    const order: string[] = [];
    for await (const page of engine.store.readAll())
      for (const { type, data } of right(page).events) {
        if (type === 'SummariesOptionSet' || type === 'EligibilityDecided') order.push(type);
        if (type === 'ContentCaptured') order.push((JSON.parse(data) as { itemId: string }).itemId);
      }
    const switched = order.lastIndexOf('SummariesOptionSet');
    expect(order.slice(switched)).toStrictEqual(['SummariesOptionSet', 'EligibilityDecided']);
    expect(order.slice(switched - 20, switched)).toStrictEqual(
      lines.slice(0, 20).map((second) => `i${second}`),
    );
  });

  it('is made up for before the first entry, where the engine died between the two', async () => {
    await entry(started('s'));
    // The fact reaches the log and nothing else does, as after a kill behind its append.
    const { runCompanyCommand } = await import('../src/company-commands.js');
    const { makeCommandHandler } = await import('@daybook/command-handling');
    const { store } = engine;
    const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
    right(await runCompanyCommand(deps)(callOf(off, AT + 5_000), off));
    await engine.close();
    engine = await opened();
    expect(await entry(line('s', 6))).toBe('NoBasis');
    expect((await decisions('s')).map(({ at }) => at)).toStrictEqual([0, 5]);
  });
});

describe('an import by time', () => {
  it('decides open sessions again in the right place, the same byte for byte when it is run again', async () => {
    const whole = async (): Promise<readonly string[]> => {
      const parts: readonly (readonly JournalEntry[])[] = [
        [started('a'), chat('a'), started('b')],
        [line('a', 6), line('b', 6), ended('a', AT + 8_000)],
        [line('b', 12), ended('b', AT + 20_000)],
      ];
      const commands = [off, on] as const;
      for (const [index, entries] of parts.entries()) {
        const lines = linesOf(entries);
        const onProblem = (): never => {
          throw new Error('no line has a problem');
        };
        const source = 'journal';
        right(await engine.importEntries({ company: COMPANY, source, lines, onProblem }));
        const command = commands[index];
        if (command !== undefined) await company(command, AT + 5_000 * (index + 1));
      }
      const stored: string[] = [];
      for await (const page of engine.store.readAll({ filter: { categories: ['session'] } }))
        for (const event of right(page).events)
          stored.push(
            JSON.stringify([event.stream, event.revision, event.id, event.type, event.data]),
          );
      return stored.sort();
    };
    const first = await whole();
    expect(await whole()).toStrictEqual(first);
    const captured = first.filter((event) => event.includes('"ContentCaptured"'));
    expect(captured.map((event) => /"itemId\\":\\"(\w+)/.exec(event)?.[1])).toStrictEqual([
      'c1',
      'i12',
    ]);
    expect((await decisions('b')).map(({ outcome, at }) => [outcome, at])).toStrictEqual([
      ['eligible', 0],
      ['not-eligible', 5],
      ['eligible', 10],
    ]);
  });
});

describe('the process that decides again', () => {
  it('is counted like the others: how far it is, and what it has not done', async () => {
    await company({ command: 'SetSummariesOption', path: 'outgoing', enabled: false });
    const standing = engine.work.counts().find(({ process }) => process === 'reconsider');
    const head = right(await engine.store.head()());
    expect(standing).toStrictEqual({
      process: 'reconsider',
      position: head,
      waiting: 0,
      parked: 0,
      retries: 0,
    });
  });
});
