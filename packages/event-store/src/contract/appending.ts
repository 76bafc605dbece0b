import * as E from 'fp-ts/lib/Either.js';
import type { Appended, EventToAppend } from '../event-store.js';
import {
  allEvents,
  append,
  event,
  eventId,
  fillStream,
  idRange,
  idsOf,
  type MakeStore,
  rightOf,
  streamEvents,
  tryAppend,
  withStore,
} from './subject.js';

const stream = 'note-1';
const empty = { stream, expected: 'no-stream' } as const;
const at = (expected: number): Readonly<{ stream: string; expected: number }> => ({
  stream,
  expected,
});

const describeRevisions = (make: MakeStore): void => {
  it(
    'numbers the events of a stream from 0, in append order',
    withStore(make, async (store) => {
      const first = await append(store, empty, event(1), event(2));
      const second = await append(store, at(1), event(3));
      expect([first.revision, second.revision]).toStrictEqual([1, 2]);
      const events = await streamEvents(store, stream);
      expect(events.map(({ id, revision }) => [id, revision])).toStrictEqual([
        [eventId(1), 0],
        [eventId(2), 1],
        [eventId(3), 2],
      ]);
      expect(events.map(({ position }) => position).slice(1)).toStrictEqual([
        first.position,
        second.position,
      ]);
    }),
  );

  it(
    'refuses a revision that is not the current one, and writes nothing',
    withStore(make, async (store) => {
      const conflict = { _tag: 'RevisionConflict', stream } as const;
      expect(await tryAppend(store, at(0), event(9))).toStrictEqual(
        E.left({ ...conflict, expected: 0, actual: 'no-stream' }),
      );
      await fillStream(store, stream, { firstId: 1, count: 3 });
      expect(await tryAppend(store, at(1), event(9))).toStrictEqual(
        E.left({ ...conflict, expected: 1, actual: 2 }),
      );
      expect(await tryAppend(store, at(3), event(9))).toStrictEqual(
        E.left({ ...conflict, expected: 3, actual: 2 }),
      );
      expect(await tryAppend(store, empty, event(9))).toStrictEqual(
        E.left({ ...conflict, expected: 'no-stream', actual: 2 }),
      );
      expect(idsOf(await allEvents(store))).toStrictEqual(idRange(1, 3));
    }),
  );

  it(
    'writes all events of one append or none',
    withStore(make, async (store) => {
      await append(store, empty, event(1));
      const many = [event(2), event(3), event(4)] as const;
      const answers = await Promise.all([
        tryAppend(store, at(0), ...many),
        tryAppend(store, at(0), event(5), event(6)),
      ]);
      expect(answers.filter(E.isRight)).toHaveLength(1);
      const winner = answers[0] !== undefined && E.isRight(answers[0]) ? [2, 3, 4] : [5, 6];
      expect(idsOf(await streamEvents(store, stream))).toStrictEqual([1, ...winner].map(eventId));
    }),
  );
};

const describeRepeats = (make: MakeStore): void => {
  it(
    'gives a repeated append its first answer, also when the stream has grown',
    withStore(make, async (store) => {
      const created = await append(store, empty, event(1), event(2));
      expect(await append(store, empty, event(1), event(2))).toStrictEqual(created);
      const grown = await append(store, at(1), event(3));
      await append(store, { stream: 'note-2', expected: 'no-stream' }, event(20));
      await append(store, at(2), event(4), event(5));
      expect(await append(store, empty, event(1), event(2))).toStrictEqual(created);
      expect(await append(store, at(1), event(3))).toStrictEqual(grown);
      expect(idsOf(await streamEvents(store, stream))).toStrictEqual(idRange(1, 5));
    }),
  );

  it(
    'takes an append that only resembles an earlier one for a conflict',
    withStore(make, async (store) => {
      await append(store, empty, event(1), event(2));
      const conflict = E.left({
        _tag: 'RevisionConflict',
        stream,
        expected: 'no-stream',
        actual: 1,
      });
      expect(await tryAppend(store, empty, event(1), event(9))).toStrictEqual(conflict);
      expect(await tryAppend(store, empty, event(9), event(2))).toStrictEqual(conflict);
      expect(await tryAppend(store, empty, event(2), event(1))).toStrictEqual(conflict);
      expect(await tryAppend(store, empty, event(1), event(2), event(3))).toStrictEqual(conflict);
      expect(idsOf(await allEvents(store))).toStrictEqual(idRange(1, 2));
    }),
  );

  it(
    'gives one answer to a repeat that arrives beside the first',
    withStore(make, async (store) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => append(store, empty, event(1), event(2))),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(idsOf(await allEvents(store))).toStrictEqual(idRange(1, 2));
    }),
  );
};

