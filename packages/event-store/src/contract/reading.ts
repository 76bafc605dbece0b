import { categoryOf, type EventStore, START } from '../event-store.js';
import {
  allEvents,
  append,
  event,
  eventId,
  eventsOf,
  fillStream,
  idRange,
  idsOf,
  type MakeStore,
  pagesOf,
  rightOf,
  streamEvents,
  withStore,
} from './subject.js';

const stream = 'note-1';

const describeStreams = (make: MakeStore): void => {
  it(
    'finds no events in a stream that does not exist',
    withStore(make, async (store) => {
      await fillStream(store, stream, { firstId: 1, count: 1 });
      expect(await streamEvents(store, 'note-2')).toStrictEqual([]);
      expect(await streamEvents(store, 'note-2', { direction: 'backwards' })).toStrictEqual([]);
    }),
  );

  it(
    'reads a stream both ways, from a revision, up to a limit, whatever the page size',
    withStore(make, async (store) => {
      await fillStream(store, stream, { firstId: 0, count: 10 });
      await fillStream(store, 'note-2', { firstId: 100, count: 3 });
      const forwards = idRange(0, 10);
      const backwards = forwards.toReversed();
      for (const pageSize of [1, 3, 5, 10, 11]) {
        const read = async (options: object): Promise<readonly string[]> =>
          idsOf(await streamEvents(store, stream, { pageSize, ...options }));
        expect(await read({})).toStrictEqual(forwards);
        expect(await read({ from: 4 })).toStrictEqual(forwards.slice(4));
        expect(await read({ from: 9 })).toStrictEqual(forwards.slice(9));
        expect(await read({ from: 10 })).toStrictEqual([]);
        expect(await read({ from: 2, limit: 5 })).toStrictEqual(forwards.slice(2, 7));
        expect(await read({ limit: 0 })).toStrictEqual([]);
        const back = { direction: 'backwards' };
        expect(await read(back)).toStrictEqual(backwards);
        expect(await read({ ...back, from: 4 })).toStrictEqual(backwards.slice(5));
        expect(await read({ ...back, from: 99 })).toStrictEqual(backwards);
        expect(await read({ ...back, from: 0 })).toStrictEqual([eventId(0)]);
        expect(await read({ ...back, limit: 1 })).toStrictEqual([eventId(9)]);
        expect(await read({ ...back, from: 7, limit: 4 })).toStrictEqual(backwards.slice(2, 6));
      }
    }),
  );

  it(
    'keeps pages to the size asked for',
    withStore(make, async (store) => {
      await fillStream(store, stream, { firstId: 0, count: 7 });
      const pages = await pagesOf(store.readStream(stream, { pageSize: 3 }));
      for (const page of pages) expect(page.events.length).toBeLessThanOrEqual(3);
      for (const page of await pagesOf(store.readAll({ pageSize: 3 }))) {
        expect(page.events.length).toBeLessThanOrEqual(3);
      }
    }),
  );

  it(
    'lets a reader stop early and read again',
    withStore(make, async (store) => {
      await fillStream(store, stream, { firstId: 0, count: 6 });
      for await (const page of store.readStream(stream, { pageSize: 2 })) {
        expect(idsOf(rightOf(page).events)).toStrictEqual(idRange(0, 2));
        break;
      }
      await append(store, { stream, expected: 5 }, event(6));
      expect(idsOf(await streamEvents(store, stream))).toStrictEqual(idRange(0, 7));
    }),
  );

  it(
    'gives back text byte for byte',
    withStore(make, async (store) => {
      const large = JSON.stringify({ text: 'ж'.repeat(100_000) });
      const odd = '{ "emoji": "👩‍🔧 e\u0301 \u2028",\n\t"escaped": "\\u0000\\ud83d", "n": 1.0e2 }';
      await append(
        store,
        { stream: 'note-ünï_cödé', expected: 'no-stream' },
        event(1, { data: large, metadata: odd }),
        event(2, { data: odd, metadata: '""', type: 'Größe gemessen' }),
        event(3, { data: JSON.stringify('x'.repeat(200 * 1024)), metadata: 'null' }),
      );
      const events = await streamEvents(store, 'note-ünï_cödé');
      expect(await allEvents(store)).toStrictEqual(events);
      expect(events.map(({ type }) => type)).toStrictEqual([
        'NoteTaken',
        'Größe gemessen',
        'NoteTaken',
      ]);
      expect(events.map(({ metadata }) => metadata)).toStrictEqual([odd, '""', 'null']);
      // Compared outside `expect`, which would print 200 KB of difference.
      expect(events[0]?.data === large).toBe(true);
      expect(events[1]?.data === odd).toBe(true);
      expect(events[2]?.data === JSON.stringify('x'.repeat(200 * 1024))).toBe(true);
    }),
  );
};

