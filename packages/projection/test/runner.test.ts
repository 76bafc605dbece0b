import { readdirSync } from 'node:fs';
import type { AllPage, StoredEvent } from '@daybook/event-store';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import {
  appendEntries,
  describeProjectionLaws,
  inDirectory,
  rightOrThrow,
  storedLog,
  storeWith,
  type LogEntry,
} from '../src/contract/index.js';
import {
  catchUp,
  digest,
  dump,
  follow,
  lagOf,
  openProjection,
  openReadModel,
  rebuild,
} from '../src/index.js';
import { tally } from './tally.js';

const enrolled = (device: string, platform = 'windows'): LogEntry => ({
  stream: `device-acme_${device}`,
  type: 'DeviceEnrolled',
  data: { platform },
});
const released = (device: string): LogEntry => ({
  stream: `device-acme_${device}`,
  type: 'DeviceReleased',
  data: {},
});
const unrelated: LogEntry = { stream: 'group-acme_g1', type: 'DeviceGroupCreated', data: {} };

const pageOf = (events: readonly StoredEvent[]): AllPage => ({
  events,
  checkpoint: events.at(-1)?.position ?? 0,
  caughtUp: true,
});

const linesOf = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

const anyEntry: fc.Arbitrary<LogEntry> = fc.oneof(
  fc
    .tuple(fc.constantFrom('d1', 'd2', 'd3'), fc.constantFrom('Windows', 'macos', 'linux'))
    .map(([device, platform]) => enrolled(device, platform)),
  fc.constantFrom('d1', 'd2').map(released),
  fc.constant(unrelated),
);
describeProjectionLaws(tally(), fc.array(anyEntry, { maxLength: 40 }));

describe('a projection', () => {
  it('applies the log up to its end, also past events that it does not handle', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1'), unrelated, released('d1'), unrelated]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      expect(await catchUp(projection, store)()).toStrictEqual(E.right(4));
      const model = rightOrThrow(openReadModel(tally(), directory));
      expect(model.read((queries) => queries.count('acme', 'd1'))).toStrictEqual({
        answer: 2,
        position: 4,
      });
      model.close();
      projection.close();
    }));

  it('passes over events at or below its checkpoint, also when another writer moved it', () =>
    inDirectory((directory) => {
      const log = storedLog([enrolled('d1'), released('d1'), enrolled('d1')]);
      const first = rightOrThrow(openProjection(tally(), { directory }));
      const second = rightOrThrow(openProjection(tally(), { directory }));
      expect(first.applyPage(pageOf(log.slice(0, 2)))).toStrictEqual(E.right(2));
      expect(second.applyPage(pageOf(log))).toStrictEqual(E.right(3));
      expect(first.applyPage(pageOf(log))).toStrictEqual(E.right(3));
      const model = rightOrThrow(openReadModel(tally(), directory));
      expect(model.read(({ count }) => count('acme', 'd1')).answer).toBe(3);
      model.close();
      first.close();
      second.close();
      return Promise.resolve();
    }));

  it('opens its fold anew when another writer went ahead, so that nothing kept in memory is stale', () =>
    inDirectory((directory) => {
      let opened = 0;
      const counting = {
        ...tally(),
        open: (db: Parameters<ReturnType<typeof tally>['open']>[0]) => {
          opened += 1;
          return tally().open(db);
        },
      };
      const log = storedLog([enrolled('d1'), released('d1'), enrolled('d1')]);
      const first = rightOrThrow(openProjection(counting, { directory }));
      const second = rightOrThrow(openProjection(tally(), { directory }));
      rightOrThrow(first.applyPage(pageOf(log.slice(0, 1))));
      rightOrThrow(second.applyPage(pageOf(log.slice(0, 2))));
      rightOrThrow(first.applyPage(pageOf(log)));
      expect(opened).toBe(2);
      first.close();
      second.close();
      return Promise.resolve();
    }));

  it('lists every row by primary key and the words of the full-text index', () =>
    inDirectory(async (directory) => {
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      rightOrThrow(
        projection.applyPage(pageOf(storedLog([enrolled('d2', 'OS X'), released('d1')]))),
      );
      expect(await linesOf(dump(projection))).toStrictEqual([
        'table tally',
        '["acme","d1",1,"released","test"]',
        '["acme","d2",1,"os x","test"]',
        'table words',
        '[1,"OS X"]',
        '[2,"released"]',
        'index words',
        '["os",1,"platform",0]',
        '["released",2,"platform",0]',
        '["x",1,"platform",1]',
      ]);
      projection.close();
    }));

  it('follows the log live, wakes those who wait for a position, and stops with the signal', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const stop = new AbortController();
      const following = follow(projection, store, stop.signal)();
      expect(await projection.waitFor(1, 10_000)).toBe(true);
      const model = rightOrThrow(openReadModel(tally(), directory));
      const [inWriter, inReader] = [projection.waitFor(3, 10_000), model.waitFor(3, 10_000)];
      await appendEntries(store, [unrelated, released('d1')], 1);
      expect(await Promise.all([inWriter, inReader])).toStrictEqual([true, true]);
      expect(model.read(({ count }) => count('acme', 'd1'))).toStrictEqual({
        answer: 2,
        position: 3,
      });
      expect(await projection.waitFor(4, 1)).toBe(false);
      expect(await model.waitFor(4, 1)).toBe(false);
      stop.abort();
      expect(await following).toStrictEqual(E.right(3));
      model.close();
      projection.close();
    }));

  it('says how far it is behind, counting time by the oldest handled event that waits', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1'), unrelated, enrolled('d2'), unrelated]);
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      expect(await lagOf(projection, store, 50)()).toStrictEqual(
        E.right({ events: 4, milliseconds: 40 }),
      );
      rightOrThrow(projection.applyPage(pageOf(storedLog([enrolled('d1'), unrelated]))));
      expect(await lagOf(projection, store, 50)()).toStrictEqual(
        E.right({ events: 2, milliseconds: 20 }),
      );
      rightOrThrow(projection.applyPage({ events: [], checkpoint: 3, caughtUp: false }));
      expect(await lagOf(projection, store, 50)()).toStrictEqual(
        E.right({ events: 0, milliseconds: 0 }),
      );
      projection.close();
    }));

  it('fills a new version in a file beside the old one', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      const before = rightOrThrow(openProjection(tally(1), { directory }));
      rightOrThrow(await catchUp(before, store)());
      expect(openReadModel(tally(2), directory)).toStrictEqual(
        E.left({ _tag: 'ReadModelMissing', projection: 'tally', version: 2 }),
      );
      const after = rightOrThrow(openProjection(tally(2), { directory }));
      expect([before.position(), after.position()]).toStrictEqual([1, 0]);
      rightOrThrow(await catchUp(after, store)());
      expect(await digest(dump(after))).toBe(await digest(dump(before)));
      before.close();
      after.close();
      expect(readdirSync(directory).filter((name) => /^tally\.v\d\.db$/.test(name))).toStrictEqual([
        'tally.v1.db',
        'tally.v2.db',
      ]);
    }));

  it('ends with the failure of the store that it follows', () =>
    inDirectory(async (directory) => {
      const store = await storeWith([enrolled('d1')]);
      await store.close();
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const closed = E.left({
        _tag: 'StoreUnavailable',
        reason: 'closed',
        message: 'The event store is closed.',
      });
      expect(await catchUp(projection, store)()).toStrictEqual(closed);
      expect(await follow(projection, store, new AbortController().signal)()).toStrictEqual(closed);
      expect(await rebuild(tally(), store, { directory })()).toStrictEqual(closed);
      projection.close();
    }));
});
