import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendError, Appended, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { openSqliteEventStore, type SqliteEventStore, verifySqliteLog } from '../src/index.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

/*
 * A small disk of its own (a tmpfs), because a full or read-only disk cannot be pretended. Mounting needs root;
 * where it is not allowed these tests fail with the reason of `mount`: they do not skip.
 */
let place: TemporaryDirectory;
let disk = '';

const mount = (...args: readonly string[]): void => {
  try {
    execFileSync('mount', [...args, disk], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (thrown) {
    const { stderr } = Object(thrown) as { stderr?: Buffer };
    const reason = String(stderr ?? thrown).trim();
    throw new Error(`This test needs root, to mount a small disk: ${reason}`, { cause: thrown });
  }
};

beforeEach(() => {
  place = temporaryDirectory();
  disk = join(place.path, 'disk');
  mkdirSync(disk);
  mount('-t', 'tmpfs', '-o', 'size=6m', 'daybook-test');
});
afterEach(() => {
  execFileSync('umount', [disk]);
  place.remove();
});

const tryOpen = () => openSqliteEventStore({ directory: join(disk, 'log'), clock: () => 1_000 })();

const open = async (): Promise<SqliteEventStore> => {
  const opened = await tryOpen();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

const event = (n: number): EventToAppend => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type: 'NoteTaken',
  data: JSON.stringify('x'.repeat(10_000)),
  metadata: '{}',
});

type Answer = E.Either<AppendError, Appended>;

const appendOne = (store: SqliteEventStore, n: number): Promise<Answer> =>
  store.append(`note-${String(n)}`, 'no-stream', [event(n)])();

const fill = async (store: SqliteEventStore, from: number): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (let n = from; n < from + 2_000; n += 1) {
    const answer = await appendOne(store, n);
    answers.push(answer);
    if (E.isLeft(answer)) return answers;
  }
  throw new Error('The disk of the test is larger than it should be.');
};

const idsIn = async (store: SqliteEventStore): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const page of store.readAll()) {
    if (E.isLeft(page)) throw new Error(page.left.message);
    for (const { id } of page.right.events) ids.push(id);
  }
  return ids;
};

describe('A disk that is full', () => {
  it('refuses appends, keeps what it acknowledged, and goes on when there is room again', async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));
    const store = await open();
    const answers = await fill(store, 1);
    const acknowledged = answers.length - 1;
    expect(answers.at(-1)).toMatchObject({
      left: { _tag: 'StoreUnavailable', reason: 'disk-full' },
    });
    expect(acknowledged).toBeGreaterThan(10);
    const batch = [1, 2, 3].map((n) => appendOne(store, 5_000 + n));
    for (const answer of await Promise.all(batch)) {
      expect(answer).toMatchObject({ left: { reason: 'disk-full' } });
    }
    const ids = Array.from({ length: acknowledged }, (_, index) => event(index + 1).id);
    expect(await idsIn(store)).toStrictEqual(ids);

    rmSync(ballast);
    expect(await appendOne(store, acknowledged + 1)).toStrictEqual(
      E.right({ revision: 0, position: acknowledged + 1 }),
    );
    await store.close();
    const again = await open();
    expect(await idsIn(again)).toStrictEqual([...ids, event(acknowledged + 1).id]);
    await again.close();
    const verified = await verifySqliteLog({ directory: join(disk, 'log') })();
    expect(verified).toMatchObject({ right: { events: acknowledged + 1, problems: [] } });
  });

  it('is named when the log cannot be made on it', async () => {
    const ballast = join(disk, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024))).toThrow('ENOSPC');
    expect(await tryOpen()).toMatchObject({ left: { _tag: 'DiskFull' } });
    rmSync(ballast);
    await (await open()).close();
  });
});

describe('A disk that is mounted read-only', () => {
  it('is refused to a writer, naming the directory', async () => {
    await (await open()).close();
    mount('-o', 'remount,ro');
    const path = join(disk, 'log');
    expect(await tryOpen()).toMatchObject({ left: { _tag: 'NotWritable', path } });
  });
});
