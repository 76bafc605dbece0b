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

/** Captured on the permission of the remote side, then covered by a policy too. */
const captured = async (engine: TestEngine): Promise<void> => {
  await setUp(engine, 3);
  for (const command of policy) right(await engine.company(command));
  const both: JournalEntry = { ...started('s1'), direction: 'both', device: 'd-1' } as JournalEntry;
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
