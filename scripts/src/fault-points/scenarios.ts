/** Sessions that end in the ways that the insights process has to survive, recorded by the engine itself. */
import { callForEntry, type CompanyCommand, type Engine } from '@daybook/engine';
import type { JournalEntry } from '@daybook/session-journal';
import { right } from '../synthetic/company.js';

export const COMPANY = 'faults';

export type Scenario = Readonly<{
  what: string;
  credits: number;
  /** Calls of the summarizer that fail before one succeeds. */
  failures: number;
  entries: readonly JournalEntry[];
  /** What must be there in the end, whatever was killed: types of events and how many. */
  wanted: Readonly<Record<string, number>>;
}>;

const AT = Date.UTC(2026, 2, 10, 9);
/** No session ends later. */
export const ENDED_BY = AT + 60_000;

const startOf = (session: string): JournalEntry => ({
  entry: 'session-started',
  session,
  at: AT,
  direction: 'outgoing',
  supporter: 'u-lena',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
  accessControl: { supporter: 'allowed', remote: 'allowed' },
});

const chatOf = (session: string): JournalEntry => ({
  entry: 'chat',
  session,
  at: AT + 1_000,
  speaker: 'supporter',
  text: 'The printer answers again after the spooler was restarted.',
  item: 'c1',
});

const endOf = (session: string, at: number): JournalEntry => ({
  entry: 'session-ended',
  session,
  at,
});

const session = (id: string, endedAt: number): readonly JournalEntry[] => [
  startOf(id),
  chatOf(id),
  endOf(id, endedAt),
];

const assistant: JournalEntry = {
  entry: 'assistant-message',
  session: 's1',
  at: AT + 2_000,
  text: 'Look at the driver first.',
  item: 'a1',
};

const once = { SummaryGenerated: 1, CreditsHeld: 1, HoldCaptured: 1, HoldReleased: 0 };

export const scenarios: Readonly<Record<string, Scenario>> = {
  plain: {
    what: 'a plain session',
    credits: 1,
    failures: 0,
    entries: session('s1', ENDED_BY),
    wanted: { ...once, SummaryFailed: 0 },
  },
  assistant: {
    what: 'a session that used the assistant',
    credits: 1,
    failures: 0,
    entries: [startOf('s1'), chatOf('s1'), assistant, endOf('s1', ENDED_BY)],
    wanted: { ...once, SummaryFailed: 0 },
  },
  recovery: {
    what: 'a summarizer that is there again at the third attempt',
    credits: 1,
    failures: 2,
    entries: session('s1', ENDED_BY),
    wanted: { ...once, SummaryFailed: 0 },
  },
  contest: {
    what: 'two sessions and one credit',
    credits: 1,
    failures: 0,
    entries: [...session('s2', ENDED_BY), ...session('s1', AT + 50_000)],
    wanted: { ...once, SummaryFailed: 0, AiUseRefused: 1 },
  },
};

/** Free credits of the plan at activation (rulebook §5); what the scenario does not need is taken away. */
const FREE = 5;

const setUp = (credits: number): readonly CompanyCommand[] => [
  { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' },
  { command: 'RegisterUser', userId: 'u-lena', role: 'supporter' },
  { command: 'ActivateAi', termsVersion: '2026-01' },
  { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
  { command: 'DeductCredits', adjustmentId: 'd-1', amount: FREE - credits, reason: 'a contest' },
];

/** The scenario's sessions in a data directory, ended and not yet looked at by any process. */
export const record = async (engine: Engine, scenario: Scenario): Promise<void> => {
  for (const command of setUp(scenario.credits)) {
    const commandId = `setup/${command.command}`;
    const actor = { kind: 'administrator', id: 'u-admin' } as const;
    const call = { company: COMPANY, actor, commandId, correlationId: commandId, at: AT };
    right(await engine.company(call, command));
  }
  for (const entry of scenario.entries) {
    const recorded = right(await engine.entry(callForEntry(COMPANY, entry), entry, 'journal'));
    if (recorded.refusal !== null) throw new Error(recorded.refusal._tag);
  }
};
