import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { CreditAccountSnapshotCodec, snapshotOf } from '../../src/credits/index.js';
import { decodeWith } from '../../src/kernel/index.js';
import { foldAll, history } from './arbitraries.js';

describe('The codec of a stored snapshot', () => {
  it('reads back every snapshot as it was written', () => {
    fc.assert(
      fc.property(history, (events) => {
        const snapshot = snapshotOf(foldAll(events));
        const stored: unknown = JSON.parse(JSON.stringify(snapshot));
        expect(decodeWith(CreditAccountSnapshotCodec, stored)).toStrictEqual(E.right(snapshot));
      }),
    );
  });

  it('refuses a snapshot that lacks a part, so that nobody folds on from half an account', () => {
    const whole: Record<string, unknown> = { ...snapshotOf(foldAll([])) };
    for (const missing of Object.keys(whole)) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== missing));
      expect(E.isLeft(decodeWith(CreditAccountSnapshotCodec, rest))).toBe(true);
    }
  });
});