/** Categories and types cross: `note` and `memo`, each with `NoteTaken` and `NoteKept`. */
const fillTwoCategories = async (store: EventStore): Promise<void> => {
  for (let n = 0; n < 40; n += 1) {
    const name = `${n % 4 < 2 ? 'note' : 'memo'}-${String(n)}`;
    const type = n % 2 === 0 ? 'NoteTaken' : 'NoteKept';
    await append(store, { stream: name, expected: 'no-stream' }, event(n, { type }));
  }
};

const describeLog = (make: MakeStore): void => {
  it(
    'reads the log both ways, after a position, up to a limit, whatever the page size',
    withStore(make, async (store) => {
      const answers = await fillStream(store, stream, { firstId: 0, count: 9 });
      const forwards = idRange(0, 9);
      const backwards = forwards.toReversed();
      const third = answers[2]?.position ?? START;
      for (const pageSize of [1, 2, 9, 10]) {
        const read = async (options: object): Promise<readonly string[]> =>
          idsOf(await allEvents(store, { pageSize, ...options }));
        expect(await read({})).toStrictEqual(forwards);
        expect(await read({ after: START })).toStrictEqual(forwards);
        expect(await read({ after: third })).toStrictEqual(forwards.slice(3));
        expect(await read({ after: third, limit: 2 })).toStrictEqual(forwards.slice(3, 5));
        const back = { direction: 'backwards' };
        expect(await read(back)).toStrictEqual(backwards);
        expect(await read({ ...back, after: third })).toStrictEqual(backwards.slice(7));
        expect(await read({ ...back, limit: 4 })).toStrictEqual(backwards.slice(0, 4));
      }
    }),
  );

  it(
    'ends with a page that says that it has caught up, at a checkpoint to resume from',
    withStore(make, async (store) => {
      await fillStream(store, stream, { firstId: 0, count: 5 });
      const pages = await pagesOf(store.readAll({ pageSize: 2 }));
      expect(pages.map(({ caughtUp }) => caughtUp).indexOf(true)).toBe(pages.length - 1);
      for (const [index, page] of pages.entries()) {
        const rest = idsOf(eventsOf(pages.slice(index + 1)));
        expect(idsOf(await allEvents(store, { after: page.checkpoint }))).toStrictEqual(rest);
      }
      const empty = await pagesOf(store.readAll({ after: pages.at(-1)?.checkpoint ?? START }));
      expect(eventsOf(empty)).toStrictEqual([]);
      expect(empty.at(-1)?.caughtUp).toBe(true);
    }),
  );

  const filters: readonly (readonly [string, object, (n: number) => boolean])[] = [
    ['category', { categories: ['memo'] }, (n) => n % 4 >= 2],
    ['type', { types: ['NoteKept'] }, (n) => n % 2 === 1],
    ['both', { categories: ['note'], types: ['NoteTaken'] }, (n) => n % 4 === 0],
    [
      'several of both',
      { categories: ['note', 'memo', 'x'], types: ['NoteKept', 'Y'] },
      (n) => n % 2 === 1,
    ],
    ['a category that begins like another', { categories: ['not'] }, () => false],
    ['a type that nobody wrote', { types: ['NoteLost'] }, () => false],
    ['empty lists', { categories: [], types: [] }, () => true],
  ];
  it.each(filters)('filters by %s, both ways', async (_name, filter, isWanted) => {
    await withStore(make, async (store) => {
      await fillTwoCategories(store);
      const wanted = Array.from({ length: 40 }, (_, n) => n)
        .filter(isWanted)
        .map(eventId);
      for (const pageSize of [1, 7, 100]) {
        expect(idsOf(await allEvents(store, { filter, pageSize }))).toStrictEqual(wanted);
        const backwards = await allEvents(store, { filter, pageSize, direction: 'backwards' });
        expect(idsOf(backwards)).toStrictEqual(wanted.toReversed());
        const limited = await allEvents(store, { filter, pageSize, limit: 3 });
        expect(idsOf(limited)).toStrictEqual(wanted.slice(0, 3));
      }
    })();
  });

  it(
    'moves the checkpoint past events that the filter passed over',
    withStore(make, async (store) => {
      await fillTwoCategories(store);
      const last = await append(store, { stream: 'memo-last', expected: 'no-stream' }, event(99));
      const pages = await pagesOf(store.readAll({ filter: { categories: ['note'] } }));
      expect(pages.at(-1)?.checkpoint).toBeGreaterThanOrEqual(last.position);
      const categories = eventsOf(pages).map(({ stream: name }) => categoryOf(name));
      expect([...new Set(categories)]).toStrictEqual(['note']);
    }),
  );
};

