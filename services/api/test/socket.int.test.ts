import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { makeApi, startApi, stopApi } from '../src/index.js';
import { clientOf } from './client.js';
import {
  COMPANY,
  linesOf,
  makeServer,
  sessionEntries,
  setUpCompany,
  type Server,
} from './harness.js';

/** Goal: what only sockets show. Method: real connections, half-sent requests, and no waiting by time. */
describe('the server on its socket', () => {
  let server: Server;
  beforeEach(async () => {
    server = await makeServer({ listen: true });
    await setUpCompany(server);
  });
  afterEach(() => server.stop());

  const entry = JSON.stringify(sessionEntries('s-1')[0]);
  const headOf = (type: string, length: number): string =>
    `POST ${COMPANY}/journal HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    `Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

  /** A request of which the server has seen the head; `received` is everything until the end. */
  const begin = async (
    sent: string,
  ): Promise<Readonly<{ socket: Socket; received: Promise<string> }>> => {
    const socket = connect(server.port, '127.0.0.1');
    const chunks: string[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    socket.on('error', () => undefined);
    const received = once(socket, 'close').then(() => chunks.join(''));
    const seen = once(server.api.server, 'request');
    socket.write(sent);
    await seen;
    return { socket, received };
  };

  const stopListening = async (
    waitMs: number,
  ): Promise<Readonly<{ stopped: Promise<boolean> }>> => {
    const stopped = stopApi(server.api, waitMs);
    while (server.api.server.listening) await turn();
    return { stopped };
  };

  test('listens on loopback unless it is told otherwise', () => {
    const address = server.api.server.address();
    expect(address).toStrictEqual({ address: '127.0.0.1', family: 'IPv4', port: server.port });
  });

  test('a port in use is named with what to do about it', async () => {
    const { port } = server;
    const second = makeApi(server.parts);
    expect(await startApi(second, { port })).toStrictEqual({
      _tag: 'Left',
      left: {
        _tag: 'PortInUse',
        host: '127.0.0.1',
        port,
        message: `Port ${port} at 127.0.0.1 is in use by another program.`,
        remedy: 'Stop the program that listens there, or choose another port.',
      },
    });
    await second.close();
  });

  test('an address that this machine does not have is named', async () => {
    const second = makeApi(server.parts);
    expect(await startApi(second, { host: '192.0.2.1', port: 0 })).toStrictEqual({
      _tag: 'Left',
      left: {
        _tag: 'HostNotHere',
        host: '192.0.2.1',
        port: 0,
        message: '192.0.2.1 is not an address of this machine.',
        remedy: 'Listen at 127.0.0.1, or at an address of this machine.',
      },
    });
    await second.close();
  });

  test('stopping answers what is under way, and refuses what comes after', async () => {
    const { socket, received } = await begin(headOf('application/json', Buffer.byteLength(entry)));
    const { stopped } = await stopListening(60_000);
    socket.write(`${entry}GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    const answers = await received;
    expect(answers.match(/HTTP\/1\.1 \d{3}/g)).toStrictEqual(['HTTP/1.1 200', 'HTTP/1.1 503']);
    expect(answers).toContain('urn:daybook:problem:stopping');
    expect(await stopped).toBe(true);
    const late = clientOf(server.port);
    await expect(late.send({ method: 'GET', url: '/health' })).rejects.toThrow('ECONNREFUSED');
    late.close();
  });

  test('a client that never finishes is cut off when the wait is over', async () => {
    const { received } = await begin(headOf('application/json', 9_999));
    const { stopped } = await stopListening(20);
    expect(await stopped).toBe(false);
    expect(await received).not.toContain('200 OK');
  });

  test('an upload that grows too large is answered although more is being sent', async () => {
    const bounded = await makeServer({ listen: true, limits: { journalBytes: 4_000 } });
    await setUpCompany(bounded);
    const answer = await bounded.ask({
      method: 'POST',
      url: `${COMPANY}/journal`,
      headers: { 'content-type': 'application/x-ndjson' },
      payload: [linesOf(sessionEntries('s-1')), ' '.repeat(1_000_000)],
    });
    expect([answer.status, answer.body['imported']]).toStrictEqual([
      413,
      { lines: 5, sessions: 1, recorded: 5, repeated: 0, refused: {}, problems: 0 },
    ]);
    await bounded.stop();
  });

  test('an upload that breaks off keeps what was whole', async () => {
    const { socket } = await begin(`${headOf('application/x-ndjson', 9_999)}${entry}\n{"entry"`);
    socket.destroy();
    const statusOf = async (): Promise<number> => {
      await server.project();
      return (await server.get(`${COMPANY}/sessions/s-1`)).status;
    };
    let status = await statusOf();
    while (status === 404) status = await statusOf();
    expect(status).toBe(200);
  });
});
