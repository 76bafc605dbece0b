import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { Aggregate } from '../src/index.js';
import {
  add,
  added,
  contextOf,
  handlerOn,
  logOf,
  newStore,
  right,
  seen,
  STREAM,
  tally,
  watched,
  wordsIn,
  writeOutside,
  type Added,
} from './tally.js';

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `w${String(index)}`);

describe('commands for one stream that arrive together', () => {
  it('are decided in order, written in a few appends, and answered in order', async () => {
    const { store, appends } = watched(newStore());
    const handler = handlerOn(store);
    const order: string[] = [];
    const answers = await Promise.all(
      names(1000).map(async (id) => {
        const answer = right(await add(handler, { id }));
        order.push(id);
        return answer;
      }),
    );
    expect(order).toStrictEqual(names(1000));
    expect(answers.map(({ revision }) => revision)).toStrictEqual([...names(1000).keys()]);
    expect(answers[0]).toStrictEqual({
      stream: STREAM,
      revision: 0,
      // A reader that has come so far has seen the whole append.
      position: 512,
      events: [added('w0')],
      repeated: false,
    });
    expect(wordsIn(await logOf(store))).toStrictEqual(names(1000));
    // 512 events to an append.
    expect(appends.count).toBe(2);
  });
  it('keep their order when others come while a round is being filled', async () => {
    const inner = newStore();
    const late: Promise<unknown>[] = [];
    const order: string[] = [];
    const readStream: typeof inner.readStream = (stream, options) => {
      if (options?.from === 0 && order.length > 0) late.push(send('late'));
      return inner.readStream(stream, options);
    };
    const handler = handlerOn({ ...inner, readStream });
    const send = async (id: string): Promise<void> => {
      await add(handler, { id });
      order.push(id);
    };
    await send('known');
    const ids = ['first', 'known', ...names(600)];
    await Promise.all(ids.map(send));
    await Promise.all(late);
    expect(order).toStrictEqual(['known', ...ids, 'late']);
  });
  it('are folded once: the stream is read a single time', async () => {
    const inner = newStore();
    await writeOutside(inner, 'before');
    let reads = 0;
    const readStream: typeof inner.readStream = (stream, options) => {
      reads += 1;
      return inner.readStream(stream, options);
    };
    const handler = handlerOn({ ...inner, readStream });
    await Promise.all(names(50).map((id) => add(handler, { id })));
    expect(reads).toBe(1);
  });
  it('see each other, so that only the first of two takes what is there once', async () => {
    const handler = handlerOn(newStore());
    await add(handler, { id: 'a' });
    const [first, second] = await Promise.all([
      add(handler, { id: 'b', sizeMax: 2 }),
      add(handler, { id: 'c', sizeMax: 2 }),
    ]);
    expect(E.isRight(first)).toBe(true);
    expect(second).toStrictEqual(
      E.left({ _tag: 'Refused', refusal: { _tag: 'TooLong', size: 3, sizeMax: 2 } }),
    );
  });
  it('are all answered when one changes nothing, and each knows its revision', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    const answers = await Promise.all([
      add(handler, { id: 'none', words: [] }),
      add(handler, { id: 'two', words: ['x', 'y'] }),
      add(handler, { id: 'nothing', words: [] }),
    ]);
    expect(answers.map((answer) => right(answer).revision)).toStrictEqual([-1, 1, 1]);
    expect(await logOf(store)).toHaveLength(2);
  });
});

