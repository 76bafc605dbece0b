import { rmSync } from 'node:fs';
import { markerOf } from '../src/index.js';
import { startSalesforceServer, type SalesforceServer } from '../src/rehearsal/index.js';
import { CANARY, makeWorld, NOW, until, type World } from './world.js';

// Goal: a session has one case comment, always at its latest revision. Method: the connector runs over HTTP
// against a local server with the shapes of sObject, Query and Composite resources.

let server: SalesforceServer;
let world: World;
let caseId: string;

beforeEach(async () => {
  server = await startSalesforceServer();
  world = makeWorld();
  caseId = server.addCase({ Daybook_Session__c: 's1', CaseNumber: '00001026' });
});
afterEach(async () => {
  await world.dispose();
  await server.close();
});

const settings = (more: object = {}): object => ({
  kind: 'salesforce',
  url: server.url,
  mapping: { by: 'field', field: 'Daybook_Session__c' },
  ...more,
});

const CREATE = { method: 'POST', path: /CaseComment$/ } as const;
const refusal = (errorCode: string): object[] => [
  { message: `about ${CANARY}`, errorCode, fields: [] },
];

const revisions = (): readonly (number | undefined)[] =>
  server.comments().map(({ CommentBody }) => markerOf(CommentBody)?.revision);

const rows = (): readonly (readonly unknown[])[] =>
  world.deliveries().map(({ kind, revision, state, reason }) => [kind, revision, state, reason]);

describe('a case comment', () => {
  test('is made with the first revision and changed with each later one', async () => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    const [made] = server.comments();
    expect(made).toMatchObject({ ParentId: caseId, IsPublished: false });
    await world.edited('s1', 2, 'The drum was worn');
    await world.edited('s1', 3, 'The drum was replaced');
    await connector.settled();
    expect(revisions()).toStrictEqual([3]);
    expect(server.comments()[0]?.CommentBody.split('\n').slice(0, 4)).toStrictEqual([
      'AI session summary of s1, revision 3',
      'This text was written by AI and changed by a person (extractive, rules-1).',
      '',
      'The drum was replaced',
    ]);
    expect(world.deliveries().map(({ how, noteId }) => [how, noteId])).toStrictEqual([
      ['created', made?.Id],
      ['updated', made?.Id],
      ['updated', made?.Id],
    ]);
  });

  test('is cut to 4,000 bytes with its marker kept', async () => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    await world.edited('s1', 2, 'Ä€𝄞 '.repeat(1_500));
    await connector.settled();
    const text = server.comments()[0]?.CommentBody ?? '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(3_980);
    expect(text).toContain(
      '… (shortened to fit; the whole summary is in Daybook)\n\n[daybook-note',
    );
    expect(text).not.toContain('\uFFFD');
    expect(revisions()).toStrictEqual([2]);
  });

  test('is found among many comments, page by page, when the table is lost', async () => {
    await world.generated('s1');
    await world.edited('s1', 2, 'Later');
    await world.start(settings()).settled();
    await world.stop();
    for (const end of ['', '-wal', '-shm'])
      rmSync(`${world.directory}/connectors.db${end}`, { force: true });
    await world.start(settings()).settled();
    expect(revisions()).toStrictEqual([2]);
    expect(world.deliveries().map(({ how }) => how)).toStrictEqual(['found', 'found']);
  });

  test('is made once though the answer never came', async () => {
    server.faults.add({ ...CREATE, does: 'cut-after-effect' });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => connector.health().state._tag === 'Paused');
    expect(revisions()).toStrictEqual([1]);
    world.advance(1_000);
    await connector.settled();
    expect(revisions()).toStrictEqual([1]);
    expect(world.deliveries()[0]).toMatchObject({ how: 'found', attempts: 2 });
  });
});

describe('a case is found', () => {
  test('by an external id', async () => {
    await world.generated('s1');
    const mapping = { by: 'external-id', field: 'Daybook_Session__c' };
    await world.start(settings({ mapping })).settled();
    expect(revisions()).toStrictEqual([1]);
  });

  test('not by an external id that two cases have', async () => {
    server.addCase({ Daybook_Session__c: 's1' });
    await world.generated('s1');
    const mapping = { by: 'external-id', field: 'Daybook_Session__c' };
    await world.start(settings({ mapping })).settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'RecordAmbiguous']]);
  });

  test('by a condition', async () => {
    await world.generated('s1');
    const mapping = { by: 'query', query: 'Daybook_Session__c = {sessionId} AND IsClosed = false' };
    await world.start(settings({ mapping })).settled();
    expect(revisions()).toStrictEqual([1]);
  });
});

