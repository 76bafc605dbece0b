import type { SummarizerFailure } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Call } from '../src/call.js';
import { regenerateSummary } from '../src/regenerate-summary.js';
import { deleteSummary, editSummary } from '../src/summary-commands.js';
import {
  AT,
  chat,
  COMPANY,
  countOf,
  ended,
  engineOver,
  failingSummarizer,
  headOf,
  instantSummarizer,
  memoryStore,
  oneAttempt,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';
import { withdrawn } from './insights-scenarios.js';

// Goal: who asks for a summary again gets a new revision by the summarizer, under the same rules and for
// no further charge. Method: the engine's own command over sessions that ended in every way.

const administrator = { kind: 'administrator', id: 'u-admin' } as const;

const callOf = (commandId: string, actor: Call['actor'] = administrator): Call => ({
  company: COMPANY,
  actor,
  commandId,
  correlationId: commandId,
  at: AT + 180_000,
});

/** Counts what it is asked, and fails when it is told to. */
const makeSummarizer = () => {
  const state: { calls: number; failure: SummarizerFailure | null } = { calls: 0, failure: null };
  const summarizer: typeof instantSummarizer = {
    ...instantSummarizer,
    summarize: (input) => {
      state.calls += 1;
      return state.failure === null ? instantSummarizer.summarize(input) : TE.left(state.failure);
    },
  };
  return { state, summarizer };
};

const regenerating = ({ deps }: TestEngine) => {
  const { state, summarizer } = makeSummarizer();
  const regenerate = regenerateSummary({ ...deps, summarizer, concurrency: 1, retry: oneAttempt });
  return { state, regenerate };
};

const begin = async (options: Parameters<typeof engineOver>[1] = {}) => {
  const engine = engineOver(memoryStore(), options);
  await setUp(engine, 1);
  right(await engine.entry(started('s1')));
  right(await engine.entry(chat('s1')));
  return { engine, ...regenerating(engine) };
};

const endedSession = async (options: Parameters<typeof engineOver>[1] = {}) => {
  const begun = await begin(options);
  right(await begun.engine.entry(ended('s1')));
  right(await begun.engine.insights.runUntil(await headOf(begun.engine.store)));
  return begun;
};

const wanted = (changedRevision: number | 'latest') => ({ sessionId: 's1', changedRevision });

const refused = (refusal: object) => E.left({ _tag: 'Refused', refusal });

const chargesOf = async ({ store }: TestEngine) => ({
  held: await countOf(store, 'CreditsHeld'),
  captured: await countOf(store, 'HoldCaptured'),
  released: await countOf(store, 'HoldReleased'),
});

const once = { held: 1, captured: 1, released: 0 };

describe('a summary that is asked for again', () => {
  it('is a new revision by the summarizer, for the charge of the session', async () => {
    const { engine, regenerate } = await endedSession();
    const changes = { title: 'By a person' };
    const edit = { ...wanted(1), changedRevision: 1, changes };
    right(await editSummary(engine.deps)(callOf('e1'), edit));
    const answer = right(await regenerate(callOf('r1'), wanted(2)));
    expect(answer.events).toMatchObject([
      {
        type: 'SummaryGenerated',
        data: { revision: 3, origin: 'ai', model: 'test-model', generatedAt: AT + 180_000 },
      },
    ]);
    expect(await chargesOf(engine)).toStrictEqual(once);
  });

  it('gives its first answer when the command comes again, and asks the summarizer once', async () => {
    const { engine, regenerate, state } = await endedSession();
    const first = right(await regenerate(callOf('r1'), wanted('latest')));
    const head = await headOf(engine.store);
    const second = right(await regenerate(callOf('r1'), wanted('latest')));
    expect(second).toStrictEqual({ ...first, repeated: true });
    expect([state.calls, await headOf(engine.store)]).toStrictEqual([1, head]);
  });

  it('is a conflict when somebody was faster, before anything is asked', async () => {
    const { regenerate, state } = await endedSession();
    right(await regenerate(callOf('r1'), wanted(1)));
    expect(await regenerate(callOf('r2'), wanted(1))).toStrictEqual(
      refused({ _tag: 'StaleRevision', changedRevision: 1, currentRevision: 2 }),
    );
    expect(state.calls).toBe(1);
  });

  it('does not come back once it is deleted', async () => {
    const { engine, regenerate, state } = await endedSession();
    right(await deleteSummary(engine.deps)(callOf('d1'), 's1'));
    expect(await regenerate(callOf('r1'), wanted('latest'))).toStrictEqual(
      refused({ _tag: 'SummaryIsDeleted' }),
    );
    expect(state.calls).toBe(0);
  });

  it('is made neither from what was withdrawn nor from nothing, nor before the end', async () => {
    const { engine, regenerate, state } = await begin();
    expect(await regenerate(callOf('r1'), wanted(0))).toStrictEqual(
      refused({ _tag: 'SessionNotEnded' }),
    );
    right(await engine.entry(withdrawn('s1')));
    right(await engine.entry(ended('s1')));
    expect(await regenerate(callOf('r2'), wanted(0))).toStrictEqual(
      refused({ _tag: 'NoBasis', reason: 'consent-withdrawn' }),
    );
    right(await engine.entry(started('s2')));
    right(await engine.entry(ended('s2')));
    const other = { sessionId: 's2', changedRevision: 0 };
    expect(await regenerate(callOf('r3'), other)).toStrictEqual(
      refused({ _tag: 'NothingToSummarise' }),
    );
    expect(await regenerate(callOf('r4'), { ...other, sessionId: 's9' })).toStrictEqual(
      refused({ _tag: 'SessionNotStarted' }),
    );
    expect([state.calls, await chargesOf(engine)]).toStrictEqual([
      0,
      { held: 0, captured: 0, released: 0 },
    ]);
  });

  it('is for those who may change it: a supporter their own, an auditor none', async () => {
    const { regenerate } = await endedSession();
    const as = (kind: 'supporter' | 'auditor', id: string) => callOf(`by-${id}`, { kind, id });
    expect(await regenerate(as('supporter', 'u-2'), wanted(1))).toStrictEqual(
      refused({ _tag: 'SummaryNotTheirs', actorKind: 'supporter' }),
    );
    expect(await regenerate(as('auditor', 'u-3'), wanted(1))).toStrictEqual(
      refused({ _tag: 'SummaryNotTheirs', actorKind: 'auditor' }),
    );
    expect((await regenerate(as('supporter', 'u-1'), wanted(1)))._tag).toBe('Right');
  });
});

describe('a first summary that is asked for after a failure', () => {
  it('charges again, because the first charge was released', async () => {
    const { engine, regenerate } = await endedSession({ summarizer: failingSummarizer });
    right(await regenerate(callOf('r1'), wanted(0)));
    expect(await chargesOf(engine)).toStrictEqual({ held: 2, captured: 1, released: 1 });
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(1);
  });

  it('costs nothing when the summarizer fails again, and says why', async () => {
    const { engine, regenerate, state } = await endedSession({ summarizer: failingSummarizer });
    state.failure = { _tag: 'SummaryNotPossible', reason: 'refused', detail: 'refusal' };
    expect(await regenerate(callOf('r1'), wanted(0))).toStrictEqual(E.left(state.failure));
    expect(await chargesOf(engine)).toStrictEqual({ held: 2, captured: 0, released: 2 });
    state.failure = null;
    right(await regenerate(callOf('r1'), wanted(0)));
    expect(await chargesOf(engine)).toStrictEqual({ held: 3, captured: 1, released: 2 });
  });

  it('is refused when no credit is left', async () => {
    const { engine, regenerate, state } = await endedSession({ summarizer: failingSummarizer });
    const command = { command: 'DeductCredits', adjustmentId: 'd-1', amount: 1 } as const;
    right(await engine.company({ ...command, reason: 'a correction' }, AT + 120_000));
    expect(await regenerate(callOf('r1'), wanted(0))).toMatchObject(
      refused({ _tag: 'InsufficientCredits', missing: 1 }),
    );
    expect(state.calls).toBe(0);
  });
});
