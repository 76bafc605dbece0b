import {
  COMPANY,
  linesOf,
  makeServer,
  NOW,
  sendJournal,
  sessionEntries,
  setUpCompany,
  type Answer,
  type Server,
} from './harness.js';

/** Anna administrates the company, Olga audits it, Sam and Tom are supporters; the sessions are Sam's. */
const anna = { 'daybook-actor': 'administrator:anna' };
const sam = { 'daybook-actor': 'supporter:sam' };

const summaries = `${COMPANY}/summaries`;
const url = `${summaries}/s-1`;
type Item = Readonly<Record<string, unknown>>;
const idsOf = (body: Record<string, unknown>): unknown[] =>
  (body['items'] as Item[]).map(({ sessionId }) => sessionId);

const users = [
  ['anna', 'administrator'],
  ['olga', 'auditor'],
  ['tom', 'supporter'],
] as const;

const registerUsers = async (server: Server): Promise<void> => {
  for (const [userId, role] of users)
    await server.post(`${COMPANY}/commands`, { command: 'RegisterUser', userId, role });
};

describe('summaries over HTTP', () => {
  let server: Server;
  const edit = (changes: unknown, headers: Record<string, string>): Promise<Answer> =>
    server.ask({ method: 'PATCH', url, payload: { changes }, headers: { ...anna, ...headers } });
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    server.get(path, { ...anna, ...headers });
  beforeEach(async () => {
    server = await makeServer();
    await setUpCompany(server);
    await registerUsers(server);
    const entries = [...sessionEntries('s-1'), ...sessionEntries('s-2', NOW + 1_000_000)];
    await sendJournal(server, linesOf(entries));
    await server.settle();
  });
  afterEach(() => server.stop());

  test('are listed, filtered and paged', async () => {
    const first = await get(`${summaries}?limit=1`);
    expect(idsOf(first.body)).toStrictEqual(['s-2']);
    const second = await get(`${summaries}?limit=1&cursor=${String(first.body['next'])}`);
    expect([idsOf(second.body), second.body['next']]).toStrictEqual([['s-1'], null]);
    const by = await get(`${summaries}?supporterId=sam&createdTo=2026-06-01T12:05:00Z`);
    expect(idsOf(by.body)).toStrictEqual(['s-1']);
    expect((await get(`${summaries}?cursor=x`)).status).toBe(400);
  });

  test('are found by words, with the place in the text', async () => {
    await edit({ title: 'Scanner lost its folder' }, { 'if-match': '"1"' });
    await server.project();
    const found = await get(`${summaries}?q=${encodeURIComponent('folder scan')}`);
    const [item] = found.body['items'] as Item[];
    expect([item?.['sessionId'], item?.['snippet']]).toStrictEqual([
      's-1',
      '[Scanner] lost its [folder]',
    ]);
    expect(idsOf((await get(`${summaries}?q=nothing`)).body)).toStrictEqual([]);
  });

  test('an edit names the revision that it changes and gives the next one', async () => {
    const shown = await get(url);
    expect(shown.headers.etag).toBe('"1"');
    const edited = await edit(
      { result: 'Replaced the cable.' },
      { 'if-match': '"1"', 'daybook-actor': 'supporter:sam' },
    );
    expect([edited.status, edited.headers.etag, edited.body['events']]).toStrictEqual([
      200,
      '"2"',
      ['SummaryEdited'],
    ]);
    await server.project();
    const after = await get(url);
    const summary = after.body['summary'] as Item;
    expect([summary['revision'], summary['origin']]).toStrictEqual([2, 'mixed']);
    expect((summary['body'] as Item)['result']).toBe('Replaced the cable.');
    expect((summary['body'] as Item)['title']).toBe('Printer offline');
    const revisions = after.body['revisions'] as Item[];
    expect(revisions.map(({ revision, author }) => [revision, author])).toStrictEqual([
      [1, null],
      [2, 'sam'],
    ]);
  });

  test('a stale edit is a 412 with the current revision, and nothing is lost', async () => {
    await edit({ title: 'Mine' }, { 'if-match': '"1"' });
    const stale = await edit({ title: 'Yours' }, { 'if-match': '"1"' });
    expect([stale.status, stale.body['refusal']]).toStrictEqual([
      412,
      { name: 'StaleRevision', changedRevision: 1, currentRevision: 2 },
    ]);
    await server.project();
    const { summary } = (await get(url)).body as { summary: { body: Item } };
    expect(summary.body['title']).toBe('Mine');
  });

  test('the same edit again is the same revision', async () => {
    await edit({ title: 'Mine' }, { 'if-match': '"1"' });
    const again = await edit({ title: 'Mine' }, { 'if-match': '"1"' });
    expect([again.status, again.headers.etag, again.body['events']]).toStrictEqual([
      200,
      '"2"',
      [],
    ]);
  });

  test.each([
    [{}, 428],
    [{ 'if-match': '*' }, 428],
    [{ 'if-match': 'W/"1"' }, 412],
    [{ 'if-match': '"abc"' }, 412],
    [{ 'if-match': '"7"' }, 412],
  ])('an edit with %j is a %d', async (headers: Record<string, string>, status) => {
    expect((await edit({ title: 'Mine' }, headers)).status).toBe(status);
  });

  test.each([[{}], [{ title: 1 }], [{ steps: 'one' }], [{ heading: 'x' }], [null]])(
    'changes %j are refused',
    async (changes) => {
      const answer = await edit(changes, { 'if-match': '"1"' });
      const errors = answer.body['errors'] as { field: string }[];
      expect([answer.status, errors.map(({ field }) => field)]).toStrictEqual([422, ['changes']]);
    },
  );

  test('the revision that the caller has is not sent again', async () => {
    const same = await get(url, { 'if-none-match': '"1"' });
    expect([same.status, same.text, same.headers.etag]).toStrictEqual([304, '', '"1"']);
  });

  test('a deleted summary leaves who and when, and no cache keeps its text', async () => {
    const headers = anna;
    const deleted = await server.ask({ method: 'DELETE', url, headers });
    expect(deleted.body['events']).toStrictEqual(['SummaryDeleted']);
    const again = await server.ask({ method: 'DELETE', url, headers });
    expect([again.status, again.body['events']]).toStrictEqual([200, []]);
    await server.project();
    const shown = await get(url, { 'if-none-match': '"1"' });
    expect([shown.status, shown.headers.etag]).toStrictEqual([200, '"deleted"']);
    expect(shown.body['summary']).toMatchObject({
      status: 'deleted',
      deletedBy: 'anna',
      deletedAt: '2026-06-01T12:00:00.000Z',
      body: null,
    });
    expect(shown.text).not.toContain('Printer');
    const edited = await edit({ title: 'Back' }, { 'if-match': '"1"' });
    expect([edited.status, edited.body['type']]).toStrictEqual([
      409,
      'urn:daybook:problem:summary-is-deleted',
    ]);
  });

  test('what is not there cannot be seen, changed or deleted', async () => {
    const before = await server.head();
    for (const elsewhere of ['/v1/companies/nobody/summaries/s-1', `${summaries}/s-9`]) {
      expect((await get(elsewhere)).status).toBe(404);
    }
    const elsewhere = { url: '/v1/companies/nobody/summaries/s-1' };
    const payload = { changes: { title: 'x' } };
    const headers = { 'if-match': '"1"', ...anna };
    const patched = await server.ask({ method: 'PATCH', ...elsewhere, payload, headers });
    const removed = await server.ask({ method: 'DELETE', ...elsewhere, headers });
    const { text } = await server.get('/v1/companies/nobody');
    expect([patched.text, removed.text, await server.head()]).toStrictEqual([text, text, before]);
    const missing = await server.ask({ method: 'DELETE', url: `${summaries}/s-9`, headers: anna });
    expect(missing.status).toBe(404);
  });

  describe('and who may see them', () => {
    const as = (id: string, kind = 'supporter') => ({ 'daybook-actor': `${kind}:${id}` });
    const payload = { changes: { title: 'Mine' } };

    test.each([['anna'], ['olga'], ['sam']])('%s sees them', async (id) => {
      expect(idsOf((await server.get(summaries, as(id))).body)).toStrictEqual(['s-2', 's-1']);
      expect(idsOf((await server.get(`${summaries}?q=printer`, as(id))).body).sort()).toStrictEqual(
        ['s-1', 's-2'],
      );
      const shown = await server.get(url, as(id));
      expect([shown.status, shown.headers['cache-control'], shown.headers['vary']]).toStrictEqual([
        200,
        'private, no-cache',
        'Daybook-Actor',
      ]);
    });

    test('another supporter sees none, by any question, and cannot tell them from what is not there', async () => {
      for (const kind of ['supporter', 'administrator', 'auditor']) {
        // The role is the log's: who calls themselves an administrator is Tom all the same.
        const tom = as('tom', kind);
        for (const query of ['', '?q=printer', '?supporterId=sam', '?sessionId=s-1'])
          expect(idsOf((await server.get(`${summaries}${query}`, tom)).body)).toStrictEqual([]);
        const there = await server.get(url, tom);
        const notThere = await server.get(`${summaries}/s-9`, tom);
        expect([there.status, there.text]).toStrictEqual([404, notThere.text]);
        const headers = { ...tom, 'if-match': '"1"' };
        const patched = await server.ask({ method: 'PATCH', url, payload, headers });
        const removed = await server.ask({ method: 'DELETE', url, headers });
        expect([patched.text, removed.text]).toStrictEqual([notThere.text, notThere.text]);
      }
      expect((await server.get(url, sam)).status).toBe(200);
    });

    test('an auditor sees and changes nothing', async () => {
      const headers = { ...as('olga'), 'if-match': '"1"' };
      for (const method of ['PATCH', 'DELETE'] as const) {
        const answer = await server.ask({ method, url, payload, headers });
        expect([answer.status, answer.body['type']]).toStrictEqual([
          403,
          'urn:daybook:problem:summary-not-theirs',
        ]);
      }
    });

    test.each([
      [{}, 'actor-required'],
      [as('nobody', 'administrator'), 'viewer-unknown'],
      [as('api', 'administrator'), 'viewer-unknown'],
      [as('daybook', 'system'), 'viewer-unknown'],
    ])('%j is shown and let change nothing', async (headers, type) => {
      const problem = `urn:daybook:problem:${type}`;
      const all = { ...headers, 'if-match': '"1"' };
      const answers = [
        await server.get(summaries, headers),
        await server.get(url, headers),
        await server.ask({ method: 'PATCH', url, payload, headers: all }),
        await server.ask({ method: 'DELETE', url, headers: all }),
      ];
      expect(answers.map(({ status, body }) => [status, body['type']])).toStrictEqual(
        answers.map(() => [403, problem]),
      );
    });

    test('a body names nobody else than the header that the proxy sets', async () => {
      const by = { kind: 'administrator', id: 'anna' };
      const headers = { ...as('tom'), 'if-match': '"1"' };
      const answer = await server.ask({
        method: 'PATCH',
        url,
        payload: { ...payload, by },
        headers,
      });
      expect([answer.status, answer.body['errors']]).toStrictEqual([
        422,
        [{ field: 'by', reason: 'is not whom Daybook-Actor names' }],
      ]);
    });

    test('a new role counts at once', async () => {
      const role = { command: 'AssignUserRole', userId: 'tom', role: 'auditor' };
      await server.post(`${COMPANY}/commands`, role);
      expect((await server.get(url, as('tom'))).status).toBe(200);
    });
  });
});
