import { rmSync } from 'node:fs';
import { markerOf } from '../src/index.js';
import { startServiceNowServer, type ServiceNowServer } from '../src/rehearsal/index.js';
import { CANARY, makeWorld, NOW, until, type World } from './world.js';

// Goal: every revision is one work note, through every failure that the published API describes. Method: the
// connector runs over HTTP against a local server with the Table API's shapes, from a log in memory.

let server: ServiceNowServer;
let world: World;
let incident: string;

beforeEach(async () => {
  server = await startServiceNowServer();
  world = makeWorld();
  incident = server.addIncident({ number: 'INC0010001', u_session: 's1', active: 'true' });
});
afterEach(async () => {
  await world.dispose();
  await server.close();
});

const settings = (more: object = {}): object => ({
  kind: 'servicenow',
  url: server.url,
  mapping: { by: 'field', field: 'u_session' },
  ...more,
});

const PATCH = { method: 'PATCH', path: /\/incident\// } as const;
const errorBody = (message: string): object => ({
  error: { message, detail: `about ${CANARY}` },
  status: 'failure',
});

const notes = (): readonly [string, number | undefined, string | undefined][] =>
  server.journal().map(({ element_id, value }) => {
    const marker = markerOf(value);
    return [element_id, marker?.revision, marker?.kind];
  });

const rows = (): readonly (readonly unknown[])[] =>
  world.deliveries().map(({ kind, revision, state, reason }) => [kind, revision, state, reason]);

describe('a work note', () => {
  test('is written once for a summary, to the record whose field holds the session', async () => {
    server.addIncident({ number: 'INC0010002', u_session: 's2', active: 'true' });
    const event = await world.generated('s1');
    await world.start(settings()).settled();
    const [entry] = server.journal();
    expect(server.journal()).toHaveLength(1);
    expect(entry?.value.split('\r\n')).toStrictEqual([
      'AI session summary of s1, revision 1',
      'This text was written by AI (extractive, rules-1).',
      '',
      'The printer stands still',
      `Problem: Nothing prints: ${CANARY}`,
      'Steps',
      '- Cleared the queue',
      '- Turned it off and on',
      'Result: It prints again',
      'Tags: printer',
      '',
      `[daybook-note v=1 kind=summary company=acme session=s1 revision=1 event=${event} origin=ai ai-generated=true source=http%3A%2F%2Fcv.iptc.org%2Fnewscodes%2Fdigitalsourcetype%2FtrainedAlgorithmicMedia model=extractive prompt=rules-1 ]`,
    ]);
    expect(world.deliveries()).toStrictEqual([
      {
        connector: 'desk',
        eventId: event,
        company: 'acme',
        session: 's1',
        kind: 'note',
        revision: 1,
        position: 1,
        recordedAt: NOW,
        state: 'delivered',
        reason: null,
        how: 'created',
        recordId: incident,
        noteId: entry?.sys_id,
        attempts: 1,
        attemptsInRound: 1,
        dueAt: NOW,
        changedAt: NOW,
      },
    ]);
  });

  test('of a later revision says which one it replaces, because an entry cannot be changed', async () => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    await world.edited('s1', 2, 'The drum was worn');
    await connector.settled();
    expect(notes()).toStrictEqual([
      [incident, 1, 'summary'],
      [incident, 2, 'summary'],
    ]);
    expect(server.journal()[1]?.value.split('\r\n').slice(0, 3)).toStrictEqual([
      'AI session summary of s1, revision 2',
      'This text was written by AI and changed by a person (extractive, rules-1).',
      'It replaces revision 1, which stands above and no longer holds.',
    ]);
  });

  test('is not written again by a connector that has lost its table', async () => {
    await world.generated('s1');
    await world.edited('s1', 2, 'The drum was worn');
    await world.start(settings()).settled();
    await world.stop();
    for (const end of ['', '-wal', '-shm'])
      rmSync(`${world.directory}/connectors.db${end}`, { force: true });
    await world.start(settings()).settled();
    expect(notes()).toHaveLength(2);
    expect(world.deliveries().map(({ how }) => how)).toStrictEqual(['found', 'found']);
  });

  test('is not looked for in sessions of before, unless the configuration says so', async () => {
    await world.generated('s1');
    const connector = world.start(settings({ startAt: 'now' }));
    await connector.settled();
    expect(rows()).toStrictEqual([]);
    await world.edited('s1', 2, 'Later');
    await connector.settled();
    expect(notes()).toStrictEqual([[incident, 2, 'summary']]);
  });
});

