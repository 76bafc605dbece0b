import { makeCommandHandler } from '@daybook/command-handling';
import { ruleBook as shippedRuleBook, type RuleBook } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type EventStore } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import type { Summarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Call } from '../src/call.js';
import { openCheckpointsInMemory, type Checkpoints } from '../src/checkpoints.js';
import { runCompanyCommand } from '../src/company-commands.js';
import type { CompanyCommand } from '../src/company-command.js';
import { defaultNotice } from '../src/config.js';
import type { CommandAnswer } from '../src/deps.js';
import { grantsProcess } from '../src/grants-process.js';
import { callForEntry, importEntries, type InputLine } from '../src/import-journal.js';
import { insightsProcess } from '../src/insights-process.js';
import { makeProcessRunner, type ProcessRunner } from '../src/process-runner.js';
import { makeRedactionMemory } from '../src/redaction-memory.js';
import { defaultRetryPolicy, timerWait, type Retrying } from '../src/retry.js';
import { recordEntry, type EntryAnswer, type SessionDeps } from '../src/session-flow.js';

export const COMPANY = 'acme';
/** 10 March 2026, 09:00 UTC. */
export const AT = Date.UTC(2026, 2, 10, 9);

export const memoryCheckpoints = openCheckpointsInMemory;

/** One attempt and no clock that moves: what cannot be made at once is given up. */
export const oneAttempt: Retrying = {
  policy: { ...defaultRetryPolicy, attemptsMax: 1 },
  clock: () => AT + 3_600_000,
  random: () => 0.5,
  wait: timerWait,
};

export const instantSummarizer: Summarizer = {
  model: 'test-model',
  promptVersion: 'test-1',
  summarize: () =>
    TE.right({
      language: 'en',
      body: { title: 'T', problem: 'P', steps: ['S'], result: 'R', followUps: [], tags: [] },
    }),
};

export const failingSummarizer: Summarizer = {
  ...instantSummarizer,
  summarize: () =>
    TE.left({ _tag: 'SummarizerUnavailable', reason: 'timed-out', retryAfterMs: null }),
};

export type TestEngine = Readonly<{
  store: EventStore;
  /** For what a test does beside the engine's own ways. */
  deps: SessionDeps;
  company: (command: CompanyCommand, at?: number) => Promise<CommandAnswer>;
  entry: (entry: JournalEntry) => Promise<EntryAnswer>;
  importEntries: ReturnType<typeof importEntries>;
  insights: ProcessRunner;
  grants: ProcessRunner;
}>;

/** The engine's parts over any store, so that tests can break the store between two steps. */
export const engineOver = (
  store: EventStore,
  options: Readonly<{
    summarizer?: Summarizer;
    checkpoints?: Checkpoints;
    ruleBook?: RuleBook;
    retry?: Retrying;
  }> = {},
): TestEngine => {
  const ruleBook = options.ruleBook ?? shippedRuleBook;
  const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
  const checkpoints = options.checkpoints ?? memoryCheckpoints();
  const summarizer = options.summarizer ?? instantSummarizer;
  const insights = makeProcessRunner(
    store,
    checkpoints,
    insightsProcess({ ...deps, summarizer, concurrency: 8, retry: options.retry ?? oneAttempt }),
  );
  const sessionDeps = { ...deps, notice: defaultNotice, redaction: makeRedactionMemory(store) };
  const actor = { kind: 'administrator', id: 'u-admin' } as const;
  const callOf = (command: CompanyCommand, at: number): Call => {
    const commandId = `test/${JSON.stringify(command)}/${at}`;
    return { company: COMPANY, actor, commandId, correlationId: commandId, at };
  };
  return {
    store,
    deps: sessionDeps,
    company: (command, at = AT) => runCompanyCommand(deps)(callOf(command, at), command),
    entry: (entry) => recordEntry(sessionDeps)(callForEntry(COMPANY, entry), entry, 'api'),
    importEntries: importEntries(sessionDeps, insights),
    insights,
    grants: makeProcessRunner(store, checkpoints, grantsProcess(deps)),
  };
};

export const memoryStore = (): EventStore => makeInMemoryEventStore({ clock: () => AT });

export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right;
  throw new Error(JSON.stringify(either.left));
};

/** A company with everything switched on, `credits` purchased, and no free ones. */
export const setUp = async (engine: TestEngine, credits: number): Promise<void> => {
  const commands: readonly CompanyCommand[] = [
    { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' },
    { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
    { command: 'ActivateAi', termsVersion: '2026-01' },
    { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
    { command: 'PurchaseCredits', orderNumber: 'PO-1', amount: credits },
  ];
  for (const command of commands) right(await engine.company(command));
};

export const started = (session: string): JournalEntry => ({
  entry: 'session-started',
  session,
  at: AT,
  direction: 'outgoing',
  supporter: 'u-1',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
  accessControl: { supporter: 'allowed', remote: 'allowed' },
});

export const chat = (session: string, item = 'c1'): JournalEntry => ({
  entry: 'chat',
  session,
  at: AT + 1_000,
  speaker: 'supporter',
  text: 'I restarted the spooler.',
  item,
});

export const assistant = (session: string, item = 'a1'): JournalEntry => ({
  entry: 'assistant-message',
  session,
  at: AT + 2_000,
  text: 'Check the driver.',
  item,
});

export const ended = (session: string, at = AT + 60_000): JournalEntry => ({
  entry: 'session-ended',
  session,
  at,
});

export async function* linesOf(entries: readonly JournalEntry[]): AsyncGenerator<InputLine> {
  for (const [index, entry] of entries.entries())
    yield await Promise.resolve({ line: index + 1, bytes: index, result: E.right([entry]) });
}

/** Every stored event as `stream type`, in the order of the log. */
export const storedTypes = async (store: EventStore): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const page of store.readAll())
    for (const { stream, type } of right(page).events) found.push(`${stream} ${type}`);
  return found;
};

export const countOf = async (store: EventStore, type: string): Promise<number> =>
  (await storedTypes(store)).filter((stored) => stored.endsWith(` ${type}`)).length;

export const headOf = async (store: EventStore): Promise<number> => right(await store.head()());
