import type { AllPage, EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { BrokerFailure, BrokerSession, LastMessage } from '../src/index.js';
import { makeProgress } from '../src/relay/progress.js';
import { publishPages } from '../src/relay/publish-pages.js';
import { standBack } from '../src/relay/stand-back.js';
import { appendEvents, emptyLog, quick, right } from './relay-set-up.js';
import { storedEvent } from './stored-events.js';

// Goal: a relay takes another's place only when it has seen twice that nothing moves, and never says that it has
// passed what is not stored. Method: the step alone, between a log in memory and a broker that the test speaks for.

type Answer = E.Either<BrokerFailure, void>;
type Page = E.Either<ReadError, AllPage>;

describe('passing', () => {
  const publishing = (pages: readonly AllPage[]) => {
    const answers: ((answer: Answer) => void)[] = [];
    const passed: unknown[] = [];
    const done = publishPages({
      session: {
        publish: () =>
          new Promise<Answer>((resolve) => {
            answers.push(resolve);
          }),
      },
      pages: (async function* (): AsyncGenerator<Page> {
        for (const page of pages) yield await Promise.resolve(E.right(page));
      })(),
      from: { sequence: 40, position: 6 },
      window: 16,
      on: {
        stored: () => undefined,
        unpublishable: () => undefined,
        inFlight: () => undefined,
        failed: () => undefined,
        passed: (position, isAll) => passed.push([position, isAll]),
      },
    });
    return { answers, passed, done };
  };
  const event = (position: number): StoredEvent =>
    storedEvent({ type: 'SessionEnded', data: { endedAt: 1 }, position });
  const page = (positions: readonly number[], checkpoint: number, caughtUp: boolean): AllPage => ({
    events: positions.map(event),
    checkpoint,
    caughtUp,
  });
  const sent = async (answers: readonly unknown[], count: number): Promise<void> => {
    while (answers.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  it('follows what is stored, message by message, and reaches a page’s end with its last one', async () => {
    const { answers, passed, done } = publishing([page([7, 9], 12, false), page([15], 20, true)]);
    await sent(answers, 3);
    expect(passed).toStrictEqual([]);
    for (const [index, expected] of [
      [[7, false]],
      [
        [7, false],
        [9, false],
      ],
    ].entries()) {
      answers[index]?.(E.right(undefined));
      await new Promise((resolve) => setImmediate(resolve));
      expect(passed).toStrictEqual(expected);
    }
    answers[2]?.(E.right(undefined));
    expect(await done).toBeUndefined();
    expect(passed.at(-1)).toStrictEqual([20, true]);
  });

  it('stays where it was when the broker refuses', async () => {
    const { answers, passed, done } = publishing([page([7, 9], 12, true)]);
    await sent(answers, 2);
    const lost: BrokerFailure = { _tag: 'BrokerUnavailable', message: 'TIMEOUT' };
    for (const answer of answers) answer(E.left(lost));
    expect(await done).toStrictEqual(lost);
    expect(passed).toStrictEqual([]);
  });

  it('needs no message where nothing is published', async () => {
    const { passed, done } = publishing([page([], 30, true)]);
    expect(await done).toBeUndefined();
    expect(passed).toStrictEqual([[30, true]]);
  });
});

describe('standing back', () => {
  let store: EventStore;
  let events: readonly StoredEvent[];

  beforeEach(async () => {
    store = emptyLog();
    const wanted = await appendEvents(store, 12);
    const found: StoredEvent[] = [];
    for await (const page of store.readAll())
      for (const event of right(page).events)
        if (wanted.includes(event.position)) found.push(event);
    events = found;
  });
  afterEach(() => store.close());

  const last = (index: number): LastMessage => {
    const { id, position } = events[index] ?? storedEvent({ type: 'SessionEnded', data: {} });
    const body = JSON.stringify({ id });
    const sequence = index + 1;
    return { sequence, subject: 'x', id: String(position), writer: 'other', vocabulary: 1, body };
  };

  /** Stands back from the first event on; the stream ends where the list says, look by look. */
  const lookingAt = async (ends: readonly number[]) => {
    let looks = 0;
    const from = last(0);
    const position = Number(from.id);
    const ended = await standBack({
      session: {
        tail: () => {
          const message = last(ends[looks] ?? ends.at(-1) ?? 0);
          looks += 1;
          return Promise.resolve(E.right({ lastSequence: message.sequence, last: message }));
        },
      } as Pick<BrokerSession, 'tail'> as BrokerSession,
      store,
      from: { sequence: 1, position, writer: 'other', vocabulary: 1 },
      waitMs: 1,
      random: () => 0,
      signal: new AbortController().signal,
      progress: makeProgress({ clock: () => 0, random: () => 0, settings: quick }),
      pause: () => Promise.resolve(),
    });
    return { looks, sequence: right(ended)?.sequence };
  };

  it('ends when the same event waits for two looks, not for one', async () => {
    expect(await lookingAt([0, 0])).toStrictEqual({ looks: 2, sequence: 1 });
  });

  it('goes on for as long as the stream moves between looks', async () => {
    expect(await lookingAt([1, 2, 4, 5, 5])).toStrictEqual({ looks: 5, sequence: 6 });
  });

  it('does not end where nothing waits', async () => {
    const end = events.length - 1;
    expect(await lookingAt([end, end, end, 3, 3])).toStrictEqual({ looks: 5, sequence: 4 });
  });
});
