import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyLog, type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import { clientOf, rightOf, serve, servedStore } from './served.js';

type Opened = Readonly<{ store: EventStore; dispose: () => Promise<void> }>;

const memory = (): EventStore => makeInMemoryEventStore({ clock: Date.now });

const openSqlite = async (): Promise<Opened> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-copy-'));
  const store = rightOf(await openSqliteEventStore({ directory, clock: Date.now, walBytes: 0 })());
  return {
    store,
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
};

const stores: Readonly<Record<string, () => Promise<Opened>>> = {
  memory: () => {
    const store = memory();
    return Promise.resolve({ store, dispose: () => store.close() });
  },
  SQLite: openSqlite,
  'served SQLite': async () => {
    const sqlite = await openSqlite();
    const served = await servedStore(sqlite.store);
    return {
      store: served.store,
      dispose: async () => {
        await served.dispose();
        await sqlite.dispose();
      },
    };
  },
};

/** Interleaved streams, runs of one stream, and text that a parser would change. */
const fill = async (store: EventStore, count: number): Promise<void> => {
  const revisions = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    const stream = `note-${String(n % 10 < 5 ? 0 : (n * 7) % 13)}`;
    const revision = revisions.get(stream);
    const id = `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    const event = {
      id,
      type: `Type${String(n % 3)}`,
      data: `{ "n": ${String(n)}.0 }`,
      metadata: ' {}',
    };
    rightOf(await store.append(stream, revision ?? 'no-stream', [event])());
    revisions.set(stream, (revision ?? -1) + 1);
  }
};

const pairs = Object.keys(stores).flatMap((from) => Object.keys(stores).map((to) => [from, to]));

/** Two hundred streams that grow in turn, so that every append is of one event and all are in flight together. */
const fillInTurn = async (store: EventStore, rounds: number): Promise<void> => {
  for (let n = 0; n < rounds * 200; n += 1) {
    const revision = Math.floor(n / 200);
    const id = `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    const event = { id, type: 'NoteTaken', data: '{}', metadata: '{}' };
    const expected = revision === 0 ? 'no-stream' : revision - 1;
    rightOf(await store.append(`note-${String(n % 200)}`, expected, [event])());
  }
};

describe('a log', () => {
  it.each(['memory', 'served SQLite'])(
    'of many streams that grow in turn is copied in its order to %s',
    async (b) => {
      const [from, to] = [memory(), await stores[b]?.()];
      if (to === undefined) throw new Error('no such store');
      // The last of each stream stands beside the first of another, of which the server knows nothing yet.
      await fillInTurn(from, 5);
      const first = {
        id: '00000000-0000-4000-8000-100000000000',
        type: 'A',
        data: '1',
        metadata: '2',
      };
      rightOf(await from.append('first-1', 'no-stream', [first])());
      const report = rightOf(await copyLog({ from, to: to.store })());
      expect(report.target).toStrictEqual(report.source);
      await from.close();
      await to.dispose();
    },
  );

  it.each(pairs)('is copied from %s to %s, and copied again changes nothing', async (a, b) => {
    const [from, to] = [await stores[a]?.(), await stores[b]?.()];
    if (from === undefined || to === undefined) throw new Error('no such store');
    await fill(from.store, 120);
    const report = rightOf(await copyLog({ from: from.store, to: to.store })());
    expect([report.appended, report.source.events]).toStrictEqual([120, 120]);
    expect(report.target).toStrictEqual(report.source);
    const again = rightOf(await copyLog({ from: from.store, to: to.store })());
    expect(again).toStrictEqual({ ...report, appended: 0 });
    await from.dispose();
    await to.dispose();
  });

  it('is copied in its order although the server is lost in the middle', async () => {
    const from = memory();
    await fill(from, 3_000);
    const inner = memory();
    let server = await serve(inner);
    const { port } = server;
    const to = clientOf(server);
    const copying = copyLog({ from, to })();
    const headOf = async (): Promise<number> => rightOf(await inner.head()());
    for (const reached of [1, 800, 1_600]) {
      while ((await headOf()) < reached) await new Promise((resolve) => setTimeout(resolve, 1));
      await server.close();
      server = await serve(inner, port);
    }
    const report = rightOf(await copying);
    expect(report).toStrictEqual({ appended: 3_000, source: report.target, target: report.source });
    await to.close();
    await server.close();
  });
});
