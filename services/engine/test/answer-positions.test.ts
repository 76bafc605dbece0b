import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  assistant,
  countOf,
  engineOver,
  memoryStore,
  right,
  setUp,
  started,
} from './in-memory-engine.js';

// Goal: a reader at the position of an answer sees the charge that the answer rests on. Method: the
// store fails between the answer and the capture of its credit, and the entry comes again.

const failingAt = (store: EventStore, type: string): EventStore => {
  let hasFailed = false;
  return {
    ...store,
    append: (stream, expected, events) => {
      if (hasFailed || events[0].type !== type) return store.append(stream, expected, events);
      hasFailed = true;
      return TE.left({ _tag: 'StoreUnavailable', reason: 'io', message: 'a test' });
    },
  };
};

const positionOf = async (store: EventStore, wanted: string): Promise<number> => {
  for await (const page of store.readAll())
    for (const { type, position } of right(page).events) if (type === wanted) return position;
  return Infinity;
};

describe('the position of an answer whose credit was captured only at its repeat', () => {
  it('is at or after the capture, at that repeat and at every later one', async () => {
    const store = memoryStore();
    const engine = engineOver(failingAt(store, 'HoldCaptured'));
    await setUp(engine, 5);
    right(await engine.entry(started('s1')));
    expect(E.isLeft(await engine.entry(assistant('s1')))).toBe(true);
    expect(await countOf(store, 'AssistantMessageAnswered')).toBe(1);
    for (const again of [engine, engine, engineOver(store)]) {
      const { position, repeated } = right(await again.entry(assistant('s1')));
      expect(repeated).toBe(true);
      expect(position).toBeGreaterThanOrEqual(await positionOf(store, 'HoldCaptured'));
    }
    expect(await countOf(store, 'HoldCaptured')).toBe(1);
  });
});
