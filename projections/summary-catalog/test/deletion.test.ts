import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catchUp, dump, follow, openProjection, openReadModel, rebuild } from '@daybook/projection';
import {
  appendEntries,
  inDirectory,
  rightOrThrow,
  storeWith,
  type LogEntry,
} from '@daybook/projection/contract';
import Database from 'better-sqlite3';
import { summaryCatalog } from '../src/index.js';
import { deleted, edited, generated } from './builders.js';

const CANARY = 'zqxcanary';
const texts = {
  title: `About ${CANARY}title`,
  problem: `${CANARY}problem stands here`,
  steps: [`first ${CANARY}steps`, 'x '.repeat(3000) + `${CANARY}late`],
  result: `${CANARY}result`,
  followUps: [`${CANARY}later`],
  tags: [`${CANARY}tag`],
};
const others = (count: number, from: number): readonly LogEntry[] =>
  Array.from({ length: count }, (_, index) =>
    generated(`other${from + index}`, {
      title: `Ticket ${from + index}`,
      problem: `zqx words around ${index} `.repeat(20),
    }),
  );

/** Files of a directory that contain the canary, in either case. */
const filesWithCanary = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .filter((name) =>
      readFileSync(join(directory, name)).toString('latin1').toLowerCase().includes(CANARY),
    );

const log = [
  ...others(150, 0),
  generated('secret', texts),
  ...others(150, 150),
  edited('secret', { ...texts, title: `Now ${CANARY}edited` }),
  ...others(20, 300),
];

// Goal: no byte of a deleted text stays in any file. Method: look for a word that occurs nowhere else.
describe('a deletion', () => {
  it('leaves no byte of the text in the files, though it had reached them', () =>
    inDirectory(async (directory) => {
      const store = await storeWith(log);
      const projection = rightOrThrow(openProjection(summaryCatalog, { directory }));
      rightOrThrow(await catchUp(projection, store)());
      expect(filesWithCanary(directory)).not.toStrictEqual([]);
      await appendEntries(store, [deleted('secret', 2)], log.length);
      rightOrThrow(await catchUp(projection, store)());
      expect(projection.erasurePending()).toBe(false);
      expect(filesWithCanary(directory)).toStrictEqual([]);
      for await (const line of dump(projection)) expect(line).not.toContain(CANARY);
      projection.close();
    }));

  it('reaches text that had moved from the log into the database', () =>
    inDirectory(async (directory) => {
      const store = await storeWith(log);
      const first = rightOrThrow(openProjection(summaryCatalog, { directory }));
      rightOrThrow(await catchUp(first, store)());
      first.close();
      expect(filesWithCanary(directory)).not.toStrictEqual([]);
      const projection = rightOrThrow(openProjection(summaryCatalog, { directory }));
      await appendEntries(store, [deleted('secret', 2)], log.length);
      rightOrThrow(await catchUp(projection, store)());
      expect(filesWithCanary(directory)).toStrictEqual([]);
      projection.close();
    }));

  it('waits for a reader that still looks at the old text, and finishes when it has gone', () =>
    inDirectory(async (directory) => {
      const store = await storeWith(log);
      const projection = rightOrThrow(openProjection(summaryCatalog, { directory }));
      rightOrThrow(await catchUp(projection, store)());
      const reader = new Database(projection.file(), { readonly: true });
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM summaries').get();
      await appendEntries(store, [deleted('secret', 2)], log.length);
      rightOrThrow(await catchUp(projection, store)());
      expect(projection.erasurePending()).toBe(true);
      expect(filesWithCanary(directory)).not.toStrictEqual([]);
      reader.close();
      const stop = new AbortController();
      const following = follow(projection, store, stop.signal)();
      while (projection.erasurePending()) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      await following;
      expect(filesWithCanary(directory)).toStrictEqual([]);
      projection.close();
    }));

  it('is finished at the next open when the process died in between', () =>
    inDirectory(async (directory) => {
      const store = await storeWith(log);
      const projection = rightOrThrow(openProjection(summaryCatalog, { directory }));
      rightOrThrow(await catchUp(projection, store)());
      const reader = rightOrThrow(openReadModel(summaryCatalog, directory));
      const blocking = new Database(projection.file(), { readonly: true });
      blocking.exec('BEGIN');
      blocking.prepare('SELECT count(*) FROM summaries').get();
      await appendEntries(store, [deleted('secret', 2)], log.length);
      rightOrThrow(await catchUp(projection, store)());
      // The log is not emptied on close while other connections are open: as after a crash.
      projection.close();
      blocking.close();
      expect(filesWithCanary(directory)).not.toStrictEqual([]);
      expect(reader.read(({ show }) => show('acme', 'secret')?.status).answer).toBe('deleted');
      const next = rightOrThrow(openProjection(summaryCatalog, { directory }));
      expect(next.erasurePending()).toBe(false);
      expect(filesWithCanary(directory)).toStrictEqual([]);
      reader.close();
      next.close();
    }));

  it('leaves nothing in a rebuilt file either', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([...log, deleted('secret', 2)]);
      rightOrThrow(await rebuild(summaryCatalog, store, { directory })());
      expect(filesWithCanary(directory)).toStrictEqual([]);
    }));
});
