import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  copyLog,
  type CopyProgress,
  type CopyReport,
  type EventStore,
  type EventToAppend,
  makeInMemoryEventStore,
  START,
  type StoredEvent,
} from '../src/index.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const event = (n: number, overrides: Partial<EventToAppend> = {}): EventToAppend => ({
  id: idOf(n),
  type: `Type${String(n % 3)}`,
  data: `{ "n": ${String(n)}.0 }`,
  metadata: `{"ü":${String(n)}}`,
  ...overrides,
});

const emptyStore = (): EventStore => makeInMemoryEventStore({ clock: () => 1 });

const append = async (
  store: EventStore,
  stream: string,
  events: readonly EventToAppend[],
): Promise<void> => {
  let last: StoredEvent | undefined;
  for await (const page of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    if (E.isRight(page)) last = page.right.events[0];
  }
  const [first, ...rest] = events;
  if (first === undefined) throw new Error('nothing to append');
  const answer = await store.append(stream, last?.revision ?? 'no-stream', [first, ...rest])();
  if (E.isLeft(answer)) throw new Error(answer.left._tag);
};

/** A log of interleaved streams: `order` names the stream of each event. */
const storeWith = async (order: readonly number[]): Promise<EventStore> => {
  const store = emptyStore();
  for (const [n, stream] of order.entries())
    await append(store, `note-${String(stream)}`, [event(n)]);
  return store;
};

const logOf = async (store: EventStore): Promise<readonly unknown[]> => {
  const events: unknown[] = [];
  for await (const page of store.readAll()) {
    if (E.isLeft(page)) throw new Error(page.left._tag);
    for (const { id, type, data, metadata, stream, revision } of page.right.events) {
      events.push({ id, type, data, metadata, stream, revision });
    }
  }
  return events;
};

const copied = async (options: Parameters<typeof copyLog>[0]): Promise<CopyReport> => {
  const answer = await copyLog(options)();
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};

/** Fails every append after the first `count`, as a store does whose process was killed. */
const dyingAfter = (store: EventStore, count: number): EventStore => {
  let appends = 0;
  return {
    ...store,
    append: (...request) => {
      appends += 1;
      return appends <= count
        ? store.append(...request)
        : () =>
            Promise.resolve(
              E.left({ _tag: 'StoreUnavailable', reason: 'io', message: 'gone' } as const),
            );
    },
  };
};

const interleaved = Array.from({ length: 300 }, (_, n) => (n * 7) % 11);