describe('a failure', () => {
  test('of the connection after the effect leads to no second note', async () => {
    server.faults.add({ ...PATCH, does: 'cut-after-effect' });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => connector.health().state._tag === 'Paused');
    expect(notes()).toHaveLength(1);
    world.advance(500);
    await connector.settled();
    expect(notes()).toHaveLength(1);
    expect(world.deliveries()[0]).toMatchObject({ state: 'delivered', how: 'found', attempts: 2 });
  });

  test('with 429 makes the connector wait as long as it is told, and counts no attempt', async () => {
    server.faults.add({
      ...PATCH,
      does: { status: 429, headers: { 'retry-after': '120' }, body: errorBody('Rate limit') },
    });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => connector.health().state._tag === 'Paused');
    expect(connector.health()).toStrictEqual({
      name: 'desk',
      kind: 'servicenow',
      company: 'acme',
      state: { _tag: 'Paused', since: NOW, until: NOW + 120_000, reason: 'RateLimited' },
      position: 1,
      isHealthy: true,
    });
    const before = server.requests.length;
    world.advance(119_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests).toHaveLength(before);
    world.advance(1);
    await connector.settled();
    expect(notes()).toHaveLength(1);
    expect(world.deliveries()[0]).toMatchObject({ attempts: 2, attemptsInRound: 1 });
  });

  test('with 429 and a reset instant waits until then', async () => {
    const reset = String((NOW + 60 * 60_000) / 1_000);
    server.faults.add({
      ...PATCH,
      does: { status: 429, headers: { 'x-ratelimit-reset': reset }, body: errorBody('Rate limit') },
    });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => connector.health().state._tag === 'Paused');
    expect(connector.health().state).toMatchObject({ until: NOW + 60 * 60_000 });
  });

  test('of an expired token is mended by one new token', async () => {
    await world.generated('s1');
    const connector = world.start(settings());
    await connector.settled();
    server.expireTokens();
    await world.edited('s1', 2, 'Later');
    await connector.settled();
    expect(notes()).toHaveLength(2);
    expect(server.tokensMade()).toBe(2);
    expect(await connector.metrics()).toMatchObject({ pauses: 0, retries: 0, delivered: 2 });
  });

  test('of the credentials blocks the connector and parks nothing', async () => {
    await world.generated('s1');
    const connector = world.start(settings({ clientId: 'somebody-else' }));
    await until(() => connector.health().state._tag === 'Blocked');
    expect(connector.health()).toMatchObject({
      isHealthy: false,
      state: { reason: 'AuthRejected 401 invalid_client' },
    });
    expect(rows()).toStrictEqual([['note', 1, 'waiting', 'AuthRejected 401 invalid_client']]);
  });

  test('with 500 is tried again later, while other sessions go on', async () => {
    const other = server.addIncident({ u_session: 's2' });
    server.faults.add({ ...PATCH, does: { status: 500, body: errorBody('Internal') } });
    await world.generated('s1');
    await world.generated('s2');
    const connector = world.start(settings());
    await until(() => world.deliveries()[1]?.state === 'delivered');
    expect(notes()).toStrictEqual([[other, 1, 'summary']]);
    expect(world.deliveries()[0]).toMatchObject({
      state: 'waiting',
      reason: 'ServerFailed 500',
      dueAt: NOW + 15_000,
    });
    world.advance(15_000);
    await connector.settled();
    expect(notes()).toHaveLength(2);
  });

  test('with 400 is parked at once, goes on with the rest, and can be tried again', async () => {
    server.addIncident({ u_session: 's2' });
    server.faults.add({ ...PATCH, does: { status: 400, body: errorBody(`bad ${CANARY}`) } });
    const event = await world.generated('s1');
    await world.generated('s2');
    const connector = world.start(settings());
    await connector.settled();
    expect(rows()).toStrictEqual([
      ['note', 1, 'parked', 'Rejected 400'],
      ['note', 1, 'delivered', null],
    ]);
    expect(connector.retry([event])).toBe(1);
    await connector.settled();
    expect(notes()).toHaveLength(2);
  });

  test('that goes on is parked after the last attempt', async () => {
    const retryPolicy = { attemptsMax: 3, firstDelayMs: 1_000, factor: 2, delayMsMax: 10_000 };
    const broken = { ...PATCH, does: { status: 503, body: errorBody('down') } };
    server.faults.add(broken, broken, broken);
    await world.generated('s1');
    const connector = world.start(settings(), { retryPolicy });
    for (const attempts of [1, 2]) {
      await until(() => (world.deliveries()[0]?.attempts ?? 0) === attempts);
      await until(() => world.deliveries()[0]?.state === 'waiting');
      world.advance(2_000);
    }
    await connector.settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'ServerFailed 503']]);
    expect(server.journal()).toStrictEqual([]);
  });

  test('in silence, of a field that the user may not write, is noticed', async () => {
    server.rights.writesNotes = false;
    await world.generated('s1');
    await world.start(settings()).settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'NoteNotKept']]);
  });
});

