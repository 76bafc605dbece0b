import type { Instant } from '../kernel/index.js';
import { effectOnAvailable, type StatementColumn } from './statement-postings.js';
import type { CreditStatement } from './statement.js';
import type { StatementFigures } from './statement-tally.js';

/**
 * The canonical bytes of a statement, JSON in UTF-8: what the digest is of. The same entries and scope
 * give the same text. Danger: the order of keys is the order in which the statement is built, and
 * changing it changes what billing signed; a new shape is a new `statementFormat`.
 */
export const statementText = (statement: CreditStatement): string =>
  `${JSON.stringify(statement, null, 2)}\n`;

const iso = (instant: Instant): string => new Date(instant).toISOString();

type Cell = string | number | null;

/** RFC 4180: a cell with a comma, a quote or a line break is quoted; lines end with CR LF. */
const cellText = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvRow = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`;

const figureNames = [
  'opening',
  ...(Object.keys(effectOnAvailable) as readonly StatementColumn[]),
  'heldOpening',
  'closing',
] as const satisfies readonly (keyof StatementFigures)[];

const csvHead = [
  'section',
  'item',
  'credits',
  'lot',
  'bookedAt',
  'occurredAt',
  'correctionOf',
  'reference',
  'events',
] as const;

/**
 * A statement as CSV (RFC 4180), instants in UTC. Sections: `all`, `free` and `paid` with one row per
 * figure; `line` with one row per movement; `ahead` with what will lapse, `bookedAt` being when. Events
 * of a row stand apart by spaces.
 */
export const statementCsv = (statement: CreditStatement): string => {
  const rows: (readonly Cell[])[] = [csvHead];
  const { company, month, timeZone, format } = statement;
  for (const [name, value] of Object.entries({ company, month, timeZone, format })) {
    rows.push(['statement', name, null, null, null, null, null, value, null]);
  }
  const sides = { all: statement, free: statement.free, paid: statement.paid };
  for (const [section, figures] of Object.entries(sides)) {
    for (const name of figureNames) {
      rows.push([section, name, figures[name], null, null, null, null, null, null]);
    }
  }
  for (const line of statement.lines) {
    const { column, amount, lotId, bookedAt, occurredAt, correctionOf, reference } = line;
    const at = [iso(bookedAt), iso(occurredAt)];
    rows.push([
      'line',
      column,
      amount,
      lotId,
      ...at,
      correctionOf,
      reference,
      line.events.join(' '),
    ]);
  }
  for (const { side, amount, lotId, expiresAt, events } of statement.lapsesAhead) {
    rows.push(['ahead', side, amount, lotId, iso(expiresAt), null, null, null, events.join(' ')]);
  }
  return rows.map(csvRow).join('');
};

const figureWords: Readonly<Record<(typeof figureNames)[number], string>> = {
  opening: 'Opening',
  grantedFree: 'granted free',
  promotional: 'promotional',
  purchased: 'purchased',
  adjusted: 'adjusted by hand',
  usedFree: 'used, free',
  usedPaid: 'used, paid',
  lapsed: 'lapsed',
  voided: 'voided',
  refunded: 'given back by reversals',
  held: 'held at the end',
  heldOpening: 'held at the beginning',
  closing: 'Closing',
};

const numbers = (values: readonly number[]): string =>
  values.map((value) => String(value).padStart(17)).join('');

/**
 * A statement for people to read and sign, plain text, instants in UTC. Movements are as they are booked:
 * used, lapsed, voided and held credits are counted up, and subtract from the closing.
 */
export const statementReport = (statement: CreditStatement): string => {
  const { company, month, timeZone, from, to, free, paid, lines, lapsesAhead } = statement;
  const report = [
    `AI credits of ${company}, ${month}`,
    `${timeZone}, ${iso(from)} to before ${iso(to)}`,
    '',
    `${''.padEnd(24)}${['free', 'paid', 'all'].map((side) => side.padStart(17)).join('')}`,
  ];
  for (const name of figureNames) {
    const values = [free[name], paid[name], statement[name]];
    report.push(`${figureWords[name].padEnd(24)}${numbers(values)}`);
  }
  report.push('', `Movements: ${lines.length}`);
  for (const { column, amount, lotId, occurredAt, correctionOf, reference, events } of lines) {
    const late = correctionOf === null ? '' : `, correction of ${correctionOf}`;
    const about = reference === null ? '' : ` for ${reference}`;
    const moved = column === 'held' ? 'held' : figureWords[column];
    const what = `${moved} ${amount} of ${lotId}${about}${late}`;
    report.push(`${iso(occurredAt)} ${what} [${events.join(' ')}]`);
  }
  report.push('', `To lapse if unused: ${lapsesAhead.length}`);
  for (const { side, amount, lotId, expiresAt, events } of lapsesAhead) {
    report.push(`${iso(expiresAt)} ${amount} ${side} of ${lotId} [${events.join(' ')}]`);
  }
  return `${report.join('\n')}\n`;
};
