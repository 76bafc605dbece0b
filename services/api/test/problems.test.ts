import { Writable } from 'node:stream';
import pino from 'pino';
import { COMPANY, makeServer, SESSION_TEXT, setUpCompany, type Server } from './harness.js';

type Line = Readonly<Record<string, unknown>>;

/** A real log whose lines are kept; the reader breaks on request as a damaged disk would. */
describe('problems', () => {
  let server: Server;
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const broken = new Error(`cannot handle ${SESSION_TEXT}`);
  let running = (): string | null => null;
  beforeAll(async () => {
    server = await makeServer({
      log: pino({ level: 'info' }, sink),
      running: () => running(),
      hosts: ['daybook.internal'],
      limits: { bodyBytes: 2_000 },
    });
    await setUpCompany(server);
  });
  beforeEach(() => {
    lines.length = 0;
    running = () => null;
  });
  afterAll(() => server.stop());

  const url = `${COMPANY}/commands`;
  const json = { 'content-type': 'application/json' };
  const send = (headers: Record<string, string>, payload: string) =>
    server.ask({ method: 'POST', url, headers, payload });

  const stream = { 'content-type': 'application/x-ndjson' };
  const plain = { 'content-type': 'text/plain' };
  const zipped = { ...json, 'content-encoding': 'gzip' };
  test.each<[string, Record<string, string>, readonly [string, number, string]]>([
    ['broken JSON', json, [`{"text":"${SESSION_TEXT}`, 400, 'malformed-request']],
    ['an empty body', json, ['', 400, 'malformed-request']],
    ['a list', json, ['[]', 422, 'invalid-request']],
    ['a stream', stream, ['{}', 415, 'unsupported-media-type']],
    ['plain text', plain, ['x', 415, 'unsupported-media-type']],
    ['compressed', zipped, ['{}', 415, 'unsupported-media-type']],
    ['too much', json, [`{"x":"${'x'.repeat(2_000)}"}`, 413, 'body-too-large']],
  ])('%s is refused without repeating it', async (_what, headers, [payload, status, type]) => {
    const answer = await send(headers, payload);
    expect([answer.status, answer.body['type']]).toStrictEqual([
      status,
      `urn:daybook:problem:${type}`,
    ]);
    expect(answer.text + lines.join('')).not.toContain('room 12');
  });

  test('an address that is none is a 404 like every other', async () => {
    const nowhere = await server.get('/v2/anything');
    const unknown = await server.get('/v1/companies/nobody/sessions');
    expect([nowhere.status, unknown.text]).toStrictEqual([404, nowhere.text]);
  });

  test('an id that cannot be one is refused before anything is looked up', async () => {
    const answer = await server.get(`${COMPANY}/sessions/not_an_id`);
    const errors = answer.body['errors'] as { field: string }[];
    expect([answer.status, errors.map(({ field }) => field)]).toStrictEqual([400, ['session']]);
  });

  test('a bug is answered with a reference that the log has, and neither says what it met', async () => {
    running = () => {
      throw broken;
    };
    const answer = await server.get('/ready');
    expect(answer.status).toBe(500);
    expect(answer.body['type']).toBe('urn:daybook:problem:internal-error');
    const logged = lines.map((line) => JSON.parse(line) as Line);
    const entry = logged.find(({ reference }) => reference !== undefined);
    expect(entry).toMatchObject({
      reference: answer.body['reference'],
      route: '/ready',
      error: 'Error',
    });
    expect((entry?.['at'] as string[]).length).toBeGreaterThan(0);
    expect(answer.text + lines.join('')).not.toContain('room 12');
  });

  test('a request is logged by its route, not by its address', async () => {
    await server.get(`${COMPANY}/summaries?q=confidential`);
    const logged = lines.map((line) => JSON.parse(line) as Line);
    expect(logged.map(({ method, route, status }) => [method, route, status])).toStrictEqual([
      ['GET', '/v1/companies/:company/summaries', 403],
    ]);
    expect(lines.join('')).not.toContain('confidential');
  });

  test.each([
    ['localhost', 200],
    ['LOCALHOST:8080', 200],
    ['127.0.0.1', 200],
    ['[::1]:8080', 200],
    ['daybook.internal:8080', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example:80', 421],
  ])('on loopback the host name %s gets %d', async (host, status) => {
    expect((await server.get('/health', { host })).status).toBe(status);
  });
});
