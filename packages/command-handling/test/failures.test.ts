import * as E from 'fp-ts/lib/Either.js';
import type { EventStore } from '@daybook/event-store';
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
  wordsIn,
} from './tally.js';

const busy = { _tag: 'StoreUnavailable', reason: 'busy', message: 'Try again.' } as const;

const SECRET = 'my password is hunter2';
const ID = '00000000-0000-4000-8000-000000000001';

describe('when the store cannot write', () => {
  it('everybody who waits is told, and the next command works', async () => {
    const inner = newStore();
    let isDown = true;
    const append: EventStore['append'] = (...request) =>
      isDown ? () => Promise.resolve(E.left(busy)) : inner.append(...request);
    const handler = handlerOn({ ...inner, append });
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => add(handler, { id })));
    expect(answers).toStrictEqual([E.left(busy), E.left(busy), E.left(busy)]);
    isDown = false;
    expect(right(await add(handler, { id: 'b' })).revision).toBe(0);
    expect(wordsIn(await logOf(inner))).toStrictEqual(['b']);
  });
  it('what it wrote without saying so is found again', async () => {
    const inner = newStore();
    const append: EventStore['append'] =
      (...request) =>
      async () => {
        await inner.append(...request)();
        return E.left(busy);
      };
    const handler = handlerOn({ ...inner, append });
    expect(await add(handler, { id: 'a' })).toStrictEqual(E.left(busy));
    expect(right(await add(handler, { id: 'a' })).repeated).toBe(true);
    expect(await logOf(inner)).toHaveLength(1);
  });
  it('a load is still answered', async () => {
    const inner = newStore();
    const append: EventStore['append'] = () => () => Promise.resolve(E.left(busy));
    const handler = handlerOn({ ...inner, append });
    const [sent, loaded] = await Promise.all([
      add(handler, { id: 'a' }),
      handler.load(tally, STREAM)(),
    ]);
    expect(sent).toStrictEqual(E.left(busy));
    expect(right(loaded).revision).toBe(-1);
  });
  it('nor read, commands and loads are told', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    await store.close();
    const closed = await handler.load(tally, STREAM)();
    expect(closed).toMatchObject({ left: { _tag: 'StoreUnavailable', reason: 'closed' } });
    const fresh = handlerOn(store);
    const waiting = [add(fresh, { id: 'b' }), fresh.load(tally, STREAM)()];
    for (const answer of await Promise.all(waiting)) expect(answer).toStrictEqual(closed);
    expect(await add(handler, { id: 'n', words: [] })).toStrictEqual(closed);
  });
});

describe('an event that cannot be read', () => {
  const poisoned = async (type: string, data: string): Promise<unknown> => {
    const store = newStore();
    await add(handlerOn(store), { id: 'a' });
    await store.append(STREAM, 0, [{ id: ID, type, data, metadata: '{}' }])();
    const [sent, loaded] = await Promise.all([
      add(handlerOn(store), { id: 'b' }),
      handlerOn(store).load(tally, STREAM)(),
    ]);
    expect(sent).toStrictEqual(loaded);
    expect(JSON.stringify(sent)).not.toContain('hunter2');
    return E.isLeft(sent) ? sent.left : null;
  };
  const corrupt = { _tag: 'CorruptEvent', stream: STREAM, revision: 1 };

  it.each([
    ['Added', JSON.stringify({ word: SECRET, size: SECRET }), 'size'],
    ['Added', `{"word":"${SECRET}`, '(whole value)'],
    ['Removed', JSON.stringify({ word: SECRET }), '(unknown event type)'],
    ['constructor', JSON.stringify({ word: SECRET }), '(unknown event type)'],
    ['CommandRefused', JSON.stringify({ command: SECRET, refusal: 1, detail: {} }), 'refusal'],
  ])('%s is named by stream, revision and path, never shown', async (type, data, paths) => {
    expect(await poisoned(type, data)).toStrictEqual({ ...corrupt, type, paths });
  });
  it('is found in a repeated answer too', async () => {
    const inner = newStore();
    const handler = handlerOn({
      ...inner,
      async *readStream(stream, options) {
        for await (const page of inner.readStream(stream, options)) {
          if (E.isLeft(page)) yield page;
          else yield E.right({ events: page.right.events.map((one) => ({ ...one, data: '{}' })) });
        }
      },
    });
    await add(handler, { id: 'a' });
    expect(await add(handler, { id: 'a' })).toStrictEqual(
      E.left({ ...corrupt, revision: 0, type: 'Added', paths: 'word, size' }),
    );
  });
});

