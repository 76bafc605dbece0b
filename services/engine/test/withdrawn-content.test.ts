import { streamOf } from '@daybook/domain/kernel';
import type { JournalEntry } from '@daybook/session-journal';
import * as aggregates from '../src/aggregates.js';
import { system } from '../src/call.js';
import type { CompanyCommand } from '../src/company-command.js';
import { readFacts } from '../src/facts.js';
import { callForEntry } from '../src/import-journal.js';
import { recordEntry, sendToSession } from '../src/session-flow.js';
import {
  assistant,
  AT,
  chat,
  COMPANY,
  countOf,
  ended,
  engineOver,
  headOf,
  instantSummarizer,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

/*
 * Goal: a withdrawal destroys what rested on the permission also where a policy keeps the gate open, and
 * nothing is made of what is gone. Method: a session captured on a standing permission, which a policy
 * covers later; the withdrawal comes before the end, or while the summary is being made.
 */
const policy: readonly CompanyCommand[] = [
  { command: 'SetSummariesOption', path: 'incoming', enabled: true },
  { command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' },
  { command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'allowed' },
  {
    command: 'DefinePolicy',
    policyId: 'p-1',
    setting: { state: 'set', reporting: true, insights: true },
  },
  { command: 'SetDevicePolicySource', deviceId: 'd-1', source: 'own', policyId: 'p-1' },
];

const withdrawn: JournalEntry = {
  entry: 'consent-withdrawn',
  session: 's1',
  at: AT + 30_000,
  by: 'r-1',
};

/** Decides again with the facts as they are now. */
const reconsider = async ({ deps }: TestEngine): Promise<void> => {
  const stream = streamOf('session', COMPANY, 's1');
  const { state } = right(await deps.handler.load(aggregates.sessions, stream)());
  if (state.status === 'not-started') throw new Error('the session has started');
  const at = AT + 10_000;
  const read = right(await readFacts(deps)(COMPANY, state.started, at)());
  const terms = { notice: deps.notice, promptTimeoutMs: 60_000 };
  const command = { type: 'ReconsiderEligibility', at, read, ...terms } as const;
  const call = { company: COMPANY, actor: system, commandId: 'again', correlationId: 's1', at };
  right(await sendToSession(deps, call, { sessionId: 's1', command }));
};

const both: JournalEntry = { ...started('s1'), direction: 'both', device: 'd-1' } as JournalEntry;

/** Captured on a policy alone, beside which the remote side's permission stands. */
const capturedByPolicy = async (engine: TestEngine): Promise<void> => {
  await setUp(engine, 3);
  for (const command of policy) right(await engine.company(command));
  right(await engine.company({ command: 'ApplyPolicy', deviceId: 'd-1' }));
  for (const entry of [both, chat('s1')]) right(await engine.entry(entry));
};

/** Every process has seen the log up to its end. */
const settled = async ({ insights, store }: TestEngine): Promise<void> => {
  right(await insights.runUntil(await headOf(store)));
};

const outcomeOf = async ({ store }: TestEngine): Promise<Readonly<Record<string, number>>> => ({
  destroyed: await countOf(store, 'CapturedContentDestroyed'),
  generated: await countOf(store, 'SummaryGenerated'),
  deleted: await countOf(store, 'SummaryDeleted'),
  charged: await countOf(store, 'HoldCaptured'),
});

/** Captured on the permission of the remote side, then covered by a policy too. */
const captured = async (engine: TestEngine): Promise<void> => {
  await setUp(engine, 3);
  for (const command of policy) right(await engine.company(command));
  for (const entry of [both, chat('s1'), assistant('s1')]) right(await engine.entry(entry));
  right(await engine.company({ command: 'ApplyPolicy', deviceId: 'd-1' }, AT + 5_000));
  await reconsider(engine);
};

describe('a withdrawal that leaves a policy', () => {
  it('leaves nothing to summarise where nothing was captured since', async () => {
    const engine = engineOver(memoryStore());
    await captured(engine);
    for (const entry of [withdrawn, ended('s1')]) right(await engine.entry(entry));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await countOf(engine.store, 'CapturedContentDestroyed')).toBe(1);
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(0);
  });
  it('keeps a summary that is being made from being stored', async () => {
    const engine: TestEngine = engineOver(memoryStore(), {
      summarizer: {
        ...instantSummarizer,
        summarize: (request) => async () => {
          const call = callForEntry(COMPANY, withdrawn);
          right(await recordEntry(engine.deps)(call, withdrawn, 'api'));
          return instantSummarizer.summarize(request)();
        },
      },
    });
    await captured(engine);
    right(await engine.entry(ended('s1')));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await countOf(engine.store, 'CapturedContentDestroyed')).toBe(1);
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(0);
  });
});

describe('a withdrawal that leaves what a policy alone covered', () => {
  const kept = { destroyed: 0, generated: 1, deleted: 0, charged: 1 };
  it('leaves the summary to be made where it comes before the end', async () => {
    const engine = engineOver(memoryStore());
    await capturedByPolicy(engine);
    for (const entry of [withdrawn, ended('s1')]) right(await engine.entry(entry));
    await settled(engine);
    expect(await outcomeOf(engine)).toStrictEqual(kept);
  });
  it('leaves the summary that was made where the log hears of it later', async () => {
    const engine = engineOver(memoryStore());
    await capturedByPolicy(engine);
    right(await engine.entry(ended('s1')));
    await settled(engine);
    right(await engine.entry(withdrawn));
    await settled(engine);
    expect(await outcomeOf(engine)).toStrictEqual(kept);
  });
});

describe('a withdrawal that the log hears of after the summary', () => {
  it('takes the summary with what rested on the permission, although a policy holds', async () => {
    const engine = engineOver(memoryStore());
    await captured(engine);
    right(await engine.entry(ended('s1')));
    await settled(engine);
    right(await engine.entry(withdrawn));
    await settled(engine);
    const gone = { destroyed: 1, generated: 1, deleted: 1, charged: 1 };
    expect(await outcomeOf(engine)).toStrictEqual(gone);
  });
});
