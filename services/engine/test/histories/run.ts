import type { HandlingFailure, Refused, Refusal } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { rulesAt } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type StoredEvent } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../../src/aggregates.js';
import type { Call } from '../../src/call.js';
import { runCompanyCommand } from '../../src/company-commands.js';
import { readFacts } from '../../src/facts.js';
import { callForEntry, importEntries } from '../../src/import-journal.js';
import { memoryNotes } from '../../src/notes-file.js';
import type { FactsFirst } from '../../src/reconsider/facts-first.js';
import { recordEntry, sendToSession } from '../../src/session-flow.js';
import { deleteSummary, editSummary } from '../../src/summary-commands.js';
import { makeTimekeeping } from '../../src/timekeeping.js';
import {
  COMPANY,
  engineOver,
  headOf,
  instantSummarizer,
  linesOf,
  memoryCheckpoints,
  right,
  type TestEngine,
} from '../in-memory-engine.js';
import type { History, Operation } from './operations.js';
import { changingRules, T0 } from './rules.js';

/** `changed`: the operation was accepted; whether it wrote anything shows the log. */
type Answer = E.Either<HandlingFailure | Refused<Refusal>, unknown>;

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

/** The parts of an engine that decide running sessions again when a fact has changed. */
const factsFirstOf = ({ store, deps }: TestEngine): FactsFirst =>
  makeTimekeeping(
    { deps, store, checkpoints: memoryCheckpoints(), notes: memoryNotes() },
    { clock: () => T0, notice: deps.notice, ruleBook: deps.ruleBook },
  ).factsFirst;

const runIn = (engine: TestEngine, during: During): World['run'] => {
  const { insights, grants } = engine;
  const factsFirst = factsFirstOf(engine);
  const deps = { ...engine.deps, factsFirst };
  const company = factsFirst.company(runCompanyCommand(deps));
  const settle = async (): Promise<void> => {
    right(await grants.runUntil(await headOf(engine.store)));
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
      case 'insights': {
        during.meanwhile = [...operation.meanwhile];
        during.fails = operation.fails;
        const settled = await insights.runUntil(await headOf(engine.store));
        during.meanwhile = [];
        during.fails = false;
        return settled;
      }
      case 'edit': {
        const { session: sessionId, revision: changedRevision } = operation;
        const changes = { title: `Changed ${changedRevision}` };
        const call = callOf(operation, name);
        return editSummary(deps)(call, { sessionId, changedRevision, changes });
      }
      case 'delete':
        return deleteSummary(deps)(callOf(operation, name), operation.session);
    }
  };
};

/** An empty engine over the store in memory; what waits in `during` happens while a summary is made. */
export const makeWorld = (): World => {
  const during: During = { meanwhile: [], fails: false };
  const store = makeInMemoryEventStore({ clock: () => T0 });
  const engine: TestEngine = engineOver(store, {
    ruleBook: changingRules,
    summarizer: {
      ...instantSummarizer,
      summarize: (request) => async () => {
        for (const entry of during.meanwhile.splice(0))
          right(await recordEntry(engine.deps)(callForEntry(COMPANY, entry), entry, 'api'));
        return during.fails
          ? E.left({ _tag: 'SummaryNotPossible', reason: 'refused', detail: '' })
          : instantSummarizer.summarize(request)();
      },
    },
  });
  return {
    engine,
    run: runIn(engine, during),
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
