import { markerOf } from '../src/index.js';
import {
  CLIENT,
  startSalesforceServer,
  startServiceNowServer,
  type CaseComment,
  type JournalEntry,
  type SalesforceServer,
  type ServiceNowServer,
} from '../src/rehearsal/index.js';
import { CANARY, makeWorld, until, type World } from './world.js';

// Goal: whatever became of a note, its deletion reaches every place where it may stand, or is parked and listed
// as not recalled (rulebook §7). Method: as in the tests of both systems, with failures in the middle.

const kinds = (texts: readonly string[]): readonly (string | undefined)[] =>
  texts.map((text) => markerOf(text)?.kind);

describe('In ServiceNow, a retraction', () => {
  let server: ServiceNowServer;
  let world: World;
  let incident: string;
  beforeEach(async () => {
    server = await startServiceNowServer();
    world = makeWorld();
    incident = server.addIncident({ u_session: 's1' });
  });
  afterEach(async () => {
    await world.dispose();
    await server.close();
  });
  const start = (more: object = {}) =>
    world.start({
      kind: 'servicenow',
      url: server.url,
      mapping: { by: 'field', field: 'u_session' },
      deleteJournalEntries: true,
      ...more,
    });
  const failure = { error: { message: 'no', detail: null }, status: 'failure' };
  const answers = (asked: string, status: number, body: object = failure): void => {
    const [method = '', path = ''] = asked.split(' ');
    server.faults.add({ method, path: new RegExp(path), does: { status, body } });
  };
  const entries = () => kinds(server.journal().map(({ value }) => value));
  const rows = () => world.deliveries().map(({ kind, state, reason }) => [kind, state, reason]);
  const listed = () => world.unrecalled().map(({ what, id, why }) => [what, id, why]);

  test('is parked and listed when the record is hidden or gone', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    answers('PATCH /incident/', 404);
    await world.deleted('s1', 1);
    await connector.settled();
    expect(rows()[1]).toStrictEqual(['retraction', 'parked', 'NotRecalled']);
    expect(listed()).toStrictEqual([
      ['record', incident, 'it is gone, or the integration may not see it any more'],
    ]);
  });

  test('lists each note that stands when it fails for good, until it is tried again', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    const [note] = server.journal();
    answers('GET sys_journal_field', 403);
    await world.deleted('s1', 1);
    await connector.settled();
    expect(rows()[1]).toStrictEqual(['retraction', 'parked', 'Forbidden']);
    expect(listed()).toStrictEqual([['note', note?.sys_id, 'its retraction failed: Forbidden']]);
    connector.retry('all');
    await connector.settled();
    expect(entries()).toStrictEqual(['retraction']);
    expect(listed().map(([what]) => what)).toStrictEqual(['audit history', 'notifications']);
  });

  test('deletes entries also where it may not be said', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    answers('PATCH /incident/', 403);
    await world.deleted('s1', 1);
    await connector.settled();
    expect(server.journal()).toStrictEqual([]);
    expect(rows()[1]).toStrictEqual(['retraction', 'parked', 'NotRecalled']);
    expect(listed()[0]).toStrictEqual([
      'retraction note',
      incident,
      'the instance refuses to take it',
    ]);
    connector.retry('all');
    await connector.settled();
    expect(entries()).toStrictEqual(['retraction']);
    expect(rows()[1]).toStrictEqual(['retraction', 'delivered', null]);
  });

  test('finds a note that had its effect and was parked, though the mapping finds nothing any more', async () => {
    server.faults.add({ method: 'PATCH', path: /\/incident\//, does: 'cut-after-effect' });
    await world.generated('s1');
    const connector = start();
    await until(() => connector.health().state._tag === 'Paused');
    answers('GET sys_journal_field', 403);
    world.advance(1_000);
    await connector.settled();
    expect(rows()).toStrictEqual([['note', 'parked', 'Forbidden']]);
    expect(world.deliveries()[0]).toMatchObject({ recordId: incident, noteId: null });
    answers('GET incident[?]', 200, { result: [] });
    await world.deleted('s1', 1);
    await connector.settled();
    expect(entries()).toStrictEqual(['retraction']);
    expect(rows()[1]).toStrictEqual(['retraction', 'delivered', null]);
  });

  test('lists a note that may have been written when nobody can look', async () => {
    server.faults.add({ method: 'PATCH', path: /\/incident\//, does: 'cut-after-effect' });
    await world.generated('s1');
    const connector = start();
    await until(() => connector.health().state._tag === 'Paused');
    await world.deleted('s1', 1);
    answers('GET sys_journal_field', 403);
    world.advance(1_000);
    await connector.settled();
    expect(rows()).toStrictEqual([
      ['note', 'cancelled', 'deleted-before-sent'],
      ['retraction', 'parked', 'Forbidden'],
    ]);
    expect(listed()).toStrictEqual([
      ['note that may have been written', incident, 'its retraction failed: Forbidden'],
    ]);
  });

  test('goes to known records though the mapping is refused', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    answers('GET incident[?]', 400);
    await world.deleted('s1', 1);
    await connector.settled();
    expect(entries()).toStrictEqual(['retraction']);
    expect(rows()[1]).toStrictEqual(['retraction', 'delivered', null]);
  });

  test('and a later note go to the record of the first note, whatever the mapping finds by now', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    server.addIncident({ u_session: 's1' });
    await world.edited('s1', 2, 'Later');
    await connector.settled();
    expect(server.journal().map(({ element_id }) => element_id)).toStrictEqual([
      incident,
      incident,
    ]);
  });

  test('leaves the note of another company for a session of the same name', async () => {
    await world.generated('s1');
    const connector = start();
    await connector.settled();
    const [note] = server.journal();
    const value = (note?.value ?? '').replace('company=acme', 'company=globex');
    if (note !== undefined)
      (server.journal() as JournalEntry[]).push({ ...note, sys_id: 'f'.repeat(32), value });
    await world.deleted('s1', 1);
    await connector.settled();
    const companies = server.journal().map((one) => markerOf(one.value)?.company);
    expect(companies).toStrictEqual(['globex', 'acme']);
    expect(entries()).toStrictEqual(['summary', 'retraction']);
  });

  test('follows a note that was under way when its summary was deleted', async () => {
    await world.generated('s1');
    let isDeleted = false;
    const deleting: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (init?.method === 'PATCH' && !isDeleted) {
        isDeleted = true;
        await world.deleted('s1', 1);
      }
      return answer;
    };
    const settings = {
      kind: 'servicenow',
      url: server.url,
      mapping: { by: 'field', field: 'u_session' },
    };
    const connector = world.start(settings, { fetch: deleting });
    await until(() => entries().length === 2);
    await connector.settled();
    expect(entries()).toStrictEqual(['summary', 'retraction']);
    expect(rows()).toStrictEqual([
      ['note', 'retracted', null],
      ['retraction', 'delivered', null],
    ]);
  });

  test('comes after each revision in its order, of a summary that changed while the instance was down', async () => {
    await world.generated('s1');
    await world.edited('s1', 2, 'Twice');
    await world.generated('s1', 3);
    server.faults.add(
      { method: 'PATCH', path: /\/incident\//, does: 'cut-before-effect' },
      { method: 'PATCH', path: /\/incident\//, does: 'cut-before-effect' },
    );
    const connector = start({ deleteJournalEntries: false });
    await until(() => {
      world.advance(1_000);
      return world.deliveries().length === 3 && world.deliveries()[2]?.state === 'delivered';
    });
    expect(server.journal().map(({ value }) => markerOf(value)?.revision)).toStrictEqual([1, 2, 3]);
    await world.deleted('s1', 3);
    await connector.settled();
    expect(entries()).toStrictEqual(['summary', 'summary', 'summary', 'retraction']);
    expect(listed().filter(([what]) => what === 'journal entry')).toHaveLength(3);
  });

  test('and every note of another company stay, when a connector is given a company', async () => {
    server.faults.add({ method: 'PATCH', path: /\/incident\//, does: { status: 500, body: {} } });
    await world.generated('s1');
    start();
    await until(() => world.deliveries()[0]?.state === 'waiting');
    await until(() => (world.deliveries()[0]?.attempts ?? 0) === 1);
    await world.stop();
    world.advance(3_600_000);
    await world.deleted('s1', 1);
    const before = server.requests.length;
    const connector = start({ company: 'globex' });
    expect(connector.retry('all')).toBe(0);
    await connector.settled();
    expect(server.requests).toHaveLength(before);
    expect(rows()).toStrictEqual([['note', 'waiting', 'ServerFailed 500']]);
  });

  test('and a note are tried again though the clock was put back by a year', async () => {
    server.faults.add({ method: 'PATCH', path: /\/incident\//, does: { status: 500, body: {} } });
    await world.generated('s1');
    const connector = start();
    await until(() => world.deliveries()[0]?.reason === 'ServerFailed 500');
    world.advance(-365 * 24 * 3_600_000);
    await connector.settled();
    expect(entries()).toStrictEqual(['summary']);
    server.faults.add({
      method: 'PATCH',
      path: /\/incident\//,
      does: { status: 429, headers: { 'retry-after': '60' }, body: {} },
    });
    await world.deleted('s1', 1);
    await until(() => connector.health().state._tag === 'Paused');
    world.advance(-365 * 24 * 3_600_000);
    await connector.settled();
    expect(entries()).toStrictEqual(['retraction']);
  });
});

describe('In Salesforce, a retraction', () => {
  let server: SalesforceServer;
  let world: World;
  beforeEach(async () => {
    server = await startSalesforceServer();
    world = makeWorld();
    server.addCase({ Daybook_Session__c: 's1' });
  });
  afterEach(async () => {
    await world.dispose();
    await server.close();
  });

  /** A person changes a comment, and its marker is gone with the rest. */
  const changeByHand = async (id: string, CommentBody: string): Promise<void> => {
    const { clientId: client_id, clientSecret: client_secret } = CLIENT;
    const form = { grant_type: 'client_credentials', client_id, client_secret };
    const body = new URLSearchParams(form);
    const made = await fetch(`${server.url}/services/oauth2/token`, { method: 'POST', body });
    const { access_token } = (await made.json()) as { access_token: string };
    const changed = await fetch(`${server.url}/services/data/v62.0/sobjects/CaseComment/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ CommentBody }),
    });
    expect(changed.status).toBe(204);
  };

  test('takes a comment back though a person has changed it and its marker', async () => {
    await world.generated('s1');
    const connector = world.start({
      kind: 'salesforce',
      url: server.url,
      mapping: { by: 'field', field: 'Daybook_Session__c' },
    });
    await connector.settled();
    const [comment] = server.comments();
    await changeByHand(comment?.Id ?? '', `As the summary says: ${CANARY}`);
    await world.deleted('s1', 1);
    await connector.settled();
    expect(server.comments()).toStrictEqual([]);
    expect(world.deliveries().map(({ state }) => state)).toStrictEqual(['retracted', 'delivered']);
  });

  test('leaves the comment of another company for a session of the same name', async () => {
    await world.generated('s1');
    const mapping = { by: 'field', field: 'Daybook_Session__c' };
    const connector = world.start({ kind: 'salesforce', url: server.url, mapping });
    await connector.settled();
    const [made] = server.comments();
    const CommentBody = (made?.CommentBody ?? '').replace('company=acme', 'company=globex');
    const Id = '00a000000000099AAA';
    if (made !== undefined) (server.comments() as CaseComment[]).push({ ...made, Id, CommentBody });
    await world.deleted('s1', 1);
    await connector.settled();
    expect(server.comments().map((one) => one.Id)).toStrictEqual([Id]);
  });
});