const describeNames = (make: MakeStore): void => {
  it(
    'keeps any text as the name of a stream',
    withStore(make, async (store) => {
      const names = [
        'note',
        '-1',
        'note-',
        '$$note-1',
        'note-1\u0000',
        ' note-1 ',
        'ж👩‍🔧',
        '-',
        '%',
      ];
      for (const [index, name] of names.entries()) {
        await append(store, { stream: name, expected: 'no-stream' }, event(index));
      }
      for (const [index, name] of names.entries()) {
        const [found] = await streamEvents(store, name);
        expect([found?.id, found?.stream]).toStrictEqual([eventId(index), name]);
      }
      expect((await allEvents(store)).map((stored) => stored.stream)).toStrictEqual(names);
    }),
  );

  it(
    'takes a name without dash for its own category, and one that begins with it for none',
    withStore(make, async (store) => {
      const names = ['note', 'note-1', 'notes', 'notes-1', '-note', '$note-1', 'note-memo-1'];
      for (const [index, name] of names.entries()) {
        await append(store, { stream: name, expected: 'no-stream' }, event(index));
      }
      const namesIn = async (...categories: readonly string[]): Promise<readonly string[]> =>
        (await allEvents(store, { filter: { categories } })).map((stored) => stored.stream);
      expect(await namesIn('note')).toStrictEqual(['note', 'note-1', 'note-memo-1']);
      expect(await namesIn('')).toStrictEqual(['-note']);
      expect(await namesIn('notes', '$note')).toStrictEqual(['notes', 'notes-1', '$note-1']);
      expect(await namesIn('not', '1')).toStrictEqual([]);
    }),
  );
};

export const describeReading = (make: MakeStore): void => {
  describeStreams(make);
  describeLog(make);
  describeNames(make);

  it(
    'says where the log ends',
    withStore(make, async (store) => {
      expect(rightOf(await store.head()())).toBe(START);
      const answers = await fillStream(store, stream, { firstId: 0, count: 3 });
      expect(rightOf(await store.head()())).toBe(answers.at(-1)?.position);
    }),
  );

  it(
    'never lets the recorded time go back along the log',
    withStore(make, async (store) => {
      await Promise.all(
        ['note-a', 'note-b', 'note-c'].map((name, index) =>
          fillStream(store, name, { firstId: index * 100, count: 20 }),
        ),
      );
      const times = (await allEvents(store)).map(({ recordedAt }) => recordedAt);
      expect(times).toStrictEqual(times.toSorted((a, b) => a - b));
      expect(times.every((time) => Number.isSafeInteger(time))).toBe(true);
    }),
  );
};
