import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { UNFINISHED_SCHEMA, unfinishedIn, type UnfinishedWork } from '../src/parked.js';

// Goal: nothing that is listed is lost or mixed up, whoever lists it. Method: the list in a real database.

const open = () => {
  const db = new Database(':memory:');
  db.exec(UNFINISHED_SCHEMA);
  return { db, list: unfinishedIn(db, <A>(effect: () => A) => E.right(effect())) };
};

const work = (position: number, more: Partial<UnfinishedWork> = {}) => ({
  process: 'relay',
  eventId: `e-${position}`,
  stream: 'session-acme_s1',
  revision: position,
  position,
  reason: 'timed-out',
  attempts: 1,
  attemptsInRound: 1,
  since: 1_000,
  ...more,
});

const parked = (limit = 10) => ({ state: 'parked', limit }) as const;

describe('work that is not done', () => {
  it('waits for its time, in the order of the log', () => {
    const { list } = open();
    list.wait({ ...work(2), dueAt: 500 });
    list.wait({ ...work(1), dueAt: 600 });
    list.wait({ ...work(3), dueAt: 601 });
    expect(list.nextDueAt('relay')).toBe(500);
    expect(list.due('relay', 600, 10).map(({ eventId }) => eventId)).toStrictEqual(['e-1', 'e-2']);
    expect(list.due('relay', 600, 1).map(({ eventId }) => eventId)).toStrictEqual(['e-1']);
    expect(list.due('webhooks', 600, 10)).toStrictEqual([]);
  });

  it('keeps the time of its first failure, and is no longer due when it is parked', () => {
    const { list } = open();
    list.wait({ ...work(1), dueAt: 500 });
    list.park(work(1, { attempts: 2, attemptsInRound: 2, since: 9_000, reason: 'refused' }));
    const row = work(1, { attempts: 2, attemptsInRound: 2, since: 1_000, reason: 'refused' });
    expect(list.list(parked())).toStrictEqual([{ ...row, dueAt: null }]);
    expect(list.nextDueAt('relay')).toBeNull();
  });

  it('is listed and tried again for one company alone, whatever the others are called', () => {
    const { list } = open();
    const streams = [
      'session-acme_s1',
      'company-acme',
      'session-acme-2_s1',
      'session-ac_me',
      'acme',
    ];
    for (const [index, stream] of streams.entries()) list.park(work(index + 1, { stream }));
    const ofAcme = { ...parked(), company: 'acme' };
    expect(list.list(ofAcme).map(({ stream }) => stream)).toStrictEqual([
      'session-acme_s1',
      'company-acme',
      'acme',
    ]);
    expect(list.retry(['e-3', 'e-4'], 5, 'acme')).toStrictEqual(E.right(0));
    expect(list.retry('all', 5, 'acme')).toStrictEqual(E.right(3));
    expect(list.list(parked()).map(({ eventId }) => eventId)).toStrictEqual(['e-3', 'e-4']);
  });

  it('is due again when somebody asks, once, and only where it is parked', () => {
    const { list } = open();
    list.park(work(1, { attempts: 8, attemptsInRound: 8 }));
    list.wait({ ...work(2), dueAt: 5_000 });
    expect(list.retry(['e-1', 'e-2', 'unknown'], 3_000)).toStrictEqual(E.right(1));
    expect(list.retry(['e-1'], 4_000)).toStrictEqual(E.right(0));
    expect(list.find({ process: 'relay', eventId: 'e-1' })).toStrictEqual({
      ...work(1, { attempts: 8, attemptsInRound: 0 }),
      dueAt: 3_000,
    });
    expect(list.due('relay', 4_999, 10)).toHaveLength(1);
  });

  it('is kept apart by consumer, also for one event', () => {
    const { list } = open();
    list.park(work(1));
    list.park(work(1, { process: 'webhooks' }));
    list.done({ process: 'relay', eventId: 'e-1' });
    list.done({ process: 'relay', eventId: 'e-1' });
    expect(list.counts()).toStrictEqual([{ process: 'webhooks', waiting: 0, parked: 1 }]);
    expect(list.retry('all', 1)).toStrictEqual(E.right(1));
    expect(list.counts()).toStrictEqual([{ process: 'webhooks', waiting: 1, parked: 0 }]);
  });

  it('is listed page by page, and by stream, process or event', () => {
    const { list } = open();
    for (const position of [1, 2, 3]) list.park(work(position, { stream: `s-${position}` }));
    const found = (more: object) =>
      list.list({ ...parked(), ...more }).map(({ position }) => position);
    expect(found({ limit: 2 })).toStrictEqual([1, 2]);
    expect(found({ after: 2 })).toStrictEqual([3]);
    expect(found({ stream: 's-2' })).toStrictEqual([2]);
    expect(found({ eventId: 'e-3' })).toStrictEqual([3]);
    expect(found({ process: 'webhooks' })).toStrictEqual([]);
    expect(found({ state: 'waiting' })).toStrictEqual([]);
  });

  it('names what must be done before it in its stream', () => {
    const { list } = open();
    list.park(work(4));
    list.wait({ ...work(6), dueAt: 1 });
    const before = (position: number) =>
      list.findBefore('relay', { stream: 'session-acme_s1', position })?.position ?? null;
    expect([before(4), before(5), before(7)]).toStrictEqual([null, 4, 4]);
  });
});
