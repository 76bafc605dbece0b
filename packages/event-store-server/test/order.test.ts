/** Appends in flight reach the log in the order in which they came, whatever each has to look up before. */
import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { makeDeletes } from '../src/deletes.js';
import { makeStreamStates } from '../src/stream-states.js';
import type { Target } from '../src/wire/append-request.js';
import { makeWrites } from '../src/writes.js';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const event = (n: number) => ({ id: id(n), type: 'NoteTaken', data: '{}', metadata: '{}' });

/** Looking up takes as many turns as the script says, one number after the other. */
const slow = (store: EventStore, script: readonly number[]): EventStore => {
  let calls = 0;
  return {
    ...store,
    async *readStream(stream, options) {
      calls += 1;
      const turns = script[calls % script.length] ?? 0;
      for (let turn = 0; turn < turns; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      yield* store.readStream(stream, options);
    },
  };
};

const logOf = async (store: EventStore): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const page of store.readAll({ filter: { types: ['NoteTaken'] } })) {
    if (E.isRight(page)) for (const read of page.right.events) ids.push(read.id);
  }
  return ids;
};

/** To `gone` nothing can be written, to `deleted` nothing before it lives again; the rest exist or do not. */
const streams = ['gone', 'deleted', '$$note-1', 'note-1', 'note-2', 'note-3', 'note-4'] as const;

const prepared = async (script: readonly number[]) => {
  const inner = makeInMemoryEventStore({ clock: () => 1 });
  const store = slow(inner, script);
  const states = makeStreamStates(store);
  const writes = makeWrites(store, states);
  const deletes = makeDeletes({ store, states, writes });
  await deletes.tombstone({ stream: 'gone', expected: 'any' });
  const old = { ...event(0), type: 'Old' };
  await writes.append({ stream: 'deleted', expected: 'no-stream' }, [old]);
  await deletes.softDelete({ stream: 'deleted', expected: 'any' });
  return { inner, writes, close: states.close };
};

const asked = fc.record({
  stream: fc.constantFrom(...streams),
  isWrong: fc.boolean(),
});

it('appends stand in the log as they came, and each one is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 7 }),
      async (appends, script) => {
        const { inner, writes, close } = await prepared(script);
        const next = new Map<string, number>();
        const inOrder: string[] = [];
        const answers = appends.map(({ stream, isWrong }, n) => {
          const revision = next.get(stream) ?? 0;
          const exact = revision === 0 ? 'no-stream' : revision - 1;
          const right: Target['expected'] = stream < 'note-3' ? exact : 'any';
          const expected = isWrong ? 900 : right;
          // What is written to metadata and to what was deleted has no place in the order.
          if (stream.startsWith('note') && !isWrong) {
            next.set(stream, revision + 1);
            inOrder.push(id(n + 1));
          }
          return writes.append({ stream, expected }, [event(n + 1)]);
        });
        await Promise.all(answers);
        const found = new Set(inOrder);
        expect((await logOf(inner)).filter((one) => found.has(one))).toStrictEqual(inOrder);
        close();
        await inner.close();
      },
    ),
    { numRuns: 300 },
  );
});
