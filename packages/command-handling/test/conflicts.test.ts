import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
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
  type TallyAnswer,
} from './tally.js';

describe('when another process has written', () => {
  it('the stream is read again and the commands decided on what is there', async () => {
    const inner = newStore();
    const { store, appends } = watched(inner, async (append) => {
      if (append === 2) await writeOutside(inner, 'outside');
    });
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    const answers = await Promise.all([
      add(handler, { id: 'b', sizeMax: 3 }),
      add(handler, { id: 'c', sizeMax: 3 }),
      handler.load(tally, STREAM)().then(seen),
    ]);
    expect(answers).toStrictEqual([
      E.right({ stream: STREAM, revision: 2, position: 4, events: [added('b')], repeated: false }),
      E.left({ _tag: 'Refused', refusal: { _tag: 'TooLong', size: 4, sizeMax: 3 } }),
      { state: { added: ['a', 'outside', 'b'] }, revision: 3, position: 4 },
    ]);
    expect(wordsIn(await logOf(inner))).toStrictEqual(['a', 'outside', 'b']);
    expect(appends.count).toBe(3);
  });
  it('a command is tried eight times, then told so; nothing of it is written', async () => {
    const inner = newStore();
    const { store, appends } = watched(inner, async (append) => {
      await writeOutside(inner, `outside ${String(append)}`);
    });
    const handler = handlerOn(store);
    expect(await add(handler, { id: 'a' })).toStrictEqual(
      E.left({ _tag: 'TooManyConflicts', stream: STREAM, attempts: 8 }),
    );
    expect(appends.count).toBe(8);
    expect(wordsIn(await logOf(inner))).not.toContain('a');
  });
  it('each command has its own eight attempts', async () => {
    const inner = newStore();
    const late: Promise<TallyAnswer>[] = [];
    const { store, appends } = watched(inner, async (append) => {
      if (append <= 8) await writeOutside(inner, `outside ${String(append)}`);
      if (append === 8) late.push(add(handler, { id: 'late' }));
    });
    const handler = handlerOn(store);
    expect(E.isLeft(await add(handler, { id: 'a' }))).toBe(true);
    expect((await Promise.all(late)).map((answer) => right(answer).revision)).toStrictEqual([8]);
    expect(appends.count).toBe(9);
  });
  it('a command that had nothing to change is decided again on what is there now', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await add(handler, { id: 'a' });
    await writeOutside(store, 'b');
    const decide = ({ added: words }: { readonly added: readonly string[] }) =>
      E.right(words.includes('b') ? [added('seen')] : []);
    const answer = await handler.handle({
      aggregate: tally,
      stream: STREAM,
      context: contextOf('x'),
      command: 'See',
      decide,
    })();
    expect(right(answer).events).toStrictEqual([added('seen')]);
  });
  it('a refusal for want of a stream is looked at again', async () => {
    const store = newStore();
    const handler = handlerOn(store);
    await handler.load(tally, STREAM)();
    await writeOutside(store, 'b');
    const refused = { _tag: 'Refused', refusal: { _tag: 'TooLong', size: 2, sizeMax: 0 } };
    expect(await add(handler, { id: 'a', sizeMax: 0 })).toStrictEqual(E.left(refused));
    expect((await logOf(store)).map(({ type }) => type)).toStrictEqual(['Added', 'CommandRefused']);
  });
  it('two handlers lose and double nothing, and each answer names its place in the log', async () => {
    // Goal: many interleavings of two processes on one store. Method: every append first yields a
    // random number of turns, so rounds of both overlap; then the log is compared with the answers.
    const sent = fc.array(
      fc.record({
        second: fc.boolean(),
        id: fc.integer({ min: 0, max: 15 }),
        turns: fc.nat({ max: 3 }),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(sent, async (commands) => {
        const inner = newStore();
        const { store } = watched(inner, async (append) => {
          const turns = commands[append % Math.max(1, commands.length)]?.turns ?? 0;
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        });
        const handlers = [handlerOn(store), handlerOn(store)] as const;
        const answers = await Promise.all(
          commands.map(async ({ second, id }) => ({
            id: `c${String(id)}`,
            answer: await add(handlers[second ? 1 : 0], { id: `c${String(id)}`, sizeMax: 8 }),
          })),
        );
        const log = await logOf(inner);
        expect(log.map(({ revision }) => revision)).toStrictEqual([...log.keys()]);
        const kept = wordsIn(log);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept).toHaveLength(Math.min(8, new Set(commands.map(({ id }) => id)).size));
        for (const { id, answer } of answers) {
          if (E.isRight(answer)) expect(log[answer.right.revision]?.data).toContain(`"${id}"`);
          else expect(kept).not.toContain(id);
        }
        const loaded = seen(await handlerOn(inner).load(tally, STREAM)());
        for (const handler of handlers)
          expect(seen(await handler.load(tally, STREAM)())).toStrictEqual(loaded);
        expect(loaded.state.added).toStrictEqual(kept);
      }),
    );
  });
});
