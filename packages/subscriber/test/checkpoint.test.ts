import Database from 'better-sqlite3';
import { makeSqliteCheckpoint } from '../src/index.js';
import { makeTurn } from '../src/turn.js';

const mark = (position: number, subscriber = 'billing') => ({ subscriber, position });

describe('a checkpoint in SQLite', () => {
  const open = () => {
    const database = new Database(':memory:');
    database.exec('CREATE TABLE paid (position INTEGER)');
    const checkpoint = makeSqliteCheckpoint(database);
    const pay = (position: number, subscriber?: string) =>
      checkpoint.runOnce(mark(position, subscriber), (tx) => {
        tx.prepare('INSERT INTO paid VALUES (?)').run(position);
      });
    const paid = () => database.prepare('SELECT position FROM paid').pluck().all();
    const marks = () => database.prepare('SELECT count(*) FROM daybook_marks').pluck().get();
    return { database, checkpoint, pay, paid, marks };
  };

  test('runs the effect of an event once, and that of another subscriber beside it', async () => {
    const { pay, paid } = open();
    expect([await pay(7), await pay(7), await pay(7, 'other'), await pay(3)]).toStrictEqual([
      'done',
      'repeated',
      'done',
      'done',
    ]);
    expect(paid()).toStrictEqual([7, 7, 3]);
  });

  test('keeps neither effect nor mark of an effect that throws', async () => {
    const { checkpoint, database, pay, paid } = open();
    const failing = checkpoint.runOnce(mark(7), (tx) => {
      tx.prepare('INSERT INTO paid VALUES (0)').run();
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect([paid(), await pay(7), database.inTransaction]).toStrictEqual([[], 'done', false]);
  });

  test('refuses an effect that is still under way when the transaction ends', async () => {
    const { checkpoint, paid } = open();
    const effect = async (): Promise<void> => {
      await Promise.resolve();
    };
    await expect(checkpoint.runOnce(mark(7), effect as () => void)).rejects.toThrow('synchronous');
    expect(paid()).toStrictEqual([]);
  });

  test('forgets single marks below what is settled, and still recognises them', async () => {
    const { checkpoint, pay, paid, marks } = open();
    for (const position of [2, 4, 9]) await pay(position);
    await checkpoint.settle(mark(4));
    await checkpoint.settle(mark(3));
    expect([marks(), await pay(4), await pay(2), await pay(9)]).toStrictEqual([
      1,
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect([await pay(5), paid()]).toStrictEqual(['done', [2, 4, 9, 5]]);
  });
});

describe('the turn of messages', () => {
  const message = (seq: number, redelivered = false) => ({ seq, redelivered });

  test('is that of their coming when nothing was under way', () => {
    const turn = makeTurn({ outstanding: 0, delivered: 0 });
    expect(turn.take(message(1))).toStrictEqual([message(1)]);
  });

  test('lets those that were under way go before new ones, whenever they come', () => {
    const turn = makeTurn({ outstanding: 2, delivered: 6 });
    expect(turn.take(message(7))).toStrictEqual([]);
    expect(turn.take(message(6, true))).toStrictEqual([]);
    expect(turn.take(message(6, true))).toStrictEqual([]);
    const ready = [message(4, true), message(6, true), message(7)];
    expect(turn.take(message(4, true))).toStrictEqual(ready);
    expect(turn.take(message(8))).toStrictEqual([message(8)]);
  });

  test('stops waiting for what will never come when it is told to', () => {
    const turn = makeTurn({ outstanding: 1, delivered: 6 });
    turn.take(message(8));
    turn.take(message(7));
    expect(turn.lift()).toStrictEqual([message(7), message(8)]);
    expect(turn.take(message(9))).toStrictEqual([message(9)]);
  });
});
