import {
  COMPANY,
  linesOf,
  makeServer,
  NOW,
  sendJournal,
  sessionEntries,
  setUpCompany,
  summarizing,
  type Answer,
  type Server,
} from './harness.js';

// Goal: what an auditor or an operator asks of the command line can be asked over HTTP: consents and
// receipts, explanations, what is parked, and a summary made again. Every answer is held against the
// OpenAPI document by the harness.

type Item = Readonly<Record<string, unknown>>;
const summary = `${COMPANY}/summaries/s-1`;
const anna = { 'daybook-actor': 'administrator:anna' };

describe('for auditors and operators, over HTTP', () => {
  let server: Server;
  const regenerate = (headers: Record<string, string>, body: object = {}): Promise<Answer> =>
    server.post(`${summary}/regenerate`, body, headers);
  beforeEach(async () => {
    server = await makeServer();
    await setUpCompany(server);
    for (const [userId, role] of [
      ['anna', 'administrator'],
      ['tom', 'supporter'],
    ])
      await server.post(`${COMPANY}/commands`, { command: 'RegisterUser', userId, role });
    const entries = [...sessionEntries('s-1'), ...sessionEntries('s-2', NOW + 1_000_000)];
    await sendJournal(server, linesOf(entries));
  });
  afterEach(async () => {
    summarizing.failsWith = null;
    await server.stop();
  });

  test('consents are listed, filtered and paged', async () => {
    await server.project();
    const first = await server.get(`${COMPANY}/consents?limit=1&state=granted&basis=consent`);
    expect(first.body['items']).toMatchObject([
      { sessionId: 's-2', state: 'granted', restsOnConsent: true, indicatedBy: 'remote-1' },
    ]);
    const next = `${COMPANY}/consents?limit=1&cursor=${String(first.body['next'])}`;
    const second = await server.get(next);
    expect([(second.body['items'] as Item[])[0]?.['sessionId'], second.body['next']]).toStrictEqual(
      ['s-1', null],
    );
    expect((await server.get(`${COMPANY}/consents?state=perhaps`)).status).toBe(400);
  });

  test('a receipt is what the command line prints, and none is there for no session', async () => {
    const answer = await server.get(`${COMPANY}/sessions/s-1/consent-receipt`);
    expect(answer.body['receipt']).toMatchObject({
      record_header: { schema_version: 'daybook.consent-receipt.v1' },
      consent: { exists: true, state: 'ended', in_force: false },
    });
    expect(answer.text).not.toContain('printer in room 12');
    expect((await server.get(`${COMPANY}/sessions/nobody/consent-receipt`)).status).toBe(404);
  });

  test('a device and a user are explained as of the position of the answer', async () => {
    for (const [url, type] of [
      [`${COMPANY}/devices/pc-1/explanation`, 'DeviceEnrolled'],
      [`${COMPANY}/users/sam/explanation`, 'UserRegistered'],
    ] as const) {
      const { body } = await server.get(url);
      const { agrees, changes } = body['explanation'] as { agrees: boolean; changes: Item[] };
      expect([agrees, changes.map(({ event }) => (event as Item)['type'])]).toStrictEqual([
        true,
        [type],
      ]);
    }
    expect((await server.get(`${COMPANY}/devices/none/explanation`)).status).toBe(404);
    expect((await server.get(`${COMPANY}/users/none/explanation`)).status).toBe(404);
  });

  test('what is parked is listed by page, and tried again by id or all together', async () => {
    summarizing.failsWith = { _tag: 'SummaryNotPossible', reason: 'refused', detail: '' };
    const failed = [...sessionEntries('s-3'), ...sessionEntries('s-4', NOW + 1_000_000)];
    await sendJournal(server, linesOf(failed));
    await server.settle();
    const first = await server.get(`${COMPANY}/parked?limit=1`, anna);
    expect(first.body['items']).toMatchObject([
      { process: 'insights', stream: 'session-acme_s-3', reason: 'refused', attempts: 1 },
    ]);
    const second = await server.get(
      `${COMPANY}/parked?limit=1&cursor=${String(first.body['next'])}`,
      anna,
    );
    expect([(second.body['items'] as Item[]).length, second.body['next']]).toStrictEqual([1, null]);
    summarizing.failsWith = null;
    const eventIds = (first.body['items'] as Item[]).map(({ eventId }) => eventId);
    expect((await server.post(`${COMPANY}/parked/retry`, { eventIds }, anna)).body['retried']).toBe(
      1,
    );
    expect(
      (await server.post(`${COMPANY}/parked/retry`, { all: true }, anna)).body['retried'],
    ).toBe(1);
    expect(
      (await server.post(`${COMPANY}/parked/retry`, { all: true }, anna)).body['retried'],
    ).toBe(0);
    expect((await server.get(`${COMPANY}/parked`, anna)).body['items']).toStrictEqual([]);
    expect((await server.get(`${COMPANY}/parked`)).status).toBe(403);
    expect(
      (await server.get(`${COMPANY}/parked`, { 'daybook-actor': 'supporter:sam' })).status,
    ).toBe(403);
    await server.project();
    expect((await server.get(`${COMPANY}/summaries/s-3`, anna)).status).toBe(200);
    for (const body of [{}, { all: false }, { eventIds: ['x'] }, { all: true, eventIds }])
      expect((await server.post(`${COMPANY}/parked/retry`, body, anna)).status).toBe(422);
  });

  test('a summary is made again against the revision that was read', async () => {
    await server.settle();
    const made = await regenerate({ ...anna, 'if-match': '"1"' });
    expect([made.status, made.headers.etag, made.body['events']]).toStrictEqual([
      200,
      '"2"',
      ['SummaryGenerated'],
    ]);
    expect((await regenerate({ ...anna, 'if-match': '"1"' })).status).toBe(412);
    expect((await regenerate(anna)).status).toBe(428);
    expect((await regenerate({ ...anna, 'if-match': '"2"' }, { force: true })).status).toBe(422);
    expect((await regenerate({ 'if-match': '"2"' })).status).toBe(403);
    const toms = await regenerate({ 'daybook-actor': 'supporter:tom', 'if-match': '"2"' });
    expect(toms.status).toBe(404);
  });

  test('a summarizer that is not there is a 503 with its own word on when; one that never will is a 422', async () => {
    await server.settle();
    summarizing.failsWith = {
      _tag: 'SummarizerUnavailable',
      reason: 'rate-limited',
      retryAfterMs: 90_001,
    };
    const later = await regenerate({ ...anna, 'if-match': '"1"' });
    expect([later.status, later.headers['retry-after'], later.body['type']]).toStrictEqual([
      503,
      '91',
      'urn:daybook:problem:summarizer-unavailable',
    ]);
    summarizing.failsWith = { _tag: 'SummaryNotPossible', reason: 'refused', detail: 'secret' };
    const never = await regenerate({ ...anna, 'if-match': '"1"' });
    expect([never.status, never.body['type']]).toStrictEqual([
      422,
      'urn:daybook:problem:summary-not-possible',
    ]);
    expect(never.text).not.toContain('secret');
  });
});