describe('a failure', () => {
  test('INVALID_SESSION_ID is mended by one new token', async () => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    server.expireTokens();
    await world.edited('s1', 2, 'Later');
    await connector.settled();
    expect(revisions()).toStrictEqual([2]);
    expect(server.tokensMade()).toBe(2);
  });

  test('REQUEST_LIMIT_EXCEEDED makes the connector wait for a quarter of an hour', async () => {
    server.faults.add({
      ...CREATE,
      does: { status: 403, body: refusal('REQUEST_LIMIT_EXCEEDED') },
    });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => connector.health().state._tag === 'Paused');
    expect(connector.health().state).toMatchObject({ until: NOW + 900_000, reason: 'RateLimited' });
    world.advance(900_000);
    await connector.settled();
    expect(revisions()).toStrictEqual([1]);
  });

  test('is not waited for: near the limit of the day the calls are left to others', async () => {
    server.setUsage(14_248);
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    expect((await connector.metrics()).usage?.limit).toBe(15_000);
    await world.edited('s1', 2, 'Later');
    await until(() => world.deliveries().length === 2);
    const before = server.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests).toHaveLength(before);
    expect(revisions()).toStrictEqual([1]);
    server.setUsage(20);
    world.advance(900_000);
    await connector.settled();
    expect(revisions()).toStrictEqual([2]);
  });

  test('of validation is parked with its code and without its words', async () => {
    server.faults.add({
      ...CREATE,
      does: { status: 400, body: refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION') },
    });
    await world.generated('s1');
    await world.start(settings()).settled();
    expect(rows()).toStrictEqual([
      ['note', 1, 'parked', 'Rejected 400 FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    ]);
    expect(world.bytes()).not.toContain('canary');
  });

  test('UNABLE_TO_LOCK_ROW is tried again', async () => {
    server.faults.add({ ...CREATE, does: { status: 400, body: refusal('UNABLE_TO_LOCK_ROW') } });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => world.deliveries()[0]?.reason === 'ServerFailed 400 UNABLE_TO_LOCK_ROW');
    world.advance(30_000);
    await connector.settled();
    expect(revisions()).toStrictEqual([1]);
  });
});

describe('a revision that is tried again after a later one was delivered', () => {
  test('is passed over: the comment keeps the later text', async () => {
    server.faults.add({ ...CREATE, does: { status: 400, body: refusal('INVALID_FIELD') } });
    const first = await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    await world.edited('s1', 2, 'Later');
    await connector.settled();
    connector.retry([first]);
    await connector.settled();
    expect(revisions()).toStrictEqual([2]);
    expect(rows()[0]).toStrictEqual(['note', 1, 'cancelled', 'replaced-by-later-revision']);
  });
});

describe('a deletion', () => {
  const delivered = async (): Promise<ReturnType<World['start']>> => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    await world.deleted('s1', 1);
    await connector.settled();
    return connector;
  };

  test('deletes the comment and lists what no call reaches', async () => {
    await delivered();
    expect(server.comments()).toStrictEqual([]);
    expect(rows()).toStrictEqual([
      ['note', 1, 'retracted', null],
      ['retraction', 1, 'delivered', null],
    ]);
    expect(world.unrecalled().map(({ what, id }) => [what, id])).toStrictEqual([
      ['recycle bin', caseId],
      ['field history', caseId],
      ['notifications', caseId],
    ]);
  });

  test('that is refused replaces the text by a retraction', async () => {
    server.rights.deletesComments = false;
    await delivered();
    const [comment] = server.comments();
    expect(comment?.CommentBody).not.toContain(CANARY);
    expect(markerOf(comment?.CommentBody ?? '')?.kind).toBe('retraction');
    expect(world.unrecalled()[0]).toMatchObject({
      what: 'comment',
      why: 'its deletion is refused; its text was replaced by the retraction',
    });
    expect(rows()[1]).toStrictEqual(['retraction', 1, 'delivered', null]);
  });

  test('that is refused altogether is parked, and done when the right was given', async () => {
    Object.assign(server.rights, { deletesComments: false, editsComments: false });
    const connector = await delivered();
    expect(rows()[1]).toStrictEqual(['retraction', 1, 'parked', 'NotRecalled']);
    Object.assign(server.rights, { deletesComments: true });
    connector.retry('all');
    await connector.settled();
    expect(server.comments()).toStrictEqual([]);
    expect(rows()[1]).toStrictEqual(['retraction', 1, 'delivered', null]);
  });
});
