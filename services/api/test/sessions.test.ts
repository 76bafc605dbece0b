import {
  COMPANY,
  linesOf,
  makeServer,
  NOW,
  sendJournal,
  sessionEntries,
  SESSION_TEXT,
  setUpCompany,
  type Answer,
  type Server,
} from './harness.js';

const sessions = `${COMPANY}/sessions`;
type Item = Readonly<Record<string, unknown>>;
const idsOf = (body: Record<string, unknown>): unknown[] =>
  (body['items'] as Item[]).map(({ sessionId }) => sessionId);

/** Three sessions: one that was summarised, one that was refused, one that nobody was asked in. */
describe('sessions over HTTP', () => {
  let server: Server;
  beforeAll(async () => {
    server = await makeServer({ limits: { waitMs: 50 } });
    await setUpCompany(server);
    const refused = sessionEntries('s-2', NOW + 1_000_000)
      .slice(0, 2)
      .map((entry) => ({ ...entry, ...('answer' in entry ? { answer: 'refused' } : {}) }));
    const anonymous = sessionEntries('s-3', NOW + 2_000_000)
      .slice(0, 1)
      .map((entry) => ({ ...entry, supporter: null, signedIn: false }));
    const entries = [...sessionEntries('s-1'), ...refused, ...anonymous];
    await sendJournal(server, linesOf(entries));
    await server.settle();
  });
  afterAll(() => server.stop());

  test('are listed newest first, page after page', async () => {
    const first = await server.get(`${sessions}?limit=2`);
    expect(idsOf(first.body)).toStrictEqual(['s-3', 's-2']);
    expect(first.body['position']).toBe(await server.head());
    expect(first.headers['daybook-position']).toBe(String(await server.head()));
    const second = await server.get(`${sessions}?limit=2&cursor=${String(first.body['next'])}`);
    expect([idsOf(second.body), second.body['next']]).toStrictEqual([['s-1'], null]);
  });

  test.each([
    ['outcome=eligible', ['s-1']],
    ['reason=consent-refused', ['s-2']],
    ['reason=not-signed-in', ['s-3']],
    ['supporterId=sam', ['s-2', 's-1']],
    ['deviceId=pc-2', []],
    ['summaryStatus=generated', ['s-1']],
    ['day=2026-06-01', ['s-3', 's-2', 's-1']],
    ['day=2026-06-02', []],
    ['startedFrom=2026-06-01T12:00:01Z&startedTo=2026-06-01T12:20:00Z', ['s-2']],
  ])('filtered by %s', async (filter, ids) => {
    expect(idsOf((await server.get(`${sessions}?${filter}`)).body)).toStrictEqual(ids);
  });

  test('one session shows what was decided and what became of it', async () => {
    const answer = await server.get(`${sessions}/s-1`);
    const session = answer.body['session'] as Item;
    expect([session['startedAt'], session['endedAt'], session['consent']]).toStrictEqual([
      '2026-06-01T12:00:00.000Z',
      '2026-06-01T12:01:00.000Z',
      'granted',
    ]);
    expect(session['eligibility']).toStrictEqual({
      outcome: 'eligible',
      basis: 'consent',
      bases: ['consent'],
      reason: null,
      reasons: [],
    });
    expect(session['charge']).toMatchObject({ status: 'captured', amount: 1 });
    expect(session['summary']).toStrictEqual({ summaryId: 's-1', status: 'generated' });
  });

  test('its timeline has every event once over its pages, and no text', async () => {
    const types: unknown[] = [];
    let url: string | null = `${sessions}/s-1/timeline?limit=4`;
    while (url !== null) {
      const page: Answer = await server.get(url);
      for (const { type } of page.body['items'] as Item[]) types.push(type);
      expect(page.text).not.toContain(SESSION_TEXT);
      const next = page.body['next'] as string | null;
      url = next === null ? null : `${sessions}/s-1/timeline?limit=4&cursor=${next}`;
    }
    expect(types).toStrictEqual([
      'SessionStarted',
      'EligibilityDecided',
      'ConsentRequested',
      'ConsentGranted',
      'EligibilityDecided',
      'ContentCaptured',
      'ContentCaptured',
      'SessionEnded',
      'CreditsHeld',
      'AiUseAllowed',
      'SummaryGenerated',
      'HoldCaptured',
    ]);
  });

  test('its explanation evaluates each decision again and says the reason in words', async () => {
    const answer = await server.get(`${sessions}/s-2/explanation`);
    const explanation = answer.body['explanation'] as Item;
    const decisions = explanation['decisions'] as Item[];
    expect(decisions.map(({ agrees, inWords }) => [agrees, inWords])).toStrictEqual([
      [true, null],
      [true, 'The remote side was asked and refused.'],
    ]);
    expect(explanation['gate']).toStrictEqual({ open: false, reason: 'consent-refused' });
    expect(answer.body['position']).toBe(await server.head());
  });

  test.each(['', '/timeline', '/explanation'])(
    'a session of another company is as unknown as one that never was: %s',
    async (part) => {
      await server.post('/v1/companies/other/commands', {
        command: 'RegisterCompany',
        plan: 'business',
        timeZone: 'UTC',
      });
      await server.project();
      const unknown = await server.get(`${sessions}/s-9${part}`);
      const others = await server.get(`/v1/companies/other/sessions/s-1${part}`);
      const nobodys = await server.get(`/v1/companies/nobody/sessions/s-1${part}`);
      expect([unknown.status, others.text, nobodys.text]).toStrictEqual([
        404,
        unknown.text,
        unknown.text,
      ]);
    },
  );

  test.each([
    ['cursor=!', 'cursor'],
    ['cursor=WyJzIl0', 'cursor'],
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['outcome=perhaps', 'outcome'],
    ['startedFrom=2026-06-01', 'startedFrom'],
    ['startedFrom=1999-06-01T00:00:00Z', 'startedFrom'],
    ['supporter=sam', 'supporter'],
    ['after=-1', 'after'],
  ])('a query with %s is refused with its field', async (query, field) => {
    const answer = await server.get(`${sessions}?${query}`);
    const errors = answer.body['errors'] as { field: string }[];
    expect([answer.status, errors.map((error) => error.field)]).toStrictEqual([400, [field]]);
  });
});

describe('reading after one’s own write', () => {
  let server: Server;
  beforeEach(async () => {
    server = await makeServer({ limits: { waitMs: 100 } });
    await setUpCompany(server);
    await server.project();
  });
  afterEach(() => server.stop());

  test('a query waits until its read model has seen the position', async () => {
    const patient = await makeServer({ limits: { waitMs: 60_000 } });
    await setUpCompany(patient);
    const head = await patient.head();
    const asked = patient.get(`${COMPANY}/devices/pc-1?after=${head}`);
    await patient.project();
    const answer = await asked;
    expect([answer.status, answer.body['position']]).toStrictEqual([200, head]);
    await patient.stop();
  });

  test('a position that is not reached in time is a 503 that says so', async () => {
    const head = await server.head();
    for (const path of ['sessions', 'credits/statement/2026-06']) {
      const answer = await server.get(`${COMPANY}/${path}?after=${head + 1}`);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.body).toStrictEqual({
        type: 'urn:daybook:problem:position-not-reached',
        title: 'Position not reached',
        status: 503,
        detail: `Position ${head + 1} of the log has not been reached in time; ask again.`,
        after: head + 1,
      });
    }
  });
});
