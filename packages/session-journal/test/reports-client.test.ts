import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { reportPages, reportsAddress, type ReportsApi, type ReportsAsked } from '../src/index.js';
import { savedReport } from './reports.js';

const TOKEN = 'canary-token-1234';
const NOW = Date.UTC(2026, 5, 30);
const all: ReportsAsked = { kind: 'outgoing', from: null, to: null };

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify(body));

const failing = (status: number, headers: Record<string, string> = {}): Reply =>
  json({ error: 'x', error_description: `about ${TOKEN}` }, status, headers);

/** A page as the API gives it: at most 1,000 reports, the offset of the next one where there is one. */
const pageOf = (from: number, to: number, total: number): Reply => {
  const records = Array.from({ length: to - from }, (_, index) =>
    savedReport({ id: `r-${from + index}` }),
  );
  const rest = total - to;
  return json({ records, records_remaining: rest, ...(rest > 0 ? { next_offset: `o${to}` } : {}) });
};

const cut: Reply = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"records":[');
  response.destroy();
};
const mute: Reply = () => undefined;

type Told = Readonly<{ asked: string[]; waits: number[]; ended: string }>;

/** What a client hears and does at a server that answers with these, one after the other. */
const against = async (
  replies: readonly Reply[],
  asked: ReportsAsked = all,
  changed: Partial<ReportsApi> = {},
): Promise<Told & Readonly<{ records: number }>> => {
  const asks: string[] = [];
  const authorized: (string | undefined)[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    asks.push(request.url ?? '');
    authorized.push(request.headers.authorization);
    (replies[asks.length - 1] ?? failing(404))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: ReportsApi = {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    token: TOKEN,
    timeoutMs: 60_000,
    attemptsMax: 3,
    waitMsMax: 300_000,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
    random: () => 1,
    clock: () => NOW,
    signal: new AbortController().signal,
    ...changed,
  };
  let records = 0;
  let ended = 'all';
  for await (const page of reportPages(api, asked)) {
    if (E.isRight(page)) records += page.right.records.length;
    else ended = JSON.stringify(page.left);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(new Set(authorized)).toStrictEqual(new Set([`Bearer ${TOKEN}`]));
  expect(ended).not.toContain(TOKEN);
  return { asked: asks, waits, records, ended };
};

describe('fetching reports', () => {
  it('takes page after page, by the offset that each page names', async () => {
    const pages = [pageOf(0, 1000, 2300), pageOf(1000, 2000, 2300), pageOf(2000, 2300, 2300)];
    const asked = { kind: 'outgoing', from: Date.UTC(2026, 4), to: Date.UTC(2026, 5) } as const;
    const period = 'from_date=2026-05-01T00%3A00%3A00Z&to_date=2026-06-01T00%3A00%3A00Z';
    expect(await against(pages, asked)).toStrictEqual({
      asked: [
        `/api/v1/reports/connections?${period}`,
        `/api/v1/reports/connections?${period}&offset_id=o1000`,
        `/api/v1/reports/connections?${period}&offset_id=o2000`,
      ],
      waits: [],
      records: 2300,
      ended: 'all',
    });
  });

  it('of devices asks where those are', async () => {
    const { asked } = await against([pageOf(0, 0, 0)], { ...all, kind: 'incoming' });
    expect(asked).toStrictEqual(['/api/v1/reports/devices']);
  });

  it('waits as long as the service asks for, in seconds or until a date', async () => {
    const date = new Date(NOW + 120_000).toUTCString();
    const told = await against([
      failing(429, { 'retry-after': '7' }),
      failing(429, { 'retry-after': date }),
      pageOf(0, 2, 2),
    ]);
    expect([told.waits, told.records, told.ended]).toStrictEqual([[7_000, 120_000], 2, 'all']);
  });

  it('does not wait for longer than it may', async () => {
    const told = await against([failing(429, { 'retry-after': '86400' })]);
    expect([told.waits, told.ended]).toStrictEqual([
      [],
      '{"_tag":"RateLimited","retryAfterMs":86400000}',
    ]);
  });

  it('tries again after a fault of the service or of the line, and goes on where it was', async () => {
    const told = await against([pageOf(0, 2, 3), failing(502), cut, pageOf(2, 3, 3)]);
    expect([told.waits, told.records, told.ended]).toStrictEqual([[1_000, 2_000], 3, 'all']);
    expect(told.asked.slice(1)).toStrictEqual(
      Array.from({ length: 3 }, () => '/api/v1/reports/connections?offset_id=o2'),
    );
  });

  it('gives up after its attempts, with the pages that it has', async () => {
    const told = await against([pageOf(0, 2, 3), failing(503), failing(503), failing(500)]);
    expect([told.records, told.asked.length, told.ended]).toStrictEqual([
      2,
      4,
      '{"_tag":"ApiUnavailable","reason":"server-error","status":500}',
    ]);
  });

  it('does not wait for a service that says nothing', async () => {
    const told = await against([mute], all, { timeoutMs: 50, attemptsMax: 1 });
    expect(told.ended).toBe('{"_tag":"ApiUnavailable","reason":"timed-out","status":null}');
  });

  it.each<readonly [string, Reply, string]>([
    ['a token that is not known', failing(401), '{"_tag":"TokenRefused"}'],
    ['a token that may not', failing(403), '{"_tag":"NotPermitted"}'],
    [
      'a request that is not understood',
      failing(400),
      '{"_tag":"UnexpectedAnswer","status":400,"reason":"the request was refused"}',
    ],
    [
      'a page of another kind',
      json({ devices: [] }),
      '{"_tag":"UnexpectedAnswer","status":200,"reason":"the answer has no list of records"}',
    ],
    [
      'an offset without measure',
      json({ records: [], records_remaining: 1, next_offset: 'x'.repeat(501) }),
      '{"_tag":"UnexpectedAnswer","status":200,"reason":"the offset of the next page is too long"}',
    ],
    [
      'what is no JSON',
      (_request, response) => void response.end('<html>'),
      '{"_tag":"UnexpectedAnswer","status":200,"reason":"the answer is not JSON"}',
    ],
    [
      'a redirect, which would take the token along',
      failing(302, { location: 'http://127.0.0.1:9/' }),
      '{"_tag":"UnexpectedAnswer","status":302,"reason":"it points to another address, which is not followed"}',
    ],
  ])('ends at once with %s', async (_what, reply, ended) => {
    const told = await against([reply]);
    expect([told.asked.length, told.waits, told.ended]).toStrictEqual([1, [], ended]);
  });

  it('ends when pages go in a circle', async () => {
    const circle = json({ records: [savedReport()], records_remaining: 1, next_offset: 'same' });
    const told = await against([circle, circle, circle]);
    expect([told.asked.length, told.records]).toStrictEqual([2, 2]);
    expect(told.ended).toContain('the pages go in a circle');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const stopping: Reply = () => stop.abort();
    const told = await against([pageOf(0, 1, 2), stopping], all, { signal: stop.signal });
    expect([told.records, told.ended]).toStrictEqual([1, '{"_tag":"Stopped"}']);
  });
});

describe('the address that a token is sent to', () => {
  it.each([
    ['https://webapi.teamviewer.com/api/v1/', 'https://webapi.teamviewer.com/api/v1'],
    ['http://127.0.0.1:8080/api/v1', 'http://127.0.0.1:8080/api/v1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://webapi.teamviewer.com/api/v1', null],
    ['http://127.0.0.1.example.com/', null],
    ['https://user:secret@webapi.teamviewer.com', null],
    ['https://webapi.teamviewer.com/?token=x', null],
    ['ftp://webapi.teamviewer.com', null],
    ['webapi.teamviewer.com', null],
  ])('%s is %j', (text, address) => {
    expect(reportsAddress(text)).toBe(address);
  });
});
