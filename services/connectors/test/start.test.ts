import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDeliveries, startConnectors } from '../src/index.js';
import { startServiceNowServer, type ServiceNowServer } from '../src/rehearsal/index.js';
import { makeWorld, until, type World } from './world.js';

// Goal: what the disk does to a connector is told, ends nothing else and loses nothing. Method: real files.

let server: ServiceNowServer;
let world: World;
beforeEach(async () => {
  server = await startServiceNowServer();
  world = makeWorld();
  server.addIncident({ number: 'INC1', u_session: 's1' });
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

const states = (): readonly unknown[] =>
  world.deliveries().map(({ state, reason, attempts }) => [state, reason, attempts]);

const onTable = (sql: string): void => {
  const db = new Database(join(world.directory, 'connectors.db'));
  db.exec(sql);
  db.close();
};

/** As a process leaves the table that was killed while the request was under way. */
const killWhileSending = async (): Promise<void> => {
  await world.generated('s1');
  await world.start(settings()).settled();
  await world.stop();
  onTable(
    "UPDATE deliveries SET state = 'sending', how = NULL, record_id = NULL, note_id = NULL, reason = NULL",
  );
};

test('a note that was being sent when the process was killed is found and not written again', async () => {
  await killWhileSending();
  const connector = world.start(settings());
  await connector.settled();
  expect(server.journal()).toHaveLength(1);
  expect(states()).toStrictEqual([['delivered', null, 2]]);
  expect(world.deliveries()[0]).toMatchObject({ how: 'found' });
});

test('a deletion that was taken in beside a note that was being sent follows it', async () => {
  await killWhileSending();
  await world.deleted('s1', 1);
  await world.start(settings({ deleteJournalEntries: true })).settled();
  expect(server.journal().map(({ value }) => value.split('\r\n')[0])).toStrictEqual([
    'Session summary of s1: retracted',
  ]);
});

test('a table that cannot be written when a connector starts is told, and the next start is not locked out', async () => {
  await killWhileSending();
  onTable("CREATE TRIGGER full BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'x'); END");
  expect(() => world.start(settings())).toThrow('SQLITE_CONSTRAINT_TRIGGER');
  // Those that had started end first.
  await new Promise((resolve) => setImmediate(resolve));
  onTable('DROP TRIGGER full');
  await world.start(settings()).settled();
  expect(server.journal()).toHaveLength(1);
});

test('a directory without room for the table is told as a value', () => {
  mkdirSync(join(world.directory, 'connectors.db'));
  const { store, directory, clock } = world;
  const started = startConnectors({ configs: [], store, directory, clock });
  expect(started).toStrictEqual(E.left({ _tag: 'DeliveriesUnavailable', code: 'SQLITE_CANTOPEN' }));
  rmdirSync(join(world.directory, 'connectors.db'));
});

test('a table that can no longer be written ends the connector, which says so', async () => {
  const connector = world.start(settings());
  await connector.settled();
  onTable("CREATE TRIGGER full BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'x'); END");
  await world.generated('s1');
  await connector.ended;
  expect(connector.health()).toMatchObject({
    isHealthy: false,
    state: { reason: 'connectors.db SQLITE_CONSTRAINT_TRIGGER' },
  });
  expect(server.journal()).toStrictEqual([]);
});

test('a table of records that is being written is read again later, and passes nothing over', async () => {
  const recordsFile = join(world.directory, 'records.json');
  writeFileSync(recordsFile, '{"s1": "IN');
  await world.generated('s1');
  const mapping = { by: 'lookup', field: 'number', recordsFile };
  const connector = world.start(settings({ mapping }));
  await until(() => world.deliveries()[0]?.reason === 'MappingUnreadable');
  expect(states()).toStrictEqual([['waiting', 'MappingUnreadable', 1]]);
  writeFileSync(recordsFile, '{"s1": "INC1"}');
  world.advance(60_000);
  await connector.settled();
  expect(states()).toStrictEqual([['delivered', null, 2]]);
});

test('what is asked for again is of one company, where one is named', async () => {
  server.rights.writesNotes = false;
  await world.generated('s1');
  await world.start(settings()).settled();
  await world.stop();
  const file = openDeliveries(world.directory);
  if (E.isLeft(file)) throw new Error(file.left.code);
  expect(file.right.of('desk', 'globex').retry('all', 0)).toBe(0);
  expect(file.right.of('desk', 'acme').retry('all', 0)).toBe(1);
  file.right.close();
});
