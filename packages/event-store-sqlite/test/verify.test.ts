import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { type LogVerification, openSqliteEventStore, verifySqliteLog } from '../src/index.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

let place: TemporaryDirectory;

beforeEach(async () => {
  place = temporaryDirectory();
  const options = { directory: place.path, clock: () => 1_000, walBytes: 0 };
  const store = await openSqliteEventStore(options)();
  if (E.isLeft(store)) throw new Error(store.left.message);
  for (let n = 0; n < 6; n += 1) {
    const stream = `note-${String(n % 2)}`;
    const expected = n < 2 ? 'no-stream' : Math.floor(n / 2) - 1;
    const id = `00000000-0000-4000-8000-00000000000${String(n)}`;
    const events = [{ id, type: 'NoteTaken', data: '{}', metadata: '{}' }] as const;
    const answer = await store.right.append(stream, expected, events)();
    if (E.isLeft(answer)) throw new Error(answer.left._tag);
  }
  await store.right.close();
});
afterEach(() => place.remove());

const damage = (sql: string): void => {
  const db = new Database(join(place.path, 'log.db'));
  db.exec(sql);
  db.close();
};

const verify = async (): Promise<LogVerification> => {
  const verified = await verifySqliteLog({ directory: place.path })();
  if (E.isLeft(verified)) throw new Error(verified.left.message);
  return verified.right;
};

describe('The check of a log', () => {
  it('finds a whole log whole', async () => {
    expect(await verify()).toStrictEqual({
      directory: place.path,
      events: 6,
      streams: 2,
      problems: [],
    });
  });

  it('finds an event that was removed', async () => {
    damage('DELETE FROM events WHERE pos = 3');
    expect((await verify()).problems).toStrictEqual([
      { kind: 'position-gap', after: 2, next: 4 },
      { kind: 'revision-gap', stream: 'note-0', events: 2, lastRevision: 2 },
    ]);
  });

  it('finds a time that goes back, and a name that is missing', async () => {
    damage('UPDATE events SET ts = 999 WHERE pos = 4; DELETE FROM categories;');
    expect((await verify()).problems).toStrictEqual([
      { kind: 'recorded-time-goes-back', position: 4 },
      ...[1, 2, 3, 4, 5, 6].map((position) => ({ kind: 'nameless-event', position })),
    ]);
  });

  it('says so when there is no log', async () => {
    const directory = join(place.path, 'elsewhere');
    const path = join(directory, 'log.db');
    expect(await verifySqliteLog({ directory })()).toMatchObject({
      left: { _tag: 'NoDatabase', path },
    });
  });
});
