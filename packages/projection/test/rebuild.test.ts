import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import Database from 'better-sqlite3';
import {
  appendEntries,
  inDirectory,
  rightOrThrow,
  storeWith,
  type LogEntry,
} from '../src/contract/index.js';
import {
  catchUp,
  follow,
  livePath,
  openProjection,
  openReadModel,
  rebuild,
  type RebuildProgress,
} from '../src/index.js';
import { tally } from './tally.js';

const enrolled = (device: string): LogEntry => ({
  stream: `device-acme_${device}`,
  type: 'DeviceEnrolled',
  data: { platform: 'windows' },
});

const dataFiles = (directory: string): readonly string[] =>
  readdirSync(directory).filter((name) => /\.[0-9a-f]{8}\.db/.test(name));

describe('a rebuild', () => {
  it('swaps in a full file while readers of the old one go on until they ask again', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      rightOrThrow(await catchUp(projection, store)());
      const model = rightOrThrow(openReadModel(tally(), directory));
      const oldFile = model.file();
      const old = new Database(oldFile, { readonly: true });
      const rows = old.prepare('SELECT count(*) FROM tally').pluck();
      expect(rows.get()).toBe(1);

      await appendEntries(store, [enrolled('d2')], 1);
      const progress: RebuildProgress[] = [];
      const rebuilt = await rebuild(tally(), store, {
        directory,
        onProgress: (step) => progress.push(step),
      })();
      expect(rebuilt).toStrictEqual(E.right({ position: 2, events: 2 }));
      expect(progress[0]).toStrictEqual({ position: 2, head: 2, events: 2 });

      expect([rows.get(), existsSync(oldFile)]).toStrictEqual([1, false]);
      expect([model.superseded(), projection.superseded()]).toStrictEqual([true, true]);
      expect(model.read(({ count }) => count('acme', 'd2'))).toStrictEqual({
        answer: 1,
        position: 2,
      });
      expect(model.superseded()).toBe(false);
      old.close();
      model.close();
      projection.close();
    }));

  it('is taken up by the projection that follows the log', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const stop = new AbortController();
      const following = follow(projection, store, stop.signal)();
      await projection.waitFor(1, 10_000);
      rightOrThrow(await rebuild(tally(), store, { directory })());
      const model = rightOrThrow(openReadModel(tally(), directory));
      await appendEntries(store, [enrolled('d2')], 1);
      expect(await model.waitFor(2, 10_000)).toBe(true);
      expect(projection.file()).toBe(model.file());
      stop.abort();
      expect(await following).toStrictEqual(E.right(2));
      model.close();
      projection.close();
    }));

  it('is taken up without waiting for another event', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1'), enrolled('d2')]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const stop = new AbortController();
      const following = follow(projection, store, stop.signal)();
      await projection.waitFor(2, 10_000);
      const behind = { ...store, head: store.head, readAll: () => store.readAll({ limit: 0 }) };
      rightOrThrow(await rebuild(tally(), behind, { directory })());
      const model = rightOrThrow(openReadModel(tally(), directory));
      const reached = await model.waitFor(2, 10_000);
      stop.abort();
      await following;
      expect(reached).toBe(true);
      model.close();
      projection.close();
    }));

  it('that fails keeps the live file and leaves nothing behind', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      rightOrThrow(await catchUp(projection, store)());
      const before = readlinkSync(livePath(directory, tally()));
      const torn = {
        ...store,
        readAll: async function* () {
          for await (const page of store.readAll()) yield page;
          yield E.left({ _tag: 'CorruptStore' as const, message: 'torn' });
        },
      };
      expect(await rebuild(tally(), torn, { directory })()).toStrictEqual(
        E.left({ _tag: 'CorruptStore', message: 'torn' }),
      );
      expect(readlinkSync(livePath(directory, tally()))).toBe(before);
      projection.close();
      expect(dataFiles(directory)).toStrictEqual([before]);
    }));

  it('that was killed is cleared away at the next open; one that still runs is left alone', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      rightOrThrow(openProjection(tally(), { directory })).close();
      const live = readlinkSync(livePath(directory, tally()));
      new Database(join(directory, 'tally.v1.00000001.db')).exec('CREATE TABLE a(b)').close();
      writeFileSync(join(directory, 'tally.v1.00000002.db'), 'torn at the first page');
      writeFileSync(join(directory, 'tally.v1.00000003.db-wal'), 'its file was removed');
      writeFileSync(join(directory, 'tally.v1.00000004.db.link'), '');
      const otherVersion = join(directory, 'tally.v11.00000001.db');
      writeFileSync(otherVersion, '');
      let during: readonly string[] = [];
      const rebuilt = await rebuild(tally(), store, {
        directory,
        onProgress: () => {
          rightOrThrow(openProjection(tally(), { directory })).close();
          during = dataFiles(directory).filter((name) => name.endsWith('.db'));
        },
      })();
      expect(E.isRight(rebuilt)).toBe(true);
      expect(during).toHaveLength(3);
      expect(during).toContain(live);
      expect(dataFiles(directory).toSorted()).toStrictEqual(
        [readlinkSync(livePath(directory, tally())), 'tally.v11.00000001.db'].toSorted(),
      );
    }));
});
