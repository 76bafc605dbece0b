import type { AllPage, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { inDirectory, rightOrThrow, storedLog } from '../src/contract/index.js';
import { openProjection, openReadModel, type CorruptEvent } from '../src/index.js';
import { tally } from './tally.js';

const SECRET = 'what-the-customer-said';

const log = storedLog([
  { stream: 'device-acme_d1', type: 'DeviceEnrolled', data: { platform: 'windows' } },
  { stream: 'device-acme_d1', type: 'DeviceReleased', data: {} },
]);
const damaged = (change: Partial<StoredEvent>): AllPage => ({
  events: log.map((event, index) => (index === 0 ? { ...event, ...change } : event)),
  checkpoint: 2,
  caughtUp: true,
});
const corruptAt = (path: string, type = 'DeviceEnrolled'): E.Either<CorruptEvent, never> =>
  E.left({
    _tag: 'CorruptEvent',
    projection: 'tally',
    type,
    stream: 'device-acme_d1',
    revision: 0,
    position: 1,
    path,
  });

describe('a corrupt event stops the projection, named by its place and never by its content', () => {
  // Each of these stops the trusting mode too: the parser, the fold or a NOT NULL stumbles over it.
  it.each([
    ['data that is no JSON', { data: `{"platform": ${SECRET}` }, 'data (not JSON)'],
    ['data that is no object', { data: `"${SECRET}"` }, 'data (whole value)'],
    ['a missing field', { data: `{"other": "${SECRET}"}` }, 'data: platform'],
    ['a field of another type', { data: `{"platform": ["${SECRET}"]}` }, 'data: platform'],
    ['metadata that is no JSON', { metadata: SECRET }, 'metadata (not JSON)'],
    ['metadata without an actor', { metadata: `{"a": "${SECRET}"}` }, 'metadata: '],
  ])('when it has %s', (_, change, path) =>
    inDirectory((directory) => {
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const applied = projection.applyPage(damaged(change));
      expect(JSON.stringify(applied)).not.toContain(SECRET);
      if (E.isRight(applied) || applied.left._tag !== 'CorruptEvent')
        throw new Error('not stopped');
      expect(applied.left.path.startsWith(path)).toBe(true);
      expect(applied).toStrictEqual(corruptAt(applied.left.path));
      projection.close();
      return Promise.resolve();
    }),
  );

  it('leaves rows and checkpoint as they were, and goes on once the log is readable', () =>
    inDirectory((directory) => {
      const projection = rightOrThrow(openProjection(tally(), { directory }));
      const whole = damaged({});
      // The fold has written the first row when it asks for the metadata of the second event.
      const halfway = {
        ...whole,
        events: log.map((event, index) => (index === 1 ? { ...event, metadata: 'x' } : event)),
      };
      expect(E.isLeft(projection.applyPage(halfway))).toBe(true);
      expect(projection.position()).toBe(0);
      expect(projection.applyPage(whole)).toStrictEqual(E.right(2));
      const model = rightOrThrow(openReadModel(tally(), directory));
      expect(model.read(({ count }) => count('acme', 'd1')).answer).toBe(2);
      model.close();
      projection.close();
      return Promise.resolve();
    }));

  it('is found by full decoding even where the fold would not notice', () =>
    inDirectory((directory) => {
      const verifying = rightOrThrow(openProjection(tally(), { directory, verify: true }));
      const unnoticed = { metadata: '{"actor": {"id": "a"}}' };
      const applied = verifying.applyPage(damaged(unnoticed));
      expect(E.isLeft(applied) && applied.left._tag).toBe('CorruptEvent');
      const unknown = verifying.applyPage(damaged({ type: 'NeverHeardOf' }));
      expect(unknown).toStrictEqual(corruptAt('type (unknown)', 'NeverHeardOf'));
      const trusting = rightOrThrow(openProjection(tally(), { directory }));
      expect(trusting.applyPage(damaged(unnoticed))).toStrictEqual(E.right(2));
      verifying.close();
      trusting.close();
      return Promise.resolve();
    }));

  it('throws on a bug of the fold: that is no fault of the log', () =>
    inDirectory((directory) => {
      const broken = { ...tally(), open: () => ({ apply: () => JSON.parse('bug') as 'applied' }) };
      const projection = rightOrThrow(openProjection(broken, { directory }));
      expect(() => projection.applyPage(damaged({}))).toThrow(SyntaxError);
      projection.close();
      return Promise.resolve();
    }));
});
