import type { ExplainedDecision, StatementAnswer } from '@daybook/engine';
import { decisionText } from '../src/report/chain.js';
import { statementTable } from '../src/report/statement.js';
import { hasFaults } from '../src/import/report.js';
import { emptyTally } from '../src/import/run-import.js';
import { makeStyle } from '../src/text/style.js';

const style = makeStyle(false);
const when = (instant: number): string => `t${instant}`;

const decision = (reasons: ExplainedDecision['decided']['reasons']): ExplainedDecision => {
  const reason = reasons[0]?.reason ?? null;
  const outcome = reason === null ? ('eligible' as const) : ('not-eligible' as const);
  const basis = reason === null ? ('policy' as const) : null;
  const bases = basis === null ? [] : [basis];
  return {
    revision: 1,
    position: 7,
    ruleVersion: '2023-01-01',
    decided: {
      trigger: 'session-started',
      outcome,
      basis,
      bases,
      reason,
      reasons,
      inputs: [{ stream: 'company-acme', revision: 3 }],
      decidedAt: 5,
    },
    again: { outcome, basis, bases, reason, reasons },
    consent: 'not-asked',
    agrees: true,
  };
};

describe('The chain of rules', () => {
  it('marks each rule as held, failed or not looked at', () => {
    const failed = decision([{ path: 'incoming', reason: 'no-applied-policy' }]);
    const text = decisionText(failed, { paths: ['incoming'], when, style });
    const marks = text
      .split('\n')
      .filter((line) => /^ {4}[✓✗·]/.test(line))
      .map((line) => line.trim()[0]);
    expect(marks.join('')).toBe('✓✓✓✓✗···✓');
    expect(text).toContain('no-applied-policy ← the reason');
    expect(text).toContain('company-acme  revision 3');
    expect(text).toContain('it agrees');
  });

  it.each([
    ['granted', 'when the remote side had agreed'],
    ['refused', 'when the remote side had refused'],
    ['timed-out', 'when the remote side had not answered in time'],
    ['withdrawn', 'when the remote side had taken its permission back'],
  ] as const)('says of a decision on consent %s that it was made %s', (consent, words) => {
    const made = decision([]);
    const decided = { ...made.decided, trigger: 'consent-answered' } as const;
    const text = decisionText({ ...made, decided, consent }, { paths: ['incoming'], when, style });
    expect(text).toContain(`Decided ${words} `);
  });

  it('says when the same inputs give something else now', () => {
    const text = decisionText(
      { ...decision([]), agrees: false },
      { paths: ['incoming'], when, style },
    );
    expect(text).toContain('it DIFFERS (eligible).');
  });
});

describe('A statement', () => {
  const line = {
    lotId: 'free:2026-06',
    bookedAt: 1,
    occurredAt: 1,
    correctionOf: null,
    reference: 's-1:0',
    events: [],
  };
  const columns = {
    opening: 0,
    heldOpening: 0,
    closing: 3,
    grantedFree: 5,
    purchased: 0,
    promotional: 0,
    adjusted: 0,
    usedFree: 1,
    usedPaid: 0,
    lapsed: 0,
    voided: 0,
    refunded: 0,
    held: 1,
  };
  const nothing = { ...columns, closing: 0, grantedFree: 0, usedFree: 0, held: 0 };
  const statement: StatementAnswer['statement'] = {
    ...columns,
    format: 1,
    free: columns,
    paid: nothing,
    lapsesAhead: [],
    company: 'acme',
    month: '2026-06',
    timeZone: 'UTC',
    from: 0,
    to: 9,
    lines: [
      { ...line, column: 'held', amount: 1 },
      { ...line, column: 'held', amount: -1 },
      { ...line, column: 'usedFree', amount: 1 },
      { ...line, column: 'held', amount: 1, reference: 's-2:0' },
    ],
  };

  it('adds up from opening to closing, and leaves settled holds out of its lines', () => {
    const lines = statementTable(statement, style, { when, withLines: true }).split('\n');
    const amounts = lines.slice(1, 11).map((each) => Number(/[+-]?\d+$/.exec(each)?.[0]));
    expect(amounts).toStrictEqual([0, 5, 0, -1, 0, 0, 0, 0, -1, 3]);
    expect(lines.slice(-2)).toStrictEqual([
      '  t1    used, free       -1  free:2026-06  s-1:0',
      '  t1    held             -1  free:2026-06  s-2:0',
    ]);
  });
});

describe('An import', () => {
  it('has faults in bad lines and contradictions, not in what the rules leave out', () => {
    expect(hasFaults({ ...emptyTally(), refused: { NoBasis: 5 } })).toBe(false);
    expect(hasFaults({ ...emptyTally(), refused: { SessionNotStarted: 1 } })).toBe(true);
    expect(hasFaults({ ...emptyTally(), problems: 1 })).toBe(true);
    expect(hasFaults({ ...emptyTally(), commandsRefused: 1 })).toBe(true);
  });
});
