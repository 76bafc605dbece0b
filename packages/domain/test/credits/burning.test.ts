import fc from 'fast-check';
import { compareBurnOrder, lotFiguresAt } from '../../src/credits/index.js';
import { commands, historyOf } from './arbitraries.js';

// Goal: the list that payers are searched in holds every lot with unallocated credits, once, in burn
// order, after every event. Method: it is made again from the lots and compared.

const NEVER_ENDED = 0;

describe('The list of lots that can pay', () => {
  it('is every lot with unallocated credits in burn order, at every step', () => {
    fc.assert(
      fc.property(commands, (run) => {
        historyOf(run, (account) => {
          const left = new Set(
            lotFiguresAt(account, NEVER_ENDED)
              .filter(({ available }) => available > 0)
              .map(({ lotId }) => lotId),
          );
          const expected = [...account.lots.values()]
            .filter(({ lotId }) => left.has(lotId))
            .sort(compareBurnOrder);
          expect(account.burning.map(({ lotId }) => lotId)).toStrictEqual(
            expected.map(({ lotId }) => lotId),
          );
        });
      }),
      { numRuns: 200 },
    );
  });
});
