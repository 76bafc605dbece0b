import {
  COMPANY,
  linesOf,
  makeServer,
  NOW,
  sendJournal,
  sessionEntries,
  SESSION_TEXT,
  setUpCompany,
  type Server,
} from './harness.js';

const url = `${COMPANY}/journal`;

describe('the journal over HTTP', () => {
  let server: Server;
  beforeEach(async () => {
    server = await makeServer({ limits: { journalBytes: 4_000, problemsMax: 2 } });
    await setUpCompany(server);
  });
  afterEach(() => server.stop());

  test('one entry is recorded at its position, and known when it comes again', async () => {
    const [started = {}] = sessionEntries('s-1');
    const first = await server.post(url, started);
    expect(first.body).toStrictEqual({
      position: await server.head(),
      commandId: 's-1/session-started',
      repeated: false,
    });
    const again = await server.post(url, started);
    expect(again.body).toStrictEqual({ ...first.body, repeated: true });
  });

  test('a refused entry is a problem with its reason, and never repeats its text', async () => {
    const [started = {}, , chat = {}] = sessionEntries('s-1');
    await server.post(url, started);
    const answer = await server.post(url, chat);
    expect(answer.body).toStrictEqual({
      type: 'urn:daybook:problem:no-basis',
      title: 'No basis',
      status: 409,
      detail: 'There was no basis for capturing it, so nothing of it is stored.',
      refusal: { name: 'NoBasis', reason: 'awaiting-consent' },
    });
  });

  test('an entry that is not one is refused with its field', async () => {
    const answer = await server.post(url, { entry: 'chat', session: 's-1', text: SESSION_TEXT });
    expect([answer.status, answer.body['errors']]).toStrictEqual([
      422,
      [{ field: 'at', reason: 'is missing' }],
    ]);
  });

  test('a journal is answered with counts, and a bad line costs no other', async () => {
    const lines = linesOf(sessionEntries('s-1'));
    const answer = await sendJournal(server, `${lines}{"entry":"${SESSION_TEXT}"}\n{broken\n[]\n`);
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual({
      position: await server.head(),
      lines: 8,
      sessions: 1,
      recorded: 5,
      repeated: 0,
      refused: {},
      problems: 3,
      lineProblems: [
        {
          line: 6,
          field: 'entry',
          reason: 'is not an entry type',
          remedy: (answer.body['lineProblems'] as { remedy: string }[])[0]?.remedy,
        },
        {
          line: 7,
          column: 2,
          reason: (answer.body['lineProblems'] as { reason: string }[])[1]?.reason,
          remedy: 'write each entry as one JSON object on one line',
        },
      ],
    });
    expect(answer.text).not.toContain('room 12');
  });

  test('the same journal again changes nothing', async () => {
    const lines = linesOf(sessionEntries('s-1'));
    await sendJournal(server, lines);
    const before = await server.head();
    const again = await sendJournal(server, lines);
    expect([again.body['recorded'], again.body['repeated']]).toStrictEqual([0, 5]);
    expect(await server.head()).toBe(before);
  });

  test('refused entries are counted by their refusal', async () => {
    const [started = {}, , chat = {}] = sessionEntries('s-1');
    const answer = await sendJournal(server, linesOf([started, chat]));
    expect([answer.body['recorded'], answer.body['refused']]).toStrictEqual([1, { NoBasis: 1 }]);
  });

  test('a journal that says it is too large is refused before anything is recorded', async () => {
    const before = await server.head();
    const answer = await sendJournal(server, linesOf(sessionEntries('s-1')).padEnd(4_001));
    expect([answer.status, answer.body['type']]).toStrictEqual([
      413,
      'urn:daybook:problem:upload-too-large',
    ]);
    expect(await server.head()).toBe(before);
  });

  test('a journal that grows too large says what was recorded before the bound', async () => {
    const answer = await server.ask({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-ndjson' },
      payload: [linesOf(sessionEntries('s-1')), ' '.repeat(4_000)],
    });
    expect(answer.status).toBe(413);
    expect(answer.body['imported']).toStrictEqual({
      lines: 5,
      sessions: 1,
      recorded: 5,
      repeated: 0,
      refused: {},
      problems: 0,
    });
  });

  test('a company that is not registered has no journal, and no stream of it begins', async () => {
    const before = await server.head();
    const [started = {}] = sessionEntries('s-1', NOW);
    const answer = await server.post('/v1/companies/nobody/journal', started);
    expect([answer.status, await server.head()]).toStrictEqual([404, before]);
  });
});
