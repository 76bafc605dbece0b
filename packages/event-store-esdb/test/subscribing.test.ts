import {
  type AllPage,
  type EventStore,
  type EventToAppend,
  makeInMemoryEventStore,
  START,
} from '@daybook/event-store';
import { startEventStoreServer } from '@daybook/event-store-server';
import * as E from 'fp-ts/lib/Either.js';
import { clientOf, rightOf, serve } from './served.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const event = (n: number, type = 'NoteTaken'): EventToAppend => ({
  id: idOf(n),
  type,
  data: `{"n":${String(n)}}`,
  metadata: '{}',
});
const ids = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => idOf(first + n));

const memory = (): EventStore => makeInMemoryEventStore({ clock: Date.now });

/** Appends of ten events each, at the end of one stream. */
const grow = async (store: EventStore, first: number, count: number): Promise<void> => {
  for (let n = first; n < first + count; n += 10) {
    const [head, ...rest] = Array.from({ length: 10 }, (_, index) => event(n + index));
    if (head === undefined) throw new Error('nothing');
    rightOf(await store.append('note-1', n === 0 ? 'no-stream' : n - 1, [head, ...rest])());
  }
};

/** Counts the subscriptions to everything that are open at a store; the server's own have a filter. */
const counting = (store: EventStore): Readonly<{ store: EventStore; open: () => number }> => {
  let open = 0;
  return {
    open: () => open,
    store: {
      ...store,
      async *subscribe(options) {
        const counts = Object.keys(options.filter ?? {}).length === 0 ? 1 : 0;
        open += counts;
        try {
          yield* store.subscribe(options);
        } finally {
          open -= counts;
        }
      },
    },
  };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('a subscription whose server is lost again and again', () => {
  it('hands on every event once and in order, during catch-up and live', async () => {
    const inner = memory();
    await grow(inner, 0, 3_000);
    let server = await serve(inner);
    const { port } = server;
    const store = clientOf(server);
    const controller = new AbortController();
    const read: string[] = [];
    let restarts = 0;
    const restart = async (): Promise<void> => {
      restarts += 1;
      await server.close();
      server = await serve(inner, port);
    };
    const pages = store.subscribe({ after: START, signal: controller.signal, pageSize: 100 });
    for await (const page of pages) {
      for (const { id } of rightOf(page).events) read.push(id);
      const isCatchUp = read.length < 3_000 && restarts < Math.floor(read.length / 600);
      const isLive = rightOf(page).caughtUp && read.length < 3_200;
      if (isCatchUp || isLive) await restart();
      if (isLive) await grow(inner, read.length, 50);
      if (read.length >= 3_200) controller.abort();
    }
    expect(read).toStrictEqual(ids(0, 3_200));
    expect(restarts).toBeGreaterThanOrEqual(8);
    await store.close();
    await server.close();
  });
});

describe('a subscription with a filter', () => {
  it('moves its checkpoint with each event that it passes over, live too', async () => {
    const inner = memory();
    const server = await serve(inner);
    const store = clientOf(server);
    const controller = new AbortController();
    const checkpoints: number[] = [];
    const found: string[] = [];
    const filter = { types: ['NoteKept'] };
    for await (const page of store.subscribe({ after: START, filter, signal: controller.signal })) {
      const { checkpoint, caughtUp, events } = rightOf(page);
      checkpoints.push(checkpoint);
      for (const { id } of events) found.push(id);
      const n = checkpoints.length;
      if (n > 6) controller.abort();
      else if (caughtUp) {
        const type = n === 4 ? 'NoteKept' : 'NoteTaken';
        rightOf(await store.append(`note-${String(n)}`, 'no-stream', [event(n, type)])());
      }
    }
    expect(checkpoints).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(found).toStrictEqual([idOf(4)]);
    await store.close();
    await server.close();
  });

  it('is not told what only begins like what it asked for', async () => {
    const inner = memory();
    rightOf(await inner.append('note-1', 'no-stream', [event(1, 'NoteKeptV2')])());
    rightOf(await inner.append('note-2', 'no-stream', [event(2, 'Note.Kept')])());
    rightOf(await inner.append('note-3', 'no-stream', [event(3, 'Note.KeptV2')])());
    const server = await serve(inner);
    const store = clientOf(server);
    const controller = new AbortController();
    const pages: AllPage[] = [];
    const filter = { categories: ['note'], types: ['Note.Kept'] };
    for await (const page of store.subscribe({ after: START, filter, signal: controller.signal })) {
      pages.push(rightOf(page));
      if (rightOf(page).checkpoint === 3) controller.abort();
    }
    expect(pages.flatMap(({ events }) => events.map(({ id }) => id))).toStrictEqual([idOf(2)]);
    await store.close();
    await server.close();
  });
});

describe('a subscription that ends', () => {
  it('leaves nothing open at the server: by its signal, by a break, by an error of the reader', async () => {
    const inner = memory();
    await grow(inner, 0, 100);
    const { store: counted, open } = counting(inner);
    const server = await serve(counted);
    const store = clientOf(server);
    const controller = new AbortController();
    const options = { after: START, signal: controller.signal, pageSize: 10 };
    for await (const page of store.subscribe(options)) if (E.isRight(page)) break;
    await until(() => open() === 0);

    const failing = async (): Promise<void> => {
      for await (const page of store.subscribe(options)) throw new Error(`failed: ${page._tag}`);
    };
    await expect(failing()).rejects.toThrow('failed: Right');
    await until(() => open() === 0);

    for await (const page of store.subscribe(options)) {
      if (rightOf(page).caughtUp) setTimeout(() => controller.abort(), 10);
    }
    await until(() => open() === 0);
    expect(open()).toBe(0);
    await store.close();
    await server.close();
  });

  it('says that access is denied, and does not try again', async () => {
    const credentials = [{ username: 'ada', password: 'secret' }];
    const options = { store: memory(), host: '127.0.0.1', port: 0, credentials };
    const server = rightOf(await startEventStoreServer(options)());
    const store = clientOf(server);
    const pages: unknown[] = [];
    const signal = new AbortController().signal;
    for await (const page of store.subscribe({ after: START, signal })) pages.push(page);
    expect(pages).toMatchObject([E.left({ _tag: 'StoreUnavailable', reason: 'read-only' })]);
    await store.close();
    await server.close();
  });
});

describe('a subscription that hears nothing', () => {
  it('is opened again after the time, and misses nothing', async () => {
    const inner = memory();
    let isMute = true;
    let opened = 0;
    const server = await serve({
      ...inner,
      async *subscribe(options) {
        opened += 1;
        // The connection lives, the subscription behind it does not.
        if (isMute) {
          await new Promise((resolve) => options.signal.addEventListener('abort', resolve));
        } else yield* inner.subscribe(options);
      },
    });
    await grow(inner, 0, 10);
    const store = clientOf(server, { silenceMsMax: 50 });
    const controller = new AbortController();
    const read: string[] = [];
    setTimeout(() => {
      isMute = false;
    }, 120);
    for await (const page of store.subscribe({ after: START, signal: controller.signal })) {
      for (const { id } of rightOf(page).events) read.push(id);
      controller.abort();
    }
    expect(read).toStrictEqual(ids(0, 10));
    expect(opened).toBeGreaterThan(1);
    await store.close();
    await server.close();
  });
});
