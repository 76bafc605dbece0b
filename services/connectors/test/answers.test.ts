import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { makeWorld, until, type World } from './world.js';

// Goal: no answer of a remote system, however long, slow or endless, takes the memory or the time of the process.
// Method: a server below the published shapes, which does with a request what a test wants.

let world: World;
let server: Server;
let answer: RequestListener;
const token = JSON.stringify({ access_token: 't', token_type: 'Bearer', expires_in: 1_799 });

beforeEach(async () => {
  world = makeWorld();
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await world.dispose();
  server.close();
});

const start = (more: object = {}) =>
  world.start(
    {
      kind: 'servicenow',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      mapping: { by: 'field', field: 'u_session' },
      timeoutMs: 300,
      ...more,
    },
    { retryPolicy: { attemptsMax: 1, firstDelayMs: 1, factor: 1, delayMsMax: 1 } },
  );

const parked = (): readonly (string | null)[] =>
  world.deliveries().map(({ state, reason }) => `${state} ${reason}`);

test('a small answer that unfolds to a great one is not read to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(48 * 1024 * 1024, ' '));
  answer = (request, response) => {
    if (request.url === '/oauth_token.do')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(token);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    return void response.end(bomb);
  };
  await world.generated('s1');
  await start({ timeoutMs: 60_000 }).settled();
  expect(parked()).toStrictEqual(['parked AnswerUnreadable 200']);
});

test('an answer that is not packed as it says is a failed connection', async () => {
  answer = (request, response) => {
    if (request.url === '/oauth_token.do')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(token);
    return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not packed');
  };
  await world.generated('s1');
  const connector = start();
  await until(() => connector.health().state._tag === 'Paused');
  expect(connector.health().state).toMatchObject({ reason: 'Unreachable connection' });
});

test.each([
  ['never answers', () => undefined],
  [
    'drips its answer',
    (response: Parameters<RequestListener>[1]) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drops = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drops));
    },
  ],
])(
  'a token endpoint that %s holds the connector no longer than its time limit',
  async (_, does) => {
    answer = (_request, response) => void does(response);
    await world.generated('s1');
    const connector = start();
    await until(() => connector.health().state._tag === 'Paused');
    expect(connector.health().state).toMatchObject({ reason: 'Unreachable timed-out' });
  },
);

test('a journal whose pages never end is left', async () => {
  const entry = { sys_id: '0'.repeat(32), value: 'x' };
  const page = JSON.stringify({ result: Array.from({ length: 100 }, () => entry) });
  let pages = 0;
  answer = (request, response) => {
    const isJournal = request.url?.includes('sys_journal_field') === true;
    pages += isJournal ? 1 : 0;
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url === '/oauth_token.do') return void response.end(token);
    const record = { result: [{ sys_id: '0'.repeat(32), u_session: 's1' }] };
    return void response.end(isJournal ? page : JSON.stringify(record));
  };
  await world.generated('s1');
  await start({ timeoutMs: 60_000 }).settled();
  expect(parked()).toStrictEqual(['parked AnswerUnreadable 200']);
  expect(pages).toBe(200);
});

test.each([
  ['the token endpoint', '/oauth_token.do'],
  ['the API', '/api/'],
])(
  'a redirection of %s is not followed, and takes neither secret nor token along',
  async (_what, from) => {
    const asked: (string | undefined)[] = [];
    answer = (request, response) => {
      asked.push(request.url?.split('?')[0]);
      if (request.url?.startsWith(from) === true)
        return void response.writeHead(307, { location: '/elsewhere' }).end();
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(token);
    };
    await world.generated('s1');
    const connector = start();
    await until(() => connector.health().state._tag === 'Paused');
    expect(connector.health().state).toMatchObject({ reason: 'Unreachable connection' });
    expect(asked).not.toContain('/elsewhere');
  },
);