describe('a bug', () => {
  const thrower = (handler: ReturnType<typeof handlerOn>, id: string): Promise<unknown> =>
    handler.handle({
      aggregate: tally,
      stream: STREAM,
      context: contextOf(id),
      command: 'Add',
      decide: () => {
        throw new Error('a bug in decide');
      },
    })();

  it('in a decision is thrown at whoever sent it; nobody else waits or loses', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    const answers = await Promise.allSettled([
      add(handler, { id: 'a' }),
      thrower(handler, 'bug'),
      add(handler, { id: 'b' }),
      handler.load(tally, STREAM)(),
    ]);
    expect(answers.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(answers[1]).toStrictEqual({ status: 'rejected', reason: new Error('a bug in decide') });
    expect(wordsIn(await logOf(store))).toStrictEqual(['a', 'b']);
  });
  it.each([
    ['Removed', { word: 'x', size: 1 }, 'event Removed belongs to the stream'],
    ['Added', { word: 'x', size: 0.5 }, 'event Added has the shape'],
  ])(
    'that would write what cannot be read back (%s) writes nothing',
    async (type, data, message) => {
      const store = newStore();
      const handler = handlerOn(store);
      const sent = handler.handle({
        aggregate: tally,
        stream: STREAM,
        context: contextOf('bug'),
        command: 'Add',
        decide: () => E.right([added('good'), { type, data } as ReturnType<typeof added>]),
      })();
      await expect(sent).rejects.toThrow(message);
      expect(right(await handler.load(tally, STREAM)()).state.added).toStrictEqual([]);
      expect(await logOf(store)).toStrictEqual([]);
    },
  );
  it('in a fold is thrown at everybody who needs it', async () => {
    const store = newStore();
    await add(handlerOn(store), { id: 'a' });
    const handler = handlerOn(store);
    const broken = {
      ...tally,
      evolve: () => {
        throw new Error('a bug in evolve');
      },
    };
    const load = (): Promise<unknown> => handler.load(broken, STREAM)();
    for (const one of await Promise.allSettled([load(), load()]))
      expect(one).toStrictEqual({ status: 'rejected', reason: new Error('a bug in evolve') });
    await expect(load()).rejects.toThrow('a bug in evolve');
  });
  it('in what a reader takes is thrown at that reader', async () => {
    const handler = handlerOn(newStore());
    const reading = handler.read(tally, STREAM, () => {
      throw new Error('a bug in select');
    })();
    await expect(reading).rejects.toThrow('a bug in select');
    expect(E.isRight(await add(handler, { id: 'a' }))).toBe(true);
  });
  it('in an adapter is thrown at the commands of the append', async () => {
    const inner = newStore();
    let throws = true;
    const append: EventStore['append'] = (...request) =>
      throws ? () => Promise.reject(new Error('a bug in the store')) : inner.append(...request);
    const handler = handlerOn({ ...inner, append });
    await expect(add(handler, { id: 'a' })).rejects.toThrow('a bug in the store');
    throws = false;
    expect(right(await add(handler, { id: 'a' })).repeated).toBe(false);
  });
  it('in a stream name is thrown', async () => {
    const sent = add(handlerOn(newStore()), { id: 'a', stream: '' });
    await expect(sent).rejects.toThrow('The stream name is empty or not text.');
  });
});
