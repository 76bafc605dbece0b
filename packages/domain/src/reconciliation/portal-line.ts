import * as E from 'fp-ts/lib/Either.js';
import type { ColumnName, Columns } from './columns.js';
import type { PortalPurchase, PortalStatus, UnreadableLine } from './facts.js';
import { instantOf } from './local-time.js';

type Problem = Readonly<{ column: ColumnName | null; reason: string; remedy: string }>;

const ORDER_NUMBER_MAX = 200;
const WHOLE = /^\d{1,16}$/;

const orderNumberProblem = (text: string): Problem | null => {
  const remedy = 'name the order as the portal does';
  const column = 'order number' as const;
  if (text === '') return { column, reason: 'is empty', remedy };
  if (text.length > ORDER_NUMBER_MAX || /\p{Cc}/u.test(text))
    return {
      column,
      reason: `is not one line of at most ${ORDER_NUMBER_MAX} signs`,
      remedy,
    };
  return null;
};

const creditsFrom = (text: string): number | null => {
  const credits = WHOLE.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(credits) && credits > 0 ? credits : null;
};

const statusFrom = (text: string | undefined): PortalStatus | undefined => {
  const word = text?.toLowerCase() ?? null;
  return word === null || word === 'completed' || word === 'refunded' ? word : undefined;
};

const problems = {
  purchasedAt: {
    column: 'purchased at',
    reason: 'is not an instant',
    remedy:
      'write it as 2026-06-22T08:00:00+02:00, or as 2026-06-22 08:00 in the company’s time zone',
  },
  credits: {
    column: 'credits',
    reason: 'is not a whole number of 1 or more',
    remedy:
      'write credits without sign, fraction or separators; a refund is a line with the status refunded',
  },
  status: {
    column: 'status',
    reason: 'is neither completed nor refunded',
    remedy: 'write one of the two, or leave the whole column out',
  },
} as const satisfies Record<string, Problem>;

const widthProblem = (found: number, width: number): Problem => ({
  column: null,
  reason: `has not as many fields as the header: ${found}, and not ${width}`,
  remedy: 'put a field that contains the separator, a quote or a line break in double quotes',
});

/** Reads the fields of one line. What is wrong is named by its column; its content is not repeated. */
export const readPortalLine =
  (columns: Columns, timeZone: string) =>
  (line: number, fields: readonly string[]): E.Either<UnreadableLine, PortalPurchase> => {
    const cell = (column: ColumnName): string | undefined =>
      fields[columns.at.get(column) ?? -1]?.trim();
    const orderNumber = cell('order number') ?? '';
    const unnamed = orderNumberProblem(orderNumber);
    const unreadable = (problem: Problem): E.Either<UnreadableLine, never> =>
      E.left({ line, orderNumber: unnamed === null ? orderNumber : null, ...problem });
    if (fields.length !== columns.width)
      return unreadable(widthProblem(fields.length, columns.width));
    if (unnamed !== null) return unreadable(unnamed);
    const purchasedAt = instantOf(cell('purchased at') ?? '', timeZone);
    if (purchasedAt === null) return unreadable(problems.purchasedAt);
    const credits = creditsFrom(cell('credits') ?? '');
    if (credits === null) return unreadable(problems.credits);
    const status = statusFrom(cell('status'));
    if (status === undefined) return unreadable(problems.status);
    const [price = '', currency = ''] = [cell('price'), cell('currency')];
    const invoiceNumber = cell('invoice number') ?? '';
    const known = { orderNumber, purchasedAt, credits, status };
    return E.right({ line, ...known, price, currency, invoiceNumber });
  };
