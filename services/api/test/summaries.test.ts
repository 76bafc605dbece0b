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

const summaries = `${COMPANY}/summaries`;
const url = `${summaries}/s-1`;
type Item = Readonly<Record<string, unknown>>;
const idsOf = (body: Record<string, unknown>): unknown[] =>
  (body['items'] as Item[]).map(({ sessionId }) => sessionId);

describe('summaries over HTTP', () => {
  let server: Server;
  const edit = (changes: unknown, headers: Record<string, string>): Promise<Answer> =>
    server.ask({ method: 'PATCH', url, payload: { changes }, headers });
  beforeEach(async () => {
    server = await makeServer();
    await setUpCompany(server);
    const entries = [...sessionEntries('s-1'), ...sessionEntries('s-2', NOW + 1_000_000)];
    await sendJournal(server, linesOf(entries));
    await server.settle();
  });
  afterEach(() => server.stop());

  test('are listed, filtered and paged', async () => {
    const first = await server.get(`${summaries}?limit=1`);
    expect(idsOf(first.body)).toStrictEqual(['s-2']);
    const second = await server.get(`${summaries}?limit=1&cursor=${String(first.body['next'])}`);
    expect([idsOf(second.body), second.body['next']]).toStrictEqual([['s-1'], null]);
    const by = await server.get(`${summaries}?supporterId=sam&createdTo=2026-06-01T12:05:00Z`);
    expect(idsOf(by.body)).toStrictEqual(['s-1']);
    expect((await server.get(`${summaries}?cursor=x`)).status).toBe(400);
  });

  test('are found by words, with the place in the text', async () => {
    await edit({ title: 'Scanner lost its folder' }, { 'if-match': '"1"' });
    await server.project();
    const found = await server.get(`${summaries}?q=${encodeURIComponent('folder scan')}`);
    const [item] = found.body['items'] as Item[];
    expect([item?.['sessionId'], item?.['snippet']]).toStrictEqual([
      's-1',
      '[Scanner] lost its [folder]',
    ]);
    expect(idsOf((await server.get(`${summaries}?q=nothing`)).body)).toStrictEqual([]);
  });

  test('an edit names the revision that it changes and gives the next one', async () => {
    const shown = await server.get(url);
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
    const after = await server.get(url);
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
    const { summary } = (await server.get(url)).body as { summary: { body: Item } };
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
    const same = await server.get(url, { 'if-none-match': '"1"' });
    expect([same.status, same.text, same.headers.etag]).toStrictEqual([304, '', '"1"']);
  });

  test('a deleted summary leaves who and when, and no cache keeps its text', async () => {
    const headers = { 'daybook-actor': 'administrator:anna' };
    const deleted = await server.ask({ method: 'DELETE', url, headers });
    expect(deleted.body['events']).toStrictEqual(['SummaryDeleted']);
    const again = await server.ask({ method: 'DELETE', url, headers });
    expect([again.status, again.body['events']]).toStrictEqual([200, []]);
    await server.project();
    const shown = await server.get(url, { 'if-none-match': '"1"' });
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
      expect((await server.get(elsewhere)).status).toBe(404);
    }
    const elsewhere = { url: '/v1/companies/nobody/summaries/s-1' };
    const payload = { changes: { title: 'x' } };
    const headers = { 'if-match': '"1"' };
    const patched = await server.ask({ method: 'PATCH', ...elsewhere, payload, headers });
    const removed = await server.ask({ method: 'DELETE', ...elsewhere });
    const { text } = await server.get('/v1/companies/nobody');
    expect([patched.text, removed.text, await server.head()]).toStrictEqual([text, text, before]);
    expect((await server.ask({ method: 'DELETE', url: `${summaries}/s-9` })).status).toBe(404);
  });
});
