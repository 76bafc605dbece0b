import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { prefersText } from '../src/accept.js';
import { fromCursor, pageOf } from '../src/cursor.js';
import { etagOf, revisionIn } from '../src/etag.js';
import { withIsoInstants } from '../src/iso-instants.js';

const INSTANT_MAX = 253_402_300_799_999;

describe('laws of the border', () => {
  test('pages hold every row once, in order, however long they are', () => {
    const rows = fc.uniqueArray(fc.nat(1_000), { maxLength: 60 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 10 }), (all, limit) => {
        const seen: number[] = [];
        let cursor: string | undefined;
        let pages = 0;
        do {
          const place = fromCursor<readonly [number]>(cursor, ['number']);
          const after = E.isRight(place) ? place.right?.[0] : undefined;
          const start = after === undefined ? 0 : all.indexOf(after) + 1;
          const page = pageOf(all.slice(start, start + limit + 1), limit, (row) => [row]);
          for (const row of page.items) seen.push(row);
          cursor = page.next ?? undefined;
          pages += 1;
        } while (cursor !== undefined);
        expect(seen).toStrictEqual(all);
        expect(pages).toBe(Math.max(1, Math.ceil(all.length / limit)));
      }),
    );
  });

  test('no word that somebody makes up is read as a place of another kind', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const place = fromCursor<readonly [number, string]>(word, ['number', 'string']);
        expect(E.isLeft(place) ? place.left.status : typeof place.right?.[0]).toBe(
          E.isLeft(place) ? 400 : 'number',
        );
      }),
    );
  });

  test('an instant keeps its millisecond, and nothing but instants changes', () => {
    const rest = fc.dictionary(
      fc.constantFrom('amount', 'revision', 'position', 'text', 'that', 'format', 'data'),
      fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: INSTANT_MAX }), rest, (instant, others) => {
        const value = { ...others, at: instant, list: [{ ...others, expiresAt: instant }] };
        const told = withIsoInstants(value) as { at: string; list: { expiresAt: string }[] };
        expect(Date.parse(told.at)).toBe(instant);
        const iso = new Date(instant).toISOString();
        expect(told).toStrictEqual({ ...value, at: iso, list: [{ ...others, expiresAt: iso }] });
      }),
    );
  });

  test('the ETag of a revision names that revision in If-Match', () => {
    fc.assert(
      fc.property(fc.nat(), (revision) => {
        const etag = etagOf({ status: 'active', revision });
        expect(revisionIn(etag)).toStrictEqual(E.right(revision));
        expect(E.isLeft(revisionIn(etagOf({ status: 'deleted', revision })))).toBe(true);
      }),
    );
  });

  test.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['text/plain', true],
    ['text/*', true],
    ['text/plain;q=0.5, application/json', false],
    ['text/plain, application/json;q=0.9', true],
    ['text/plain;q=0, */*', false],
    ['text/html, */*;q=0.8', false],
    ['text/plain, application/json', false],
    ['application/json;q=0.2, text/plain;q=0.5, */*;q=0.1', true],
  ])('Accept %j asks for text: %s', (accept, isText) => {
    expect(prefersText(accept)).toBe(isText);
  });
});
