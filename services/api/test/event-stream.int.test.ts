import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { stopApi } from '../src/index.js';
import { COMPANY, makeServer, setUpCompany, type Server } from './harness.js';

/** One connection to the stream; what has come so far, and its end. */
type Client = Readonly<{
  socket: Socket;
  text: () => string;
  ids: () => readonly number[];
  types: () => readonly string[];
  ended: Promise<unknown>;
}>;

/** Events of the company that every test begins with. */
const SET_UP = 6;

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 8_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('what was waited for did not become true');
    await delay(5);
  }
};

/** Goal: what a stream promises its clients and the server. Method: real sockets, read by hand. */
describe('events as a stream', () => {
  let server: Server;
  const clients: Client[] = [];
  const begin = async (limits: Parameters<typeof makeServer>[0] = {}): Promise<void> => {
    server = await makeServer({ listen: true, ...limits });
    await setUpCompany(server);
  };
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    await server.stop();
  });

  const open = (path = '', headers = ''): Client => {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(
      `GET ${COMPANY}/events/stream${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`,
    );
    const events = (): RegExpMatchArray[] => [...text.matchAll(/id: (\d+)\nevent: (\S+)\ndata: /g)];
    const client = {
      socket,
      text: () => text,
      ids: () => events().map(([, id]) => Number(id)),
      types: () => events().map(([, , type]) => String(type)),
      ended: once(socket, 'close'),
    };
    clients.push(client);
    return client;
  };
  const register = async (from: number, to: number): Promise<void> => {
    for (let number = from; number <= to; number += 1)
      await server.post(`${COMPANY}/commands`, {
        command: 'RegisterUser',
        userId: `u-${number}`,
        role: 'supporter',
      });
  };

  test('begins with the first event and goes on with what comes, each with its position and type', async () => {
    await begin();
    const client = open();
    await until(() => client.ids().length === SET_UP);
    await register(1, 3);
    await until(() => client.ids().length === SET_UP + 3);
    expect(client.types()).toStrictEqual([
      'daybook.organization.company-registered.v1',
      'daybook.organization.ai-activated.v1',
      'daybook.credits.monthly-credits-granted.v1',
      'daybook.organization.summaries-option-set.v1',
      'daybook.organization.user-registered.v1',
      'daybook.device-policy.device-enrolled.v1',
      ...Array.from({ length: 3 }, () => 'daybook.organization.user-registered.v1'),
    ]);
    expect(client.text()).toContain('content-type: text/event-stream');
    expect(client.text()).toContain('retry: 2000\n\n');
    const pages = await server.get(`${COMPANY}/events`);
    const { items } = pages.body as { items: { sequence: string }[] };
    expect(client.ids()).toStrictEqual(items.map(({ sequence }) => Number(sequence)));
  });

  test('is resumed behind the last event that the client had, and filtered', async () => {
    await begin();
    await register(1, 5);
    const first = open();
    await until(() => first.ids().length === SET_UP + 5);
    const ids = first.ids();
    const resumed = open('?since=0', `Last-Event-ID: ${ids.at(-4)}\r\n`);
    const filtered = open('?type=daybook.organization.ai-activated.v1');
    const fromNow = open('?since=end');
    await until(() => resumed.ids().length === 3 && filtered.ids().length === 1);
    await until(() => fromNow.text().includes('retry'));
    await register(6, 6);
    await until(() => fromNow.ids().length === 1 && resumed.ids().length === 4);
    expect(resumed.ids().slice(0, 3)).toStrictEqual(ids.slice(-3));
    expect(filtered.ids()).toStrictEqual([ids[1]]);
    expect(fromNow.ids()).toStrictEqual(resumed.ids().slice(3));
  });

  test('says that it is alive, and moves the place to resume from past what was not wanted', async () => {
    await begin({ limits: { heartbeatMs: 20 } });
    const client = open('?context=summaries');
    const head = await server.head();
    await until(() => client.text().includes(`id: ${head}\n: still here\n\n`));
    expect(client.ids()).toStrictEqual([]);
  });

  test('is refused with a problem: an unknown company, a bad place, too many', async () => {
    await begin({ limits: { streamsOfCompanyMax: 1 } });
    const status = async (
      headers: Record<string, string> = {},
      path = `${COMPANY}/events/stream`,
    ) => (await server.get(path, headers)).status;
    expect(await status({}, '/v1/companies/nobody/events/stream')).toBe(404);
    expect(await status({ 'last-event-id': 'soon' })).toBe(400);
    const client = open();
    await until(() => client.ids().length === SET_UP);
    expect(await status()).toBe(503);
    client.socket.destroy();
    const again = open();
    await until(async () => {
      if (again.ids().length === SET_UP) return true;
      if (again.text().includes('503')) return (await status()) !== 503;
      return false;
    });
  });

  test('a client that takes nothing makes nobody wait, costs no memory, and is let go', async () => {
    await begin({ limits: { stallMs: 1_500 } });
    await register(1, 40);
    const reads: number[] = [];
    const slow = await makeServerOver(reads);
    const idle = connect(slow.port, '127.0.0.1');
    idle.pause();
    idle.write(`GET ${COMPANY}/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    idle.on('error', () => undefined);
    const closed = once(idle, 'close');
    const quick = open();
    await until(() => quick.ids().length === SET_UP + 40);
    await until(() => slow.ended());
    const many = reads.length;
    // Of an endless log only what fits the sockets was read, far less than what is there.
    expect(many).toBeLessThan(2_000);
    idle.resume();
    await closed;
    await slow.stop();
  });

  /** A server over a log without end, which counts the pages that are read of it. */
  const makeServerOver = async (reads: number[]) => {
    const { makeApi, startApi } = await import('../src/index.js');
    const [first] = await (async () => {
      for await (const page of server.parts.engine.store.readAll())
        if (page._tag === 'Right') return page.right.events;
      return [];
    })();
    if (first === undefined) throw new Error('the log is empty');
    let isOver = false;
    const reader = {
      ...server.parts.reader,
      subscribe: async function* () {
        try {
          for (let position = 1; ; position += 64) {
            await Promise.resolve();
            reads.push(position);
            const events = Array.from({ length: 64 }, (_, index) => ({
              ...first,
              position: position + index,
            }));
            yield {
              _tag: 'Right' as const,
              right: { events, checkpoint: position + 63, caughtUp: false },
            };
          }
        } finally {
          isOver = true;
        }
      },
    };
    const api = makeApi({ ...server.parts, reader, limits: { stallMs: 300 } });
    const listening = await startApi(api, { port: 0 });
    if (listening._tag === 'Left') throw new Error(listening.left.message);
    return { port: listening.right.port, ended: () => isOver, stop: () => stopApi(api) };
  };

  test('ends when the server stops, without keeping it waiting', async () => {
    await begin();
    const client = open();
    await until(() => client.ids().length === SET_UP);
    expect(await stopApi(server.api, 10_000)).toBe(true);
    await client.ended;
    expect(client.text().endsWith('0\r\n\r\n')).toBe(true);
  });
});
