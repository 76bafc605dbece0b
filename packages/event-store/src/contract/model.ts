import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { EventStore, EventToAppend, ExpectedRevision } from '../event-store.js';
import {
  allEvents,
  event,
  eventId,
  idsOf,
  type MakeStore,
  streamEvents,
  tryAppend,
  withStore,
} from './subject.js';

/** `behind`: how far below the current revision the append expects; 0 is the current one. */
type Step = Readonly<{ stream: number; behind: number; ids: readonly number[] }>;
type Model = Map<string, string[]>;
type Outcome = 'appended' | 'repeated' | 'conflict';

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    stream: fc.nat(2),
    behind: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: -1, max: 4 }) },
    ),
    // Few ids, so that repeats and partial overlaps of earlier appends are common.
    ids: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 30 },
);

const expectation = (first: number): ExpectedRevision => (first <= 0 ? 'no-stream' : first - 1);

const outcomeInModel = (
  stored: readonly string[],
  first: number,
  ids: readonly string[],
): Outcome => {
  if (first === stored.length) return 'appended';
  const there = stored.slice(first, first + ids.length);
  return there.length === ids.length && ids.every((id, index) => there[index] === id)
    ? 'repeated'
    : 'conflict';
};

const runStep = async (store: EventStore, model: Model, step: Step): Promise<void> => {
  const stream = `note-${String(step.stream)}`;
  const stored = model.get(stream) ?? [];
  const first = Math.max(0, stored.length - step.behind);
  const expected = expectation(first);
  const events = step.ids.map((n) => event(n)) as [EventToAppend, ...EventToAppend[]];
  const ids = step.ids.map(eventId);
  const answer = await tryAppend(store, { stream, expected }, ...events);
  const outcome = outcomeInModel(stored, first, ids);
  if (outcome === 'appended') model.set(stream, [...stored, ...ids]);
  if (outcome === 'conflict') {
    const actual = expectation(stored.length);
    expect(answer).toStrictEqual(E.left({ _tag: 'RevisionConflict', stream, expected, actual }));
    return;
  }
  expect(E.isRight(answer) && answer.right.revision).toBe(first + ids.length - 1);
};

export const describeModel = (make: MakeStore): void => {
  it('answers and keeps what a list of ids per stream would', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (found) => {
        await withStore(make, async (store) => {
          const model: Model = new Map();
          for (const step of found) await runStep(store, model, step);
          for (const [stream, ids] of model) {
            expect(idsOf(await streamEvents(store, stream))).toStrictEqual(ids);
          }
          const log = await allEvents(store, { pageSize: 3 });
          const bySingleStream = [...model.keys()].map((stream) => [
            stream,
            idsOf(log.filter((stored) => stored.stream === stream)),
          ]);
          expect(bySingleStream).toStrictEqual([...model]);
          const backwards = await allEvents(store, { pageSize: 4, direction: 'backwards' });
          expect(backwards.toReversed()).toStrictEqual(log);
        })();
      }),
      { numRuns: 25 },
    );
  });
};
