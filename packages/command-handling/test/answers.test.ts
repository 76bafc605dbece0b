import * as E from 'fp-ts/lib/Either.js';
import {
  add,
  added,
  contextOf,
  handlerOn,
  logOf,
  newStore,
  right,
  STREAM,
  tally,
  watched,
  wordsIn,
} from './tally.js';

const tooLong = (size: number, sizeMax: number): unknown =>
  E.left({ _tag: 'Refused', refusal: { _tag: 'TooLong', size, sizeMax } });

describe('a command that comes again', () => {
  it('gets its first answer, and nothing is written', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    const words = ['x', 'y', 'z'];
    const first = right(await add(handler, { id: 'a', words }));
    await add(handler, { id: 'b' });
    const expected = { ...first, repeated: true };
    for (const again of [handler, handlerOn(store)])
      expect(right(await add(again, { id: 'a', words }))).toStrictEqual(expected);
    expect(await logOf(store)).toHaveLength(4);
  });
  it('gets a long first answer whole', async () => {
    const store = newStore();
    const words = Array.from({ length: 200 }, (_, index) => String(index));
    const first = right(await add(handlerOn(store), { id: 'a', words }));
    const again = right(await add(handlerOn(store), { id: 'a', words }));
    expect(again).toStrictEqual({ ...first, repeated: true });
    expect(again.events).toStrictEqual(words.map(added));
  });
  it('is refused again although nothing would refuse it now', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    expect(await add(handler, { id: 'b', sizeMax: 1 })).toStrictEqual(tooLong(2, 1));
    for (const again of [handler, handlerOn(store)])
      expect(await add(again, { id: 'b', sizeMax: 9 })).toStrictEqual(tooLong(2, 1));
    expect(right(await handler.load(tally, STREAM)()).state.added).toStrictEqual(['a']);
  });
  it('together with itself is written once, and both are answered in order', async () => {
    const { store, appends } = watched(newStore());
    const handler = handlerOn(store);
    const order: string[] = [];
    const send = async (id: string): Promise<unknown> => {
      const answer = await add(handler, { id, words: [id, `${id}!`] });
      order.push(id);
      const { revision, position, repeated } = right(answer);
      return { revision, position, repeated };
    };
    expect(await Promise.all(['a', 'b', 'a', 'c'].map(send))).toStrictEqual([
      { revision: 1, position: 4, repeated: false },
      { revision: 3, position: 4, repeated: false },
      { revision: 1, position: 2, repeated: true },
      { revision: 5, position: 6, repeated: false },
    ]);
    expect(order).toStrictEqual(['a', 'b', 'a', 'c']);
    expect(appends.count).toBe(2);
  });
  it('was answered by another process meanwhile: that write was this one', async () => {
    const inner = newStore();
    const { store } = watched(inner, async () => {
      await add(handlerOn(inner), { id: 'a' });
    });
    const answers = await Promise.all(['a', 'b'].map((id) => add(handlerOn(store), { id })));
    expect(answers.map((answer) => right(answer).revision)).toStrictEqual([0, 1]);
    expect(wordsIn(await logOf(inner))).toStrictEqual(['a', 'b']);
  });
  it('is one command in each stream', async () => {
    const handler = handlerOn(newStore());
    await add(handler, { id: 'a' });
    const other = await add(handler, { id: 'a', stream: 'session-acme_s2' });
    expect(right(other).repeated).toBe(false);
  });
});

describe('a refusal', () => {
  it('is written into the stream that it is about, with its data', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    await add(handler, { id: 'b', sizeMax: 1 });
    const refused = (await logOf(store))[1];
    expect(refused?.type).toBe('CommandRefused');
    expect(JSON.parse(refused?.data ?? '')).toStrictEqual({
      command: 'Add',
      refusal: 'TooLong',
      detail: { size: 2, sizeMax: 1 },
    });
    expect(JSON.parse(refused?.metadata ?? '')).toStrictEqual({
      schema: 1,
      company: 'acme',
      actor: { kind: 'system', id: 'test' },
      commandId: 'b',
      correlationId: 'c',
      occurredAt: contextOf('b').now,
      ruleVersion: '2026-09-01',
    });
  });
  it('where no stream is, is answered but not written; later the command may be accepted', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    expect(await add(handler, { id: 'a', sizeMax: 0 })).toStrictEqual(tooLong(1, 0));
    expect(await logOf(store)).toStrictEqual([]);
    expect(right(await add(handler, { id: 'a', sizeMax: 1 })).revision).toBe(0);
  });
  it('is answered in the round in which the stream begins', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    const answers = await Promise.all([
      add(handler, { id: 'a', sizeMax: 0 }),
      add(handler, { id: 'b' }),
      add(handler, { id: 'c', sizeMax: 1 }),
    ]);
    expect(answers.map(E.isRight)).toStrictEqual([false, true, false]);
    expect(right(answers[1]).revision).toBe(0);
    expect((await logOf(store)).map(({ type }) => type)).toStrictEqual(['Added', 'CommandRefused']);
  });
});

describe('an accepted command that changes nothing', () => {
  const keeping = { words: [], keepsNoChange: true } as const;
  it('keeps that answer where it is told to, whatever has changed since', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    const first = right(await add(handler, { id: 'b', ...keeping }));
    expect(first).toStrictEqual({
      stream: STREAM,
      revision: 1,
      position: 2,
      events: [],
      repeated: false,
    });
    for (const again of [handler, handlerOn(store)])
      expect(right(await add(again, { id: 'b', words: ['late'] }))).toStrictEqual({
        ...first,
        repeated: true,
      });
    expect((await logOf(store)).map(({ type, data }) => `${type} ${data}`)).toStrictEqual([
      'Added {"word":"a","size":1}',
      'CommandChangedNothing {"command":"Add"}',
    ]);
    expect(right(await handlerOn(store).load(tally, STREAM)()).state.added).toStrictEqual(['a']);
  });
  it('leaves nothing where it is not, nor where no stream is', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    expect(right(await add(handler, { id: 'a', ...keeping })).revision).toBe(-1);
    await add(handler, { id: 'b' });
    await add(handler, { id: 'c', words: [] });
    expect(await logOf(store)).toHaveLength(1);
  });
});

describe('the log', () => {
  it('names the cause of a command where it has one', async () => {
    const store = newStore();
    await handlerOn(store).handle({
      aggregate: tally,
      stream: STREAM,
      context: { ...contextOf('a'), causationId: 'event-1' },
      command: 'Add',
      decide: () => E.right([added('a')]),
    })();
    const metadata: unknown = JSON.parse((await logOf(store))[0]?.metadata ?? '');
    expect(metadata).toMatchObject({ causationId: 'event-1' });
  });
});