describe('a session', () => {
  test('without a record is parked after the last attempt, or passed over', async () => {
    const retryPolicy = { attemptsMax: 1, firstDelayMs: 1, factor: 1, delayMsMax: 1 };
    await world.generated('s9');
    await world.start(settings(), { retryPolicy }).settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'RecordNotFound']]);
  });

  test('without a record is passed over where the configuration says so', async () => {
    const retryPolicy = { attemptsMax: 1, firstDelayMs: 1, factor: 1, delayMsMax: 1 };
    await world.generated('s9');
    await world.start(settings({ recordMissing: 'skip' }), { retryPolicy }).settled();
    expect(rows()).toStrictEqual([['note', 1, 'skipped', 'RecordNotFound']]);
  });

  test('with two records is parked: which one is meant, a person must say', async () => {
    server.addIncident({ u_session: 's1' });
    await world.generated('s1');
    await world.start(settings()).settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'RecordAmbiguous']]);
  });

  test('is not mapped to any record where the instance does not have the field', async () => {
    const retryPolicy = { attemptsMax: 1, firstDelayMs: 1, factor: 1, delayMsMax: 1 };
    await world.generated('s1');
    const mapping = { by: 'field', field: 'u_sesion' };
    await world.start(settings({ mapping }), { retryPolicy }).settled();
    expect(rows()).toStrictEqual([['note', 1, 'parked', 'RecordNotFound']]);
  });

  test.each([
    ['a lookup', { by: 'lookup', field: 'number', records: { s1: 'INC0010001' } }],
    ['a condition', { by: 'query', query: 'u_session={sessionId}^active=true' }],
    ['a code', { by: 'session-code', field: 'number', codes: { s1: 'INC0010001' } }],
  ])('is mapped by %s', async (_by, mapping) => {
    await world.generated('s1');
    await world.start(settings({ mapping })).settled();
    expect(notes()).toStrictEqual([[incident, 1, 'summary']]);
  });

  test('that a lookup does not name is passed over', async () => {
    await world.generated('s2');
    const mapping = { by: 'lookup', field: 'number', records: { s1: 'INC0010001' } };
    await world.start(settings({ mapping })).settled();
    expect(rows()).toStrictEqual([['note', 1, 'skipped', 'NotMapped']]);
  });
});

