import { streamOf } from '@daybook/domain/kernel';
import { rulesAt } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type StoredEvent } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import type { Summarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../../src/aggregates.js';
import { runBulk, type BulkCommand } from '../../src/bulk.js';
import type { Call } from '../../src/call.js';
import { runCompanyCommand } from '../../src/company-commands.js';
import { readFacts } from '../../src/facts.js';
import { callForEntry, importEntries } from '../../src/import-journal.js';
import { memoryNotes } from '../../src/notes-file.js';
import { regenerateSummary } from '../../src/regenerate-summary.js';
import { recordEntry, sendToSession } from '../../src/session-flow.js';
import { deleteSummary, editSummary } from '../../src/summary-commands.js';
import { makeTimekeeping, type Timekeeping } from '../../src/timekeeping.js';
import {
  COMPANY,
  engineOver,
  headOf,
  instantSummarizer,
  linesOf,
  memoryCheckpoints,
  oneAttempt,
  right,
  type TestEngine,
} from '../in-memory-engine.js';
import type { History, Operation } from './operations.js';
import { changingRules, T0 } from './rules.js';

/** `changed`: the operation was accepted; whether it wrote anything shows the log. */
type Answer = E.Either<Readonly<{ _tag: string }>, unknown>;

export type World = Readonly<{
  engine: TestEngine;
  /** Runs one operation; `name` is the id of its command, where it has one of its own. */
  run: (operation: Operation, name: string) => Promise<Answer>;
  log: () => Promise<readonly StoredEvent[]>;
}>;

const refusedOf = (answer: Awaited<ReturnType<ReturnType<typeof recordEntry>>>): Answer =>
  E.isRight(answer) && answer.right.refusal !== null
    ? E.left({ _tag: 'Refused', refusal: answer.right.refusal })
    : answer;

const reconsider = async (engine: TestEngine, call: Call, sessionId: string): Promise<Answer> => {
  const { deps } = engine;
  const stream = streamOf('session', COMPANY, sessionId);
  const { state } = right(await deps.handler.load(aggregates.sessions, stream)());
  if (state.status === 'not-started') return E.right(null);
  const read = right(await readFacts(deps)(COMPANY, state.started, call.at)());
  const command = {
    type: 'ReconsiderEligibility',
    at: call.at,
    read,
    notice: deps.notice,
    promptTimeoutMs: rulesAt(deps.ruleBook, call.at).promptTimeoutMs,
  } as const;
  return sendToSession(deps, call, { sessionId, command });
};

const callOf = (by: Readonly<{ actor: Call['actor']; at: number }>, name: string): Call => ({
  company: COMPANY,
  actor: by.actor,
  commandId: name,
  correlationId: name,
  at: by.at,
});

const system: Call['actor'] = { kind: 'system', id: 'daybook' };

/** What the next summary that is made meets with. */
type During = { meanwhile: JournalEntry[]; fails: boolean };

/** Makes summaries while entries arrive, and the summarizer may fail for good. */
const whileMaking = async <A>(
  during: During,
  { meanwhile, fails }: Readonly<{ meanwhile: readonly JournalEntry[]; fails: boolean }>,
  make: () => Promise<A>,
): Promise<A> => {
  during.meanwhile = [...meanwhile];
  during.fails = fails;
  const made = await make();
  during.meanwhile = [];
  during.fails = false;
  return made;
};

/** The parts of an engine that act because time passes, and because a fact has changed while sessions run. */
const timekeepingOf = ({ store, deps }: TestEngine, clock: () => number): Timekeeping =>
  makeTimekeeping(
    { deps, store, checkpoints: memoryCheckpoints(), notes: memoryNotes() },
    { clock, notice: deps.notice, ruleBook: deps.ruleBook },
  );

const runIn = (
  engine: TestEngine,
  { during, summarizer }: Readonly<{ during: During; summarizer: Summarizer }>,
): World['run'] => {
  const { insights, grants } = engine;
  let now = T0;
  const { factsFirst, scheduler } = timekeepingOf(engine, () => now);
  const deps = { ...engine.deps, factsFirst };
  const company = factsFirst.company(runCompanyCommand(deps));
  const bulk = runBulk({ ...deps, store: engine.store, run: company });
  const making = { summarizer, concurrency: 1, retry: oneAttempt };
  const regenerate = regenerateSummary({ ...deps, ...making });
  const settle = async (): Promise<void> => {
    right(await grants.runUntil(await headOf(engine.store)));
  };
  const many = async (call: Call, wanted: BulkCommand): Promise<Answer> => {
    for await (const item of bulk(call, wanted)) if (E.isLeft(item)) return item;
    await settle();
    return E.right(null);
  };
  return async (operation, name) => {
    switch (operation.does) {
      case 'command': {
        const call = callOf(operation, name);
        const answer = await company(call, operation.command);
        await settle();
        return answer;
      }
      case 'entry': {
        const { entry } = operation;
        const call = callForEntry(COMPANY, entry);
        const { actor } = operation;
        const by = actor === null ? call : { ...call, actor };
        return refusedOf(
          await factsFirst.entry(COMPANY, () => recordEntry(deps)(by, entry, 'api')),
        );
      }
      case 'import': {
        const lines = linesOf(operation.entries);
        const onProblem = (): void => undefined;
        return importEntries(
          deps,
          insights,
        )({ company: COMPANY, source: 'journal', lines, onProblem });
      }
      case 'reconsider':
        return reconsider(engine, callOf({ ...operation, actor: system }, name), operation.session);
      case 'insights':
        return whileMaking(during, operation, async () =>
          insights.runUntil(await headOf(engine.store)),
        );
      case 'edit': {
        const { session: sessionId, revision: changedRevision } = operation;
        const changes = { title: `Changed ${changedRevision}` };
        const call = callOf(operation, name);
        return editSummary(deps)(call, { sessionId, changedRevision, changes });
      }
      case 'regenerate':
        return whileMaking(during, operation, () => {
          const { session: sessionId, revision: changedRevision } = operation;
          return regenerate(callOf(operation, name), { sessionId, changedRevision });
        });
      case 'bulk':
        return many(callOf(operation, name), operation.bulk);
      case 'scheduler':
        now = operation.at;
        return scheduler.runDue();
      case 'delete':
        return deleteSummary(deps)(callOf(operation, name), operation.session);
    }
  };
};

/** An empty engine over the store in memory; what waits in `during` happens while a summary is made. */
export const makeWorld = (): World => {
  const during: During = { meanwhile: [], fails: false };
  const store = makeInMemoryEventStore({ clock: () => T0 });
  const summarizer: Summarizer = {
    ...instantSummarizer,
    summarize: (request) => async () => {
      for (const entry of during.meanwhile.splice(0))
        right(await recordEntry(engine.deps)(callForEntry(COMPANY, entry), entry, 'api'));
      return during.fails
        ? E.left({ _tag: 'SummaryNotPossible', reason: 'refused', detail: '' })
        : instantSummarizer.summarize(request)();
    },
  };
  const engine: TestEngine = engineOver(store, { ruleBook: changingRules, summarizer });
  return {
    engine,
    run: runIn(engine, { during, summarizer }),
    log: async () => {
      const events: StoredEvent[] = [];
      for await (const page of store.readAll())
        for (const event of right(page).events) events.push(event);
      return events;
    },
  };
};

/** Every operation of a history in its order, and at its end the work that is left to the process. */
const operationsOf = (history: History): readonly Operation[] => [
  ...history.setup,
  ...history.course,
  ...history.ends,
  { does: 'insights', meanwhile: history.meanwhile, fails: history.fails },
  ...history.afterwards,
  { does: 'insights', meanwhile: [], fails: false },
];

/** One operation that was run, under which name, and how it was answered. */
export type Ran = Readonly<{ operation: Operation; name: string; answer: Answer }>;

/** Runs a whole history; `after` looks at the world after each operation. */
export const runHistory = async (
  history: History,
  after?: (world: World, ran: Ran) => Promise<void>,
): Promise<World> => {
  const world = makeWorld();
  for (const [index, operation] of operationsOf(history).entries()) {
    const name = `op/${index}`;
    const answer = await world.run(operation, name);
    await after?.(world, { operation, name, answer });
  }
  return world;
};