describe('a load', () => {
  it('sees the commands that were sent before it, however many', async () => {
    const { store } = watched(newStore());
    const handler = handlerOn(store);
    const commands = names(1500).map((id) => add(handler, { id }));
    const loaded = right(await handler.load(tally, STREAM)());
    expect(loaded.state.added).toStrictEqual(names(1500));
    expect(loaded.revision).toBe(1499);
    expect(loaded.position).toBe(1500);
    await Promise.all(commands);
  });
  it('of a stream that is not there says so', async () => {
    const loaded = await handlerOn(newStore()).load(tally, STREAM)();
    expect(seen(loaded)).toStrictEqual({ state: { added: [] }, revision: -1, position: 0 });
  });
  it('sees what another process wrote since the fold was kept', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    await writeOutside(store, 'b');
    const loaded = await handler.load(tally, STREAM)();
    expect(seen(loaded)).toStrictEqual({ state: { added: ['a', 'b'] }, revision: 1, position: 2 });
  });
  it('looks at memory alone for the only writer', async () => {
    const store = newStore();
    const handler = handlerOn(store, { soleWriter: true });
    await add(handler, { id: 'a' });
    await writeOutside(store, 'b');
    const loaded = await handler.load(tally, STREAM)();
    expect(seen(loaded)).toStrictEqual({ state: { added: ['a'] }, revision: 0, position: 1 });
  });
  it('knows which commands have been answered', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a', words: ['x', 'y'] });
    await add(handler, { id: 'refused', sizeMax: 0 });
    for (const one of [handler, handlerOn(store)]) {
      const { isAnswered } = right(await one.load(tally, STREAM)());
      expect(['a', 'refused', 'b'].map(isAnswered)).toStrictEqual([true, true, false]);
    }
  });
  it('takes its part of a state that changes in place exactly at its revision', async () => {
    const inPlace: Aggregate<{ added: string[] }, Added> = {
      events: tally.events,
      initialState: () => ({ added: [] }),
      evolve: (state, event) => {
        state.added.push(event.data.word);
        return state;
      },
    };
    const { store } = watched(newStore());
    const handler = handlerOn(store);
    const send = (id: string): Promise<unknown> =>
      handler.handle({
        aggregate: inPlace,
        stream: STREAM,
        context: contextOf(id),
        command: 'Add',
        decide: () => E.right([added(id)]),
      })();
    const sent = [send('a'), send('b')];
    const reading = handler.read(inPlace, STREAM, (state) => state.added.join())();
    await Promise.all(sent);
    sent.push(send('c'));
    expect(seen(await reading)).toStrictEqual({ state: 'a,b', revision: 1, position: 2 });
    await Promise.all(sent);
  });
});

describe('memory', () => {
  it('never costs a command: with room for one fold, all commands of all streams are kept', async () => {
    const command = fc.tuple(fc.constantFrom('1', '2', '3'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
        const { store } = watched(newStore());
        const handler = handlerOn(store, { streamsMax: 1 });
        const expected = new Map<string, string[]>();
        const answers: Promise<unknown>[] = [];
        for (const [index, [name, pause]] of commands.entries()) {
          const stream = `session-acme_${name}`;
          const id = `c${String(index)}`;
          expected.set(stream, [...(expected.get(stream) ?? []), id]);
          const answer = add(handler, { id, stream }).then(right);
          answers.push(answer);
          if (pause) await answer;
        }
        await Promise.all(answers);
        for (const [stream, words] of expected)
          expect(wordsIn(await logOf(store, stream))).toStrictEqual(words);
      }),
    );
  });
  it('keeps a stream whose commands are under way, so that it is folded once', async () => {
    const inner = newStore();
    let reads = 0;
    const readStream: typeof inner.readStream = (stream, options) => {
      reads += 1;
      return inner.readStream(stream, options);
    };
    const handler = handlerOn({ ...inner, readStream }, { streamsMax: 1 });
    const first = add(handler, { id: 'a', stream: 'session-acme_1' });
    const second = add(handler, { id: 'b', stream: 'session-acme_2' });
    const third = add(handler, { id: 'c', stream: 'session-acme_2' });
    await Promise.all([first, second, third]);
    expect(reads).toBe(2);
  });
  it('is given back: a fold that was pushed out is read again', async () => {
    const inner = newStore();
    const reads: string[] = [];
    const readStream: typeof inner.readStream = (stream, options) => {
      reads.push(stream);
      return inner.readStream(stream, options);
    };
    const handler = handlerOn({ ...inner, readStream }, { streamsMax: 1 });
    for (const [index, stream] of [
      'session-a_1',
      'session-a_2',
      'session-a_2',
      'session-a_1',
    ].entries()) {
      right(await add(handler, { id: String(index), stream }));
      await nextTurn();
    }
    expect(reads).toStrictEqual(['session-a_1', 'session-a_2', 'session-a_1']);
  });
});