describe('a deletion', () => {
  test('is said in the record, and what stays is listed', async () => {
    await world.generated('s1');
    await world.edited('s1', 2, 'Later');
    const connector = world.start(settings());
    await connector.settled();
    const ids = server.journal().map(({ sys_id }) => sys_id);
    await world.deleted('s1', 2);
    await connector.settled();
    expect(notes().map(([, , kind]) => kind)).toStrictEqual(['summary', 'summary', 'retraction']);
    expect(rows()).toStrictEqual([
      ['note', 1, 'retracted', null],
      ['note', 2, 'retracted', null],
      ['retraction', 2, 'delivered', null],
    ]);
    const configured = 'the configuration deletes none';
    expect(world.unrecalled().map(({ what, id, why }) => [what, id, why])).toStrictEqual([
      ['journal entry', ids[0], configured],
      ['journal entry', ids[1], configured],
      ['audit history', incident, 'the instance keeps what was in the field'],
      ['notifications', incident, 'e-mails may have been sent to watchers'],
    ]);
  });

  test('deletes the entries where that is allowed', async () => {
    await world.generated('s1');
    const connector = world.start(settings({ deleteJournalEntries: true }));
    await connector.settled();
    await world.deleted('s1', 1);
    await connector.settled();
    expect(notes().map(([, , kind]) => kind)).toStrictEqual(['retraction']);
    expect(server.journal()[0]?.value).not.toContain(CANARY);
    expect(world.unrecalled().map(({ what }) => what)).toStrictEqual([
      'audit history',
      'notifications',
    ]);
  });

  test('whose entries the instance keeps is parked, because text is left', async () => {
    server.rights.deletesEntries = false;
    await world.generated('s1');
    const connector = world.start(settings({ deleteJournalEntries: true }));
    await connector.settled();
    await world.deleted('s1', 1);
    await connector.settled();
    expect(rows()[1]).toStrictEqual(['retraction', 1, 'parked', 'NotRecalled']);
    server.rights.deletesEntries = true;
    connector.retry('all');
    await connector.settled();
    expect(notes().map(([, , kind]) => kind)).toStrictEqual(['retraction']);
    expect(rows()[1]).toStrictEqual(['retraction', 1, 'delivered', null]);
  });

  test('cancels a note that waits: text of a deleted summary is never sent', async () => {
    server.faults.add({ ...PATCH, does: { status: 500, body: errorBody('down') } });
    await world.generated('s1');
    const connector = world.start(settings());
    await until(() => world.deliveries()[0]?.state === 'waiting');
    await world.deleted('s1', 1);
    await connector.settled();
    expect(server.journal()).toStrictEqual([]);
    expect(rows()).toStrictEqual([
      ['note', 1, 'cancelled', 'deleted-before-sent'],
      ['retraction', 1, 'skipped', 'nothing-was-sent'],
    ]);
  });

  test('finds a note whose answer never came', async () => {
    server.faults.add({ ...PATCH, does: 'cut-after-effect' });
    await world.generated('s1');
    const connector = world.start(settings({ deleteJournalEntries: true }));
    await until(() => connector.health().state._tag === 'Paused');
    await world.deleted('s1', 1);
    world.advance(1_000);
    await connector.settled();
    expect(notes().map(([, , kind]) => kind)).toStrictEqual(['retraction']);
  });
});

test('no text of a summary stands in the table, in health or in metrics', async () => {
  const echo = { status: 400, body: errorBody(`refused: ${CANARY}`) };
  server.faults.add({ ...PATCH, does: echo });
  await world.generated('s1');
  const connector = world.start(settings());
  await connector.settled();
  connector.retry('all');
  await connector.settled();
  await world.edited('s1', 2, CANARY);
  await connector.settled();
  await world.deleted('s1', 2);
  await connector.settled();
  const told = JSON.stringify([connector.health(), await connector.metrics(), world.deliveries()]);
  expect(server.journal().some(({ value }) => value.includes(CANARY))).toBe(true);
  expect(told).not.toContain('canary');
  expect(world.bytes()).not.toContain('canary');
  expect(world.bytes()).not.toContain('rehearsal-secret');
});

test('a second process that would deliver from the same directory is refused', async () => {
  const connector = world.start(settings());
  await connector.settled();
  expect(() => world.start(settings())).toThrow('SQLITE_BUSY');
});
