import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEventType } from '@daybook/domain/all-events';
import type { StoredEvent } from '@daybook/event-store';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { catchUp } from '../catch-up.js';
import type { ProjectionDefinition } from '../definition.js';
import { digest, dump } from '../dump.js';
import { openProjection, type Projection } from '../projection.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import { rebuild } from '../rebuild.js';
import { storedLog, storeWith, type LogEntry } from './log.js';

/** Runs with a directory of its own, which is removed afterwards. */
export const inDirectory = async <A>(use: (directory: string) => Promise<A>): Promise<A> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-projection-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

export const rightOrThrow = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(`Unexpected failure: ${JSON.stringify(either.left)}`);
  return either.right;
};

/** A read model of a log, for tests of its queries. `use` may append nothing: the model is already filled. */
export const withReadModel = <Type extends StoredEventType, Queries, A>(
  definition: ProjectionDefinition<Type, Queries>,
  entries: readonly LogEntry[],
  use: (model: ReadModel<Queries>) => A | Promise<A>,
): Promise<A> =>
  inDirectory(async (directory) => {
    const store = await storeWith(entries);
    const projection = rightOrThrow(openProjection(definition, { directory, verify: true }));
    rightOrThrow(await catchUp(projection, store)());
    const model = rightOrThrow(openReadModel(definition, directory));
    try {
      return await use(model);
    } finally {
      model.close();
      projection.close();
    }
  });

/** Where a page ends, whether it is delivered twice, and whether the process restarts after it. */
type Delivery = Readonly<{ size: number; overlap: number; again: boolean; restart: boolean }>;

const anyDeliveries: fc.Arbitrary<readonly Delivery[]> = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 7 }),
    overlap: fc.integer({ min: 0, max: 3 }),
    again: fc.boolean(),
    restart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

const deliver = (projection: Projection, events: readonly StoredEvent[]): void => {
  const last = events.at(-1);
  if (last === undefined) return;
  const page = { events, checkpoint: last.position, caughtUp: false };
  rightOrThrow(projection.applyPage(page));
};

const digestOfDeliveries = (
  definition: ProjectionDefinition<StoredEventType, unknown>,
  log: readonly StoredEvent[],
  deliveries: readonly Delivery[],
): Promise<string> =>
  inDirectory(async (directory) => {
    let projection = rightOrThrow(openProjection(definition, { directory }));
    for (let start = 0, turn = 0; start < log.length; turn += 1) {
      const { size, overlap, again, restart } = deliveries[turn % deliveries.length] as Delivery;
      const page = log.slice(Math.max(0, start - overlap), start + size);
      deliver(projection, page);
      if (again) deliver(projection, page);
      if (restart) {
        projection.close();
        projection = rightOrThrow(openProjection(definition, { directory }));
      }
      start += size;
    }
    try {
      return await digest(dump(projection));
    } finally {
      projection.close();
    }
  });

const WHOLE_LOG: readonly Delivery[] = [
  { size: 1_000_000, overlap: 0, again: false, restart: false },
];

/**
 * The laws of a projection, over logs that the caller makes up. The log may be any order of well-formed
 * events: a projection tolerates what it did not see begin.
 */
export const describeProjectionLaws = <Type extends StoredEventType, Queries>(
  definition: ProjectionDefinition<Type, Queries>,
  anyLog: fc.Arbitrary<readonly LogEntry[]>,
  runs = 25,
): void => {
  const handled = (entries: readonly LogEntry[]): readonly StoredEvent[] =>
    storedLog(entries).filter(({ type }) => definition.handles.includes(type as Type));
  const anyDefinition = definition as unknown as ProjectionDefinition<StoredEventType, unknown>;

  describe(`laws of ${definition.name}`, () => {
    // Goal: page boundaries, redelivery and restarts leave no trace. Method: compare dumps with one big page.
    it('gives the same rows whatever the pages, the repeats and the restarts', () =>
      fc.assert(
        fc.asyncProperty(anyLog, anyDeliveries, async (entries, deliveries) => {
          const log = handled(entries);
          expect(await digestOfDeliveries(anyDefinition, log, deliveries)).toBe(
            await digestOfDeliveries(anyDefinition, log, WHOLE_LOG),
          );
        }),
        { numRuns: runs },
      ));

    it('gives the same rows when it is rebuilt from the store', () =>
      fc.assert(
        fc.asyncProperty(anyLog, async (entries) =>
          inDirectory(async (directory) => {
            const store = await storeWith(entries);
            const projection = rightOrThrow(openProjection(definition, { directory }));
            rightOrThrow(await catchUp(projection, store)());
            const filled = await digest(dump(projection));
            rightOrThrow(await rebuild(definition, store, { directory, verify: true })());
            rightOrThrow(projection.reopen());
            expect(await digest(dump(projection))).toBe(filled);
            projection.close();
          }),
        ),
        { numRuns: runs },
      ));
  });
};
