import type { AppendError, EventStore } from '@daybook/event-store';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  assistant,
  chat,
  countOf,
  ended,
  engineOver,
  failingSummarizer,
  headOf,
  memoryStore,
  right,
  setUp,
  started,
  storedTypes,
  type TestEngine,
} from './in-memory-engine.js';

// Goal: a session ends with one summary and one charge, whatever happens in between. Method: the
// process runs over a store that fails at each of its appends in turn, before or after writing, and a
// new engine with new checkpoints takes over.

type Fault = Readonly<{ atAppend: number; when: 'before' | 'after' }>;

const dead: AppendError = { _tag: 'StoreUnavailable', reason: 'io', message: 'killed' };

/** The store of a process that dies at one append: nothing after it reaches the store. */
const dyingStore = (store: EventStore, fault: Fault): EventStore => {
  let appends = 0;
  return {
    ...store,
    append: (stream, expected, events) => {
      appends += 1;
      if (appends < fault.atAppend) return store.append(stream, expected, events);
      if (appends > fault.atAppend || fault.when === 'before') return TE.left(dead);
      return async () => {
        await store.append(stream, expected, events)();
        return TE.left(dead)();
      };
    },
  };
};

const sessionOf = async (engine: TestEngine, withAssistant: boolean): Promise<void> => {
  right(await engine.entry(started('s1')));
  right(await engine.entry(chat('s1')));
  if (withAssistant) right(await engine.entry(assistant('s1')));
  right(await engine.entry(ended('s1')));
};

const outcomeOf = async (store: EventStore) => ({
  summaries: await countOf(store, 'SummaryGenerated'),
  held: await countOf(store, 'CreditsHeld'),
  captured: await countOf(store, 'HoldCaptured'),
  released: await countOf(store, 'HoldReleased'),
});

describe('the insights process', () => {
  it('makes one summary for one credit', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 1);
    await sessionOf(engine, false);
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await outcomeOf(engine.store)).toStrictEqual({
      summaries: 1,
      held: 1,
      captured: 1,
      released: 0,
    });
  });

  describe.each([
    ['a session with text', false, 4],
    ['a session that used the assistant', true, 1],
  ])('killed at each of its appends, for %s', (_, withAssistant, appends) => {
    const faults = Array.from({ length: appends }, (__, index) => index + 1).flatMap((atAppend) => [
      { atAppend, when: 'before' } as const,
      { atAppend, when: 'after' } as const,
    ]);

    it.each(faults)('ends the same: append $atAppend, $when it is written', async (fault) => {
      const store = memoryStore();
      const engine = engineOver(store);
      await setUp(engine, 1);
      await sessionOf(engine, withAssistant);
      const head = await headOf(store);
      const killed = await engineOver(dyingStore(store, fault)).insights.runUntil(head);
      expect(killed._tag).toBe('Left');
      right(await engineOver(store).insights.runUntil(head));
      expect(await outcomeOf(store)).toStrictEqual({
        summaries: 1,
        held: 1,
        captured: 1,
        released: 0,
      });
      const settled = await storedTypes(store);
      right(await engineOver(store).insights.runUntil(await headOf(store)));
      expect(await storedTypes(store)).toStrictEqual(settled);
    });

    it(`has no further append to be killed at`, async () => {
      const store = memoryStore();
      const engine = engineOver(store);
      await setUp(engine, 1);
      await sessionOf(engine, withAssistant);
      const beyond = dyingStore(store, { atAppend: appends + 1, when: 'before' });
      right(await engineOver(beyond).insights.runUntil(await headOf(store)));
    });
  });

  it('releases the hold when the summary cannot be made, and does not try again by itself', async () => {
    const store = memoryStore();
    const engine = engineOver(store, { summarizer: failingSummarizer });
    await setUp(engine, 1);
    await sessionOf(engine, false);
    const head = await headOf(store);
    right(await engine.insights.runUntil(head));
    right(await engineOver(store).insights.runUntil(head));
    expect(await outcomeOf(store)).toStrictEqual({
      summaries: 0,
      held: 1,
      captured: 0,
      released: 1,
    });
    expect(await countOf(store, 'SummaryFailed')).toBe(1);
  });

  it('keeps the charge of an assistant that answered, though the summary failed', async () => {
    const engine = engineOver(memoryStore(), { summarizer: failingSummarizer });
    await setUp(engine, 1);
    await sessionOf(engine, true);
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await outcomeOf(engine.store)).toStrictEqual({
      summaries: 0,
      held: 1,
      captured: 1,
      released: 0,
    });
  });

  it('keeps it also where a crash came between the answer and its capture', async () => {
    const store = memoryStore();
    const engine = engineOver(store);
    await setUp(engine, 1);
    right(await engine.entry(started('s1')));
    // Hold, permission, answer, capture: the message's four appends.
    const killed = engineOver(dyingStore(store, { atAppend: 4, when: 'before' }));
    expect((await killed.entry(assistant('s1')))._tag).toBe('Left');
    const next = engineOver(store, { summarizer: failingSummarizer });
    right(await next.entry(ended('s1')));
    right(await next.insights.runUntil(await headOf(store)));
    expect(await outcomeOf(store)).toStrictEqual({
      summaries: 0,
      held: 1,
      captured: 1,
      released: 0,
    });
    expect(await countOf(store, 'AssistantMessageAnswered')).toBe(1);
  });

  it('charges nothing where nothing was captured', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 1);
    right(await engine.entry(started('s1')));
    right(await engine.entry(ended('s1')));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await countOf(engine.store, 'CreditsHeld')).toBe(0);
  });

  it('refuses the sessions that ended last when credits run out, and says what is missing', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 2);
    // The plan's free credits are not granted here, so that two purchased ones are all there is.
    for (const [index, session] of ['s3', 's1', 's2'].entries()) {
      right(await engine.entry(started(session)));
      right(await engine.entry(chat(session)));
      right(await engine.entry(ended(session, 1_773_133_300_000 - index * 1_000)));
    }
    right(await engine.insights.runUntil(await headOf(engine.store)));
    const stored = await storedTypes(engine.store);
    expect(stored.filter((one) => one.endsWith('AiUseRefused'))).toStrictEqual([
      'session-acme_s3 AiUseRefused',
    ]);
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(2);
  });
});

describe('a withdrawal that is heard of after the end', () => {
  const withdrawn = (session: string) =>
    ({
      entry: 'consent-withdrawn',
      session,
      at: 1_773_133_230_000,
      by: 'remote-side',
    }) as const;

  it('deletes the summary that had been made, once', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 1);
    await sessionOf(engine, false);
    right(await engine.insights.runUntil(await headOf(engine.store)));
    right(await engine.entry(withdrawn('s1')));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    right(await engineOver(engine.store).insights.runUntil(await headOf(engine.store)));
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(1);
    expect(await countOf(engine.store, 'SummaryDeleted')).toBe(1);
  });

  it('leaves no summary when both are handled together', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 1);
    await sessionOf(engine, false);
    right(await engine.entry(withdrawn('s1')));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    expect(await countOf(engine.store, 'SummaryGenerated')).toBe(0);
    expect(await countOf(engine.store, 'CreditsHeld')).toBe(0);
  });
});
