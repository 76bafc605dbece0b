import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type EventStore, type EventToAppend, makeInMemoryEventStore } from '@daybook/event-store';
import type { EventStoreServer } from '@daybook/event-store-server';
import * as E from 'fp-ts/lib/Either.js';
import { clientOf, rightOf, serve } from './served.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const event = (n: number): EventToAppend => ({
  id: idOf(n),
  type: 'NoteTaken',
  data: `{"n":${String(n)}}`,
  metadata: '{}',
});

const memory = (): EventStore => makeInMemoryEventStore({ clock: Date.now });

const idsIn = async (store: EventStore): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const page of store.readAll()) {
    for (const { id } of rightOf(page).events) ids.push(id);
  }
  return ids;
};

/** A store whose first append is written and then answered by `instead`. */
const afterFirstAppend = (store: EventStore, instead: () => Promise<void>): EventStore => {
  let appends = 0;
  return {
    ...store,
    append: (...request) => {
      appends += 1;
      const isFirst = appends === 1;
      return async () => {
        const answer = await store.append(...request)();
        if (isFirst) await instead();
        return answer;
      };
    },
  };
};

describe('an append whose answer is lost', () => {
  it('is repeated identically when the server dies after it has written, and written once', async () => {
    const inner = memory();
    let second: EventStoreServer | undefined;
    const first = await serve(
      afterFirstAppend(inner, async () => {
        await first.close();
        second = await serve(inner, first.port);
      }),
    );
    const store = clientOf(first);
    const answer = await store.append('note-1', 'no-stream', [event(1), event(2)])();
    expect(answer).toStrictEqual(E.right({ revision: 1, position: 2 }));
    expect(await idsIn(inner)).toStrictEqual([idOf(1), idOf(2)]);
    await store.close();
    await second?.close();
  });

  it('is repeated when the server does not answer at all, and a late answer harms nothing', async () => {
    const inner = memory();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await serve(afterFirstAppend(inner, () => released));
    const store = clientOf(server, { appendTimeoutMs: 100 });
    const answer = store.append('note-1', 'no-stream', [event(1)])();
    const later = store.append('note-2', 'no-stream', [event(2)])();
    expect(await later).toStrictEqual(E.right({ revision: 0, position: 2 }));
    release();
    expect(await answer).toStrictEqual(E.right({ revision: 0, position: 1 }));
    expect(await idsIn(inner)).toStrictEqual([idOf(1), idOf(2)]);
    await store.close();
    await server.close();
  });

  it('keeps the order of many appends in flight over restarts of the server', async () => {
    const inner = memory();
    let server = await serve(inner);
    const { port } = server;
    const store = clientOf(server);
    const answers: Promise<E.Either<unknown, unknown>>[] = [];
    for (let n = 0; n < 400; n += 1) {
      const [stream, revision] = [`note-${String(n % 4)}`, Math.floor(n / 4) - 1];
      answers.push(store.append(stream, revision < 0 ? 'no-stream' : revision, [event(n)])());
      if (n % 100 === 50) {
        await answers.at(-20);
        await server.close();
        server = await serve(inner, port);
      }
    }
    expect((await Promise.all(answers)).filter(E.isLeft)).toStrictEqual([]);
    expect(await idsIn(inner)).toStrictEqual(Array.from({ length: 400 }, (_, n) => idOf(n)));
    await store.close();
    await server.close();
  });

  it('of one client is no concern of another, although they share a process', async () => {
    const [innerA, innerB] = [memory(), memory()];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const serverA = await serve(afterFirstAppend(innerA, () => released));
    const serverB = await serve(innerB);
    const [a, b] = [clientOf(serverA, { outageMsMax: 0 }), clientOf(serverB, { outageMsMax: 0 })];
    rightOf(await b.append('note-1', 'no-stream', [event(1)])());
    const waiting = a.append('note-1', 'no-stream', [event(1)])();
    await serverB.close();
    const failed = await b.append('note-1', 0, [event(2)])();
    expect(E.isLeft(failed) && failed.left._tag).toBe('StoreUnavailable');
    release();
    expect(await waiting).toStrictEqual(E.right({ revision: 0, position: 1 }));
    await a.close();
    await b.close();
    await serverA.close();
  });
});

describe('a server that accepts connections and never answers', () => {
  const open: Server[] = [];
  const sockets: Socket[] = [];
  const mute = async (): Promise<Readonly<{ port: number }>> => {
    const server = createServer((socket) => sockets.push(socket));
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { port: address.port };
  };
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of open) server.close();
  });

  it('fails appends and reads when that has lasted too long', async () => {
    const store = clientOf(await mute(), {
      appendTimeoutMs: 50,
      readTimeoutMs: 50,
      outageMsMax: 100,
    });
    const append = await store.append('note-1', 'no-stream', [event(1)])();
    const head = await store.head()();
    const busy = { left: { _tag: 'StoreUnavailable', reason: 'busy' } };
    expect([append, head]).toMatchObject([busy, busy]);
    await store.close();
  });

  it('does not hold up the end of an append, a read and a subscription when the store closes', async () => {
    const store = clientOf(await mute());
    const append = store.append('note-1', 'no-stream', [event(1)])();
    const head = store.head()();
    const pages = store.subscribe({ after: 0, signal: new AbortController().signal });
    const next = pages[Symbol.asyncIterator]().next();
    await store.close();
    const closed = { left: { _tag: 'StoreUnavailable', reason: 'closed' } };
    expect(await append).toMatchObject(closed);
    expect(await head).toMatchObject(closed);
    expect((await next).value).toMatchObject(closed);
  });
});

describe('a server that drops every connection at first', () => {
  // Goal: each attempt reaches the server. Method: a socket in front that counts.
  it('is asked over a new connection with each attempt', async () => {
    const inner = memory();
    const server = await serve(inner);
    let connections = 0;
    const front = createServer((socket) => {
      connections += 1;
      if (connections < 8) socket.destroy();
      else socket.pipe(connect(server.port, '127.0.0.1').on('error', () => undefined)).pipe(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const { port } = front.address() as AddressInfo;
    const store = clientOf({ port });
    expect(E.isRight(await store.append('note-1', 'no-stream', [event(1)])())).toBe(true);
    expect(connections).toBe(8);
    await store.close();
    await server.close();
    front.close();
  });
});

describe('an append that cannot succeed', () => {
  it('is rejected when it is larger than the server takes, or of a type that the database keeps', async () => {
    const inner = memory();
    const server = await serve(inner);
    const store = clientOf(server);
    const large = { ...event(1), data: JSON.stringify('x'.repeat(1024 * 1024)) };
    const huge = { ...event(1), data: JSON.stringify('x'.repeat(17 * 1024 * 1024)) };
    const system = { ...event(1), type: '$metadata' };
    for (const malformed of [large, huge, system]) {
      const answer = await store.append('note-1', 'no-stream', [malformed])();
      expect(E.isLeft(answer) && answer.left._tag).toBe('AppendRejected');
    }
    expect(await idsIn(inner)).toStrictEqual([]);
    expect(E.isRight(await store.append('note-1', 'no-stream', [event(1)])())).toBe(true);
    await store.close();
    await server.close();
  });
});
