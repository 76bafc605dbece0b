import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import type { Aggregate, CommandHandler } from '../src/index.js';
import { newShelf, type Shelf } from './snapshot-shelf.js';
import {
  add,
  added,
  contextOf,
  handlerOn,
  newStore,
  right,
  seen,
  STREAM,
  tally,
  writeOutside,
  type Added,
  type Tally,
  type TooLong,
} from './tally.js';

// Goal: a snapshot saves reading and changes nothing else. Method: the same commands with snapshots and
// restarts as without either, while snapshots are lost, damaged, outdated and taken from another log.

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string');

/** Counts what is folded, to see what a snapshot saves. */
const countedTally = (
  everyEvents: number,
  version = 1,
): Readonly<{ aggregate: Aggregate<Tally, Added>; folded: () => number }> => {
  let folded = 0;
  const aggregate: Aggregate<Tally, Added> = {
    ...tally,
    evolve: (state, event) => {
      folded += 1;
      return tally.evolve(state, event);
    },
    snapshots: {
      version,
      everyEvents,
      encode: ({ added: words }) => [words.slice(0, 2), words.slice(2)],
      decode: (parts) => (parts.every(isWords) ? { added: parts.flat() } : null),
    },
  };
  return { aggregate, folded: () => folded };
};

type Sent = Readonly<{ id: string; words: number; sizeMax: number }>;

const send = (handler: CommandHandler, aggregate: Aggregate<Tally, Added>, sent: Sent) =>
  handler.handle({
    aggregate,
    stream: STREAM,
    context: contextOf(sent.id),
    command: 'Add',
    decide: ({ added: before }): E.Either<TooLong, readonly Added[]> => {
      const size = before.length + sent.words;
      const { sizeMax } = sent;
      return size > sizeMax
        ? E.left({ _tag: 'TooLong', size, sizeMax })
        : E.right(Array.from({ length: sent.words }, (_, n) => added(`${sent.id}.${n}.${size}`)));
    },
  })();

/** Long enough for a snapshot to be written beside the commands. */
const written = async (): Promise<void> => {
  for (let turns = 0; turns < 12; turns += 1) await turn();
};

const many = (first: number, count: number): readonly Sent[] =>
  Array.from({ length: count }, (_, n) => ({ id: `c${first + n}`, words: 1, sizeMax: 999 }));

const filled = async (): Promise<
  Readonly<{ store: ReturnType<typeof newStore>; shelf: Shelf }>
> => {
  const [store, shelf] = [newStore(), newShelf()];
  const handler = handlerOn(store, { snapshots: shelf });
  for (const sent of many(0, 25)) {
    await send(handler, countedTally(10).aggregate, sent);
    await written();
  }
  return { store, shelf };
};

describe('a snapshot', () => {
  it('saves a new process from folding what came before it', async () => {
    const { store, shelf } = await filled();
    expect(shelf.kept.map(({ head }) => head.revision)).toStrictEqual([9, 19]);
    const { aggregate, folded } = countedTally(10);
    const restarted = handlerOn(store, { snapshots: shelf });
    const loaded = seen(await restarted.load(aggregate, STREAM)());
    expect(loaded).toStrictEqual(seen(await handlerOn(store).load(tally, STREAM)()));
    expect(folded()).toBe(5);
    expect(shelf.problems).toStrictEqual([]);
  });
  it('keeps the commands before it answered', async () => {
    const { store, shelf } = await filled();
    const { aggregate } = countedTally(10);
    const restarted = handlerOn(store, { snapshots: shelf });
    const again = right(await send(restarted, aggregate, { id: 'c3', words: 7, sizeMax: 999 }));
    expect(again).toStrictEqual({
      stream: STREAM,
      revision: 3,
      position: 4,
      events: [added('c3.0.4')],
      repeated: true,
    });
    const loaded = right(await restarted.load(aggregate, STREAM)());
    expect(['c3', 'c24', 'c25'].map(loaded.isAnswered)).toStrictEqual([true, true, false]);
  });
  it('is used again after a conflict, instead of the whole stream', async () => {
    const { store, shelf } = await filled();
    const { aggregate, folded } = countedTally(10);
    const handler = handlerOn(store, { snapshots: shelf });
    await handler.load(aggregate, STREAM)();
    await writeOutside(store, 'elsewhere');
    const answer = await send(handler, aggregate, { id: 'late', words: 1, sizeMax: 999 });
    expect(right(answer).revision).toBe(26);
    // Five when loaded, one in vain, six from the snapshot on, and one that was written.
    expect(folded()).toBe(13);
  });
  it('is due again only when the stream has grown by an eighth', async () => {
    const [store, shelf] = [newStore(), newShelf()];
    const handler = handlerOn(store, { snapshots: shelf });
    for (const sent of many(0, 24)) {
      await send(handler, countedTally(2).aggregate, { ...sent, words: 8 });
      await written();
    }
    const revisions = shelf.kept.map(({ head }) => head.revision);
    expect(revisions).toStrictEqual([
      7, 15, 23, 31, 39, 47, 55, 63, 71, 87, 103, 119, 135, 159, 183,
    ]);
  });
});