describe('a copy of a log', () => {
  it('has every event of the source in its order, at its revision, byte for byte, and the same digest', async () => {
    const from = await storeWith(interleaved);
    const to = emptyStore();
    const report = await copied({ from, to });
    expect(await logOf(to)).toStrictEqual(await logOf(from));
    expect(report).toStrictEqual({ appended: 300, source: report.target, target: report.source });
    expect(report.target.events).toBe(300);
  });

  it('has a digest that anybody can compute from the lines of the log', async () => {
    const report = await copied({ from: await storeWith([0]), to: emptyStore() });
    // sha256 of ["note-0",0,"00000000-0000-4000-8000-000000000000","Type0","{ \"n\": 0.0 }","{\"ü\":0}"] and a newline
    expect(report.source).toStrictEqual({
      events: 1,
      sha256: '0733f93be261ab26807372414771eb8725f201d53dfec1a2f30e221a8eddf0c1',
    });
  });

  it('of an empty log is empty', async () => {
    const report = await copied({ from: emptyStore(), to: emptyStore() });
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(report).toStrictEqual({
      appended: 0,
      source: { events: 0, sha256 },
      target: { events: 0, sha256 },
    });
  });

  it('writes nothing when it is run again, and goes on behind what is there when the source has grown', async () => {
    const from = await storeWith(interleaved);
    const to = emptyStore();
    const first = await copied({ from, to });
    const again = await copied({ from, to });
    expect(again).toStrictEqual({ ...first, appended: 0 });
    await append(from, 'note-3', [event(1000), event(1001)]);
    expect((await copied({ from, to })).appended).toBe(2);
    expect(await logOf(to)).toStrictEqual(await logOf(from));
  });

  it('goes on where it was stopped, wherever that was', async () => {
    const from = await storeWith(interleaved.slice(0, 40));
    const whole = await copied({ from, to: emptyStore() });
    for (let appends = 0; appends <= 40; appends += 1) {
      const to = emptyStore();
      const stopped = await copyLog({ from, to: dyingAfter(to, appends) })();
      expect(E.isLeft(stopped) && stopped.left).toStrictEqual(
        appends === 40
          ? false
          : {
              _tag: 'TargetFailed',
              error: { _tag: 'StoreUnavailable', reason: 'io', message: 'gone' },
            },
      );
      const report = await copied({ from, to });
      expect(report).toStrictEqual({ ...whole, appended: 40 - appends });
    }
  });

  it('stops when it is asked to, between segments, and keeps what it has', async () => {
    const from = await storeWith(interleaved);
    const controller = new AbortController();
    controller.abort();
    const to = emptyStore();
    expect(await copyLog({ from, to, signal: controller.signal })()).toStrictEqual(
      E.left({ _tag: 'CopyStopped', verified: 0, appended: 0 }),
    );
    expect((await copied({ from, to })).appended).toBe(300);
  });

  it('tells how far it is in the source', async () => {
    const from = await storeWith(interleaved);
    const told: CopyProgress[] = [];
    await copied({ from, to: emptyStore(), onProgress: (progress) => told.push(progress) });
    expect(told).toStrictEqual([
      { verified: 0, appended: 0, sourcePosition: START, sourceHead: 300 },
      { verified: 300, appended: 300, sourcePosition: 300, sourceHead: 300 },
    ]);
  });

  it('is the log again after any order of streams', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 60 }), fc.nat(60), async (order, there) => {
        const from = await storeWith(order);
        const to = await storeWith(order.slice(0, there));
        const report = await copied({ from, to });
        expect(report.appended).toBe(order.length - Math.min(there, order.length));
        expect(report.source).toStrictEqual(report.target);
        expect(await logOf(to)).toStrictEqual(await logOf(from));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a copy into a target that holds something else', () => {
  const foreign: readonly (readonly [string, Partial<EventToAppend>])[] = [
    ['id', { id: idOf(99) }],
    ['type', { type: 'Other' }],
    ['data', { data: '{ "n": 2 }' }],
    ['metadata', { metadata: '{"ü": 2}' }],
  ];
  it.each(foreign)(
    'names stream and revision of another %s, and writes nothing',
    async (difference, overrides) => {
      const from = await storeWith([0, 1, 0, 0]);
      const to = await storeWith([0, 1]);
      await append(to, 'note-0', [event(2, overrides)]);
      const before = await logOf(to);
      expect(await copyLog({ from, to })()).toStrictEqual(
        E.left({ _tag: 'TargetDiffers', stream: 'note-0', revision: 1, difference }),
      );
      expect(await logOf(to)).toStrictEqual(before);
    },
  );

  it('takes another order for another log', async () => {
    const from = await storeWith([0, 1]);
    const to = emptyStore();
    await append(to, 'note-1', [event(1)]);
    expect(await copyLog({ from, to })()).toStrictEqual(
      E.left({ _tag: 'TargetDiffers', stream: 'note-1', revision: 0, difference: 'stream' }),
    );
  });

  it('names the first event that the source does not have', async () => {
    const from = await storeWith([0, 1]);
    const to = await storeWith([0, 1, 1]);
    expect(await copyLog({ from, to })()).toStrictEqual(
      E.left({ _tag: 'TargetDiffers', stream: 'note-1', revision: 1, difference: 'not-in-source' }),
    );
  });

  it('finds a writer who comes between', async () => {
    const from = await storeWith([0, 1, 0, 1]);
    const target = emptyStore();
    const to: EventStore = {
      ...target,
      append: (stream, expected, events) => () => {
        const comesBetween = stream === 'note-0' && expected === 0;
        if (comesBetween) void target.append('other-1', 'no-stream', [event(77)])();
        return target.append(stream, expected, events)();
      },
    };
    expect(await copyLog({ from, to })()).toStrictEqual(
      E.left({ _tag: 'TargetDiffers', stream: 'other-1', revision: 0, difference: 'stream' }),
    );
  });

  it('finds a stream that somebody else has begun', async () => {
    const from = await storeWith([0, 1]);
    const target = emptyStore();
    const to: EventStore = {
      ...target,
      append: (stream, expected, events) => async () => {
        if (stream === 'note-1') await append(target, 'note-1', [event(77)]);
        return target.append(stream, expected, events)();
      },
    };
    expect(await copyLog({ from, to })()).toStrictEqual(
      E.left({ _tag: 'TargetDiffers', stream: 'note-1', revision: 0, difference: 'not-in-source' }),
    );
  });
});

describe('a copy whose source fails', () => {
  it('says so', async () => {
    const from = await storeWith([0]);
    await from.close();
    expect(await copyLog({ from, to: emptyStore() })()).toStrictEqual(
      E.left({
        _tag: 'SourceFailed',
        error: {
          _tag: 'StoreUnavailable',
          reason: 'closed',
          message: 'The event store is closed.',
        },
      }),
    );
  });
});
