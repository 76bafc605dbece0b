import type { StatementAnswer } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

type CreditStatement = StatementAnswer['statement'];
type Column = CreditStatement['lines'][number]['column'];

/** Lines of the summary in the order in which they add up, with their sign. */
const movements: readonly (readonly [Column, string, 1 | -1])[] = [
  ['grantedFree', 'granted free', 1],
  ['promotional', 'promotional', 1],
  ['purchased', 'purchased', 1],
  ['adjusted', 'adjusted by hand', 1],
  ['usedFree', 'used, free', -1],
  ['usedPaid', 'used, paid', -1],
  ['lapsed', 'lapsed', -1],
  ['voided', 'voided by refunds', -1],
  ['refunded', 'given back by reversals', 1],
];

const signed = (amount: number): string => (amount > 0 ? `+${amount}` : String(amount));

/** Promotions and adjustments are rare: a month without them does not name them. */
const isShown =
  (statement: CreditStatement) =>
  ([column]: (typeof movements)[number]): boolean =>
    (column !== 'promotional' && column !== 'adjusted') ||
    statement.lines.some((line) => line.column === column);

const totals = (statement: CreditStatement, style: Style): string => {
  const moved = movements
    .filter(isShown(statement))
    .map(([column, words, sign]) => [words, signed(sign * statement[column])]);
  const heldChange = statement.held - statement.heldOpening;
  const rows = [
    ['Opening', String(statement.opening)],
    ...moved.map(([words = '', amount = '']) => [`  ${words}`, amount]),
    ['  set aside for sessions', signed(-heldChange)],
    [style.bold('Closing'), style.bold(String(statement.closing))],
    ['Held at the end of the month', String(statement.held)],
  ];
  return table(rows, { align: ['left', 'right'], indent: '  ' });
};

const names = new Map<Column, string>([
  ...movements.map(([column, words]) => [column, words] as const),
  ['held', 'held'],
]);

/** Holds that were settled in the month they were taken say nothing that the use does not say. */
const settledHolds = (statement: CreditStatement): ReadonlySet<string | null> => {
  const held = new Map<string | null, number>();
  for (const { column, reference, amount } of statement.lines)
    if (column === 'held') held.set(reference, (held.get(reference) ?? 0) + amount);
  return new Set([...held].filter(([, left]) => left === 0).map(([reference]) => reference));
};

const effects = new Map<Column, 1 | -1>([
  ...movements.map(([column, , sign]) => [column, sign] as const),
  ['held', -1],
]);

const lineRows = (statement: CreditStatement, when: (instant: number) => string): string[][] => {
  const settled = settledHolds(statement);
  return statement.lines
    .filter(({ column, reference }) => column !== 'held' || !settled.has(reference))
    .map((line) => [
      when(line.occurredAt),
      names.get(line.column) ?? line.column,
      signed((effects.get(line.column) ?? 1) * line.amount),
      line.lotId,
      line.reference ?? '',
      line.correctionOf === null ? '' : `correction of ${line.correctionOf}`,
    ]);
};

/** A company's month as a person reads it. `withLines` shows the movements of every lot. */
export const statementTable = (
  statement: CreditStatement,
  style: Style,
  shown: Readonly<{ when: (instant: number) => string; withLines: boolean }>,
): string => {
  const { company, month, timeZone, from, to } = statement;
  const title = `${style.bold(`AI credits of ${company}, ${month}`)} ${style.dim(`(${timeZone}: ${shown.when(from)} to before ${shown.when(to)})`)}`;
  const parts = [title, totals(statement, style)];
  if (shown.withLines && statement.lines.length > 0)
    parts.push(
      '',
      table(
        [
          ['When', 'Movement', 'Credits', 'Lot', 'Charge or order', ''].map(style.dim),
          ...lineRows(statement, shown.when),
        ],
        { align: ['left', 'left', 'right'], indent: '  ' },
      ),
    );
  return parts.join('\n');
};