const describeConcurrency = (make: MakeStore): void => {
  it(
    'lets exactly one of many appends at the same revision win',
    withStore(make, async (store) => {
      await append(store, empty, event(1));
      const rivals = Array.from({ length: 50 }, (_, index) => event(100 + index));
      const answers = await Promise.all(rivals.map((rival) => tryAppend(store, at(0), rival)));
      expect(answers.filter(E.isRight)).toHaveLength(1);
      const winner = answers.findIndex(E.isRight);
      for (const [index, answer] of answers.entries()) {
        if (index === winner) continue;
        const conflict = { _tag: 'RevisionConflict', stream, expected: 0, actual: 1 };
        expect(answer).toStrictEqual(E.left(conflict));
      }
      expect(idsOf(await streamEvents(store, stream))).toStrictEqual(
        [1, 100 + winner].map(eventId),
      );
    }),
  );

  it(
    'keeps every event of many streams that grow at once, at positions that grow',
    withStore(make, async (store) => {
      const streams = Array.from({ length: 20 }, (_, index) => `note-${String(index)}`);
      const answers = await Promise.all(
        streams.map((name, index) => fillStream(store, name, { firstId: index * 100, count: 10 })),
      );
      const positionsOf = (found: readonly Appended[]): readonly number[] =>
        found.map(({ position }) => position);
      for (const [index, name] of streams.entries()) {
        const events = await streamEvents(store, name);
        expect(idsOf(events)).toStrictEqual(idRange(index * 100, 10));
        expect(events.map(({ position }) => position)).toStrictEqual(
          positionsOf(answers[index] ?? []),
        );
      }
      const positions = (await allEvents(store)).map(({ position }) => position);
      expect(positions).toStrictEqual(answers.flatMap(positionsOf).sort((a, b) => a - b));
      expect(new Set(positions).size).toBe(200);
    }),
  );
};

type Malformed = Readonly<{
  name: string;
  stream: string;
  expected: number;
  events: readonly EventToAppend[];
}>;

const describeRejections = (make: MakeStore): void => {
  const malformed: readonly Malformed[] = [
    { name: 'an empty stream name', stream: '', expected: 0, events: [event(1)] },
    {
      name: 'a stream name that is no text',
      stream: 'note-\ud800',
      expected: 0,
      events: [event(1)],
    },
    {
      name: 'an id that is no UUID',
      stream: stream,
      expected: 0,
      events: [event(1, { id: 'one' })],
    },
    {
      name: 'an id in upper case',
      stream: stream,
      expected: 0,
      events: [event(1, { id: eventId(10).toUpperCase() })],
    },
    {
      name: 'an event without type',
      stream: stream,
      expected: 0,
      events: [event(1, { type: '' })],
    },
    {
      name: 'data that is no Unicode',
      stream: stream,
      expected: 0,
      events: [event(1, { data: '"\ud800"' })],
    },
    {
      name: 'metadata that is no Unicode',
      stream: stream,
      expected: 0,
      events: [event(1, { metadata: '"\udc00"' })],
    },
    { name: 'the same id twice', stream: stream, expected: 0, events: [event(1), event(1)] },
    { name: 'no event', stream: stream, expected: 0, events: [] },
    { name: 'a negative revision', stream: stream, expected: -1, events: [event(1)] },
    {
      name: 'a revision that is no whole number',
      stream: stream,
      expected: 0.5,
      events: [event(1)],
    },
  ];
  it.each(malformed)('rejects $name and writes nothing', async ({ stream, expected, events }) => {
    await withStore(make, async (store) => {
      const answer = await store.append(
        stream,
        expected,
        events as readonly [EventToAppend, ...EventToAppend[]],
      )();
      expect(E.isLeft(answer) && answer.left._tag).toBe('AppendRejected');
      expect(await allEvents(store)).toStrictEqual([]);
    })();
  });
};

export const describeAppending = (make: MakeStore): void => {
  describeRevisions(make);
  describeRepeats(make);
  describeConcurrency(make);
  describeRejections(make);

  it(
    'does nothing until the append is run',
    withStore(make, async (store) => {
      const later = store.append(stream, 'no-stream', [event(1)]);
      expect(await allEvents(store)).toStrictEqual([]);
      rightOf(await later());
      expect(idsOf(await allEvents(store))).toStrictEqual([eventId(1)]);
    }),
  );
};