describe('a snapshot that cannot be trusted', () => {
  const loadedWith = async (spoil: (shelf: Shelf) => void, version = 1): Promise<unknown> => {
    const { store, shelf } = await filled();
    spoil(shelf);
    const { aggregate, folded } = countedTally(1_000, version);
    const restarted = handlerOn(store, { snapshots: shelf });
    const loaded = seen(await restarted.load(aggregate, STREAM)());
    expect(loaded).toStrictEqual(seen(await handlerOn(store).load(tally, STREAM)()));
    const problems = shelf.problems.map(({ revision, problem }) => `${revision} ${problem}`);
    return { problems, folded: folded() };
  };
  it('is passed over for the one before it', async () => {
    const spoil = ({ kept }: Shelf): void => void kept[1]?.texts.splice(1, 1, '["x"]');
    expect(await loadedWith(spoil)).toStrictEqual({ problems: ['19 damaged'], folded: 15 });
  });
  it('is passed over when it lacks a part', async () => {
    const spoil = ({ kept }: Shelf): void => void kept[1]?.texts.pop();
    expect(await loadedWith(spoil)).toStrictEqual({ problems: ['19 damaged'], folded: 15 });
  });
  it('is passed over when its head says more than was folded', async () => {
    const spoil = ({ kept }: Shelf): void => {
      const [, last] = kept;
      if (last !== undefined) last.head = { ...last.head, revision: 20 };
    };
    const answer = { problems: ['20 not-of-this-log'], folded: 15 };
    expect(await loadedWith(spoil)).toStrictEqual(answer);
  });
  it('is passed over when it is of another version', async () => {
    const problems = ['19 other-version', '9 other-version'];
    expect(await loadedWith(() => undefined, 2)).toStrictEqual({ problems, folded: 25 });
  });
  it('is passed over when it is ahead of the log', async () => {
    const { shelf } = await filled();
    const store = newStore();
    for (const sent of many(0, 5)) await send(handlerOn(store), tally, sent);
    const { aggregate, folded } = countedTally(10);
    const handler = handlerOn(store, { snapshots: shelf });
    expect(seen(await handler.load(aggregate, STREAM)()).revision).toBe(4);
    expect(folded()).toBe(5);
    expect(shelf.problems.map(({ problem }) => problem)).toStrictEqual([
      'not-of-this-log',
      'not-of-this-log',
    ]);
  });
  it('is passed over when another log has the same event ids', async () => {
    const { shelf } = await filled();
    const store = newStore();
    // The same command ids give the same event ids; what they did was something else.
    for (const { id } of many(0, 25)) await add(handlerOn(store), { id, words: ['other'] });
    const { aggregate } = countedTally(10);
    const handler = handlerOn(store, { snapshots: shelf });
    const loaded = seen(await handler.load(aggregate, STREAM)());
    expect(loaded).toStrictEqual(seen(await handlerOn(store).load(tally, STREAM)()));
    expect(shelf.problems.map(({ problem }) => problem)).toStrictEqual(['damaged', 'damaged']);
  });
  it('is not needed where its store is broken, to read or to write', async () => {
    const { store, shelf } = await filled();
    const broken = (): never => {
      throw new Error('disk I/O error');
    };
    const { aggregate, folded } = countedTally(10);
    const snapshots = { ...shelf, store: { ...shelf.store, latest: broken, addPart: broken } };
    const handler = handlerOn(store, { snapshots });
    expect(right(await send(handler, aggregate, { id: 'c3', words: 1, sizeMax: 9 })).repeated).toBe(
      true,
    );
    await written();
    expect(folded()).toBe(25);
    expect(shelf.problems.map(({ problem }) => problem)).toStrictEqual([
      'unreadable',
      'not-written',
    ]);
  });
});

type Step =
  | Readonly<{ kind: 'send'; sent: Sent }>
  | Readonly<{ kind: 'restart'; lose: number; damage: number }>;

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        sent: fc.record({
          id: fc.integer({ min: 0, max: 40 }).map((n) => `c${n}`),
          words: fc.integer({ min: 0, max: 3 }),
          sizeMax: fc.integer({ min: 5, max: 60 }),
        }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('restart' as const),
        lose: fc.nat(),
        damage: fc.nat(),
      }),
    },
  ),
  { minLength: 20, maxLength: 80 },
);

/** Each bit decides about one snapshot. */
const spoil = ({ kept }: Shelf, { lose, damage }: Extract<Step, { kind: 'restart' }>): void => {
  const all = kept.splice(0);
  all.forEach((one, at) => {
    if (((lose >> (at % 31)) & 1) === 1) return;
    if (((damage >> (at % 31)) & 1) === 1) one.texts[at % one.texts.length] = '["other"]';
    kept.push(one);
  });
};

describe('answers', () => {
  it('are the same bytes whatever is lost, damaged or outdated of the snapshots', async () => {
    const law = async (script: readonly Step[]): Promise<void> => {
      const [plain, log, shelf] = [newStore(), newStore(), newShelf()];
      const steady = handlerOn(plain);
      const { aggregate } = countedTally(3);
      let restarting = handlerOn(log, { snapshots: shelf });
      for (const step of script) {
        if (step.kind === 'restart') {
          spoil(shelf, step);
          restarting = handlerOn(log, { snapshots: shelf });
          continue;
        }
        const expected = JSON.stringify(await send(steady, tally, step.sent));
        expect(JSON.stringify(await send(restarting, aggregate, step.sent))).toBe(expected);
        if (step.sent.words === 1) await written();
      }
    };
    await fc.assert(fc.asyncProperty(steps, law), { numRuns: 60 });
  });
});
