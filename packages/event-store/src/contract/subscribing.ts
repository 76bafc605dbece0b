import * as E from 'fp-ts/lib/Either.js';
import { type AllPage, type EventStore, START } from '../event-store.js';
import {
  append,
  event,
  eventsOf,
  fillStream,
  idRange,
  idsOf,
  allEvents,
  type MakeStore,
  readUntil,
  tryAppend,
  withStore,
} from './subject.js';

const eventCount = (pages: readonly AllPage[]): number => eventsOf(pages).length;

const readEvents = (
  store: EventStore,
  after: number,
  count: number,
): Promise<readonly AllPage[]> => {
  const controller = new AbortController();
  const pages = store.subscribe({ after, signal: controller.signal, pageSize: 7 });
  return readUntil(pages, controller, (read) => eventCount(read) >= count);
};

const describeLive = (make: MakeStore): void => {
  it(
    'delivers what is there and then what comes, in order, without gap or duplicate',
    withStore(make, async (store) => {
      await fillStream(store, 'note-before', { firstId: 0, count: 30 });
      const reading = readEvents(store, START, 30 + 5 * 40);
      await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          fillStream(store, `note-${String(index)}`, { firstId: 1000 * (index + 1), count: 40 }),
        ),
      );
      expect(idsOf(eventsOf(await reading))).toStrictEqual(idsOf(await allEvents(store)));
    }),
  );

  it(
    'delivers the same log to several subscriptions, each from where it asked',
    withStore(make, async (store) => {
      const answers = await fillStream(store, 'note-1', { firstId: 0, count: 10 });
      const reading = Promise.all([
        readEvents(store, START, 20),
        readEvents(store, answers[4]?.position ?? START, 15),
        readEvents(store, answers[9]?.position ?? START, 10),
      ]);
      await fillStream(store, 'note-2', { firstId: 10, count: 10 });
      const [all, half, live] = (await reading).map((pages) => idsOf(eventsOf(pages)));
      expect(all).toStrictEqual(idRange(0, 20));
      expect(half).toStrictEqual(idRange(5, 15));
      expect(live).toStrictEqual(idRange(10, 10));
    }),
  );

  it(
    'says when it has caught up, also with an empty log',
    withStore(make, async (store) => {
      const controller = new AbortController();
      const pages = store.subscribe({ after: START, signal: controller.signal });
      const read = await readUntil(pages, controller, (found) => found.at(-1)?.caughtUp === true);
      expect(eventsOf(read)).toStrictEqual([]);
    }),
  );

  it(
    'lets a slow reader miss nothing',
    withStore(make, async (store) => {
      const controller = new AbortController();
      const pages = store.subscribe({ after: START, signal: controller.signal, pageSize: 4 });
      const read: AllPage[] = [];
      for await (const page of pages) {
        if (controller.signal.aborted) continue;
        if (E.isRight(page)) read.push(page.right);
        const seen = eventCount(read);
        // The log grows while the reader is busy with its page.
        const name = `note-${String(read.length)}`;
        if (read.length <= 5) {
          await fillStream(store, name, { firstId: 10 * read.length, count: 6 });
        } else if (seen >= 30) controller.abort();
      }
      expect(idsOf(eventsOf(read))).toStrictEqual(idsOf(await allEvents(store)));
    }),
  );
};

const describeFilters = (make: MakeStore): void => {
  it(
    'delivers only what the filter wants, and still moves its checkpoint',
    withStore(make, async (store) => {
      await fillStream(store, 'memo-1', { firstId: 0, count: 5 });
      await fillStream(store, 'note-1', { firstId: 100, count: 2 });
      const passedOver = await fillStream(store, 'memo-2', { firstId: 200, count: 5 });
      const end = passedOver.at(-1)?.position ?? START;
      const controller = new AbortController();
      const pages = store.subscribe({
        after: START,
        filter: { categories: ['note'], types: ['NoteTaken'] },
        signal: controller.signal,
      });
      const read = await readUntil(
        pages,
        controller,
        (found) => (found.at(-1)?.checkpoint ?? START) >= end,
      );
      expect(idsOf(eventsOf(read))).toStrictEqual(idRange(100, 2));
    }),
  );

  it(
    'filters live events too',
    withStore(make, async (store) => {
      const controller = new AbortController();
      const filter = { types: ['NoteKept'] };
      const pages = store.subscribe({ after: START, filter, signal: controller.signal });
      const reading = readUntil(pages, controller, (found) => eventCount(found) >= 5);
      for (let n = 0; n < 20; n += 1) {
        const type = n % 4 === 0 ? 'NoteKept' : 'NoteTaken';
        const stream = `note-${String(n)}`;
        await append(store, { stream, expected: 'no-stream' }, event(n, { type }));
      }
      const found = idsOf(eventsOf(await reading));
      expect(found).toStrictEqual([0, 4, 8, 12, 16].flatMap((n) => idRange(n, 1)));
    }),
  );
};

const describeEnding = (make: MakeStore): void => {
  it(
    'ends when its signal aborts: before it starts, and while it waits',
    withStore(make, async (store) => {
      await fillStream(store, 'note-1', { firstId: 0, count: 3 });
      const aborted: unknown[] = [];
      const signal = AbortSignal.abort();
      for await (const page of store.subscribe({ after: START, signal })) aborted.push(page);
      expect(aborted).toStrictEqual([]);

      const controller = new AbortController();
      const seen: AllPage[] = [];
      for await (const page of store.subscribe({ after: START, signal: controller.signal })) {
        if (E.isRight(page)) seen.push(page.right);
        if (seen.at(-1)?.caughtUp === true) setTimeout(() => controller.abort(), 20);
      }
      expect(idsOf(eventsOf(seen))).toStrictEqual(idRange(0, 3));
    }),
  );

  it(
    'refuses everything after close, and ends a subscription that waits',
    withStore(make, async (store) => {
      await fillStream(store, 'note-1', { firstId: 0, count: 1 });
      const controller = new AbortController();
      const tags: (string | false)[] = [];
      const closes: Promise<void>[] = [];
      for await (const page of store.subscribe({ after: START, signal: controller.signal })) {
        tags.push(E.isLeft(page) && page.left._tag);
        if (E.isRight(page) && page.right.caughtUp) {
          // By then the subscription waits.
          setTimeout(() => closes.push(store.close()), 20);
        }
      }
      await Promise.all(closes);
      expect(tags.filter((tag) => tag !== false)).toStrictEqual(['StoreUnavailable']);

      await store.close();
      const failures: unknown[] = [
        await tryAppend(store, { stream: 'note-1', expected: 0 }, event(1)),
        await store.head()(),
      ];
      for await (const page of store.readStream('note-1')) failures.push(page);
      for await (const page of store.readAll()) failures.push(page);
      expect(failures).toHaveLength(4);
      for (const failure of failures) {
        expect(failure).toMatchObject({ left: { _tag: 'StoreUnavailable', reason: 'closed' } });
      }
    }),
  );
};

export const describeSubscribing = (make: MakeStore): void => {
  describeLive(make);
  describeFilters(make);
  describeEnding(make);
};
