import { parseSetupLine, readStatement } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { idFrom, instantFrom, monthFrom, wholeNumberFrom } from '../data/at.js';
import { chooseCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { asWriter } from '../data/open.js';
import { writtenAnswer } from '../data/written.js';
import { ExitCode, usage, type Outcome } from '../outcome.js';
import { statementTable } from '../report/statement.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

/**
 * Issues what is due because time has passed, so that an answer about today counts this month's
 * credits. Where a server writes the directory, it does so itself; a read-only one is read as it is.
 */
const keepHouse = async (context: Context): Promise<void> => {
  await asWriter(context, async (engine) => {
    const company = await chooseCompany(engine.store, context.company);
    if (E.isRight(company)) await engine.keepHouse(company.right.id, context.clock());
    return company;
  });
};

const lotRows = (
  lots: ReturnType<typeof balanceOf>['answer']['lots'],
  when: Asking['when'],
): string[][] =>
  lots.map((lot) => [
    lot.lotId,
    lot.kind === 'free' ? `free, ${lot.month ?? ''}` : `purchased, order ${lot.orderNumber ?? ''}`,
    ...[lot.granted, lot.used, lot.held, lot.voided, lot.lapsed, lot.available].map(String),
    when(lot.expiresAt),
  ]);

const balanceOf = (asked: Asking, asOf: number) =>
  asked.queries.models.creditLedger.read((ledger) => ledger.balance(asked.company.id, asOf));

/** `daybook credits balance [--as-of INSTANT]` */
export const balanceCommand = async (
  context: Context,
  options: Readonly<{ asOf?: string }>,
): Promise<Outcome> => {
  const asOf =
    options.asOf === undefined ? E.right(context.clock()) : instantFrom('--as-of', options.asOf);
  if (E.isLeft(asOf)) return asOf;
  await keepHouse(context);
  return asking(context, async (asked) => {
    const { answer, position } = balanceOf(asked, asOf.right);
    const { output } = context;
    const { style } = output;
    output.json({ company: asked.company.id, asOfAt: asOf.right, position, ...answer });
    const parts = `${answer.free} free, ${answer.paid} paid`;
    output.line(
      `${style.bold(`${asked.company.id} has ${counted(answer.available, 'AI credit')}`)} (${parts}), ${answer.held} held, as of ${asked.when(asOf.right)}.`,
    );
    if (answer.nextExpiryAt !== null)
      output.line(`The next of them lapse ${asked.when(answer.nextExpiryAt)}.`);
    const head = ['Lot', 'Kind', 'Granted', 'Used', 'Held', 'Voided', 'Lapsed', 'Left', 'Ends'];
    const right = 'right' as const;
    if (answer.lots.length > 0)
      output.line(
        table([head.map(style.dim), ...lotRows(answer.lots, asked.when)], {
          align: ['left', 'left', right, right, right, right, right, right],
          indent: '  ',
        }),
      );
    output.line(style.dim(`Lots stand in the order in which they pay. Log position ${position}.`));
    return await Promise.resolve(E.right(ExitCode.fine));
  });
};

/** `daybook credits statement --month YYYY-MM [--lines]` */
export const statementCommand = async (
  context: Context,
  options: Readonly<{ month: string; lines: boolean }>,
): Promise<Outcome> => {
  const month = monthFrom('--month', options.month);
  if (E.isLeft(month)) return month;
  await keepHouse(context);
  return asking(context, async (asked) => {
    const read = await readStatement(asked.queries.reader)(asked.company.id, month.right);
    if (E.isLeft(read)) return E.left(failureOf(read.left));
    if (read.right === null) return E.left(usage(`${asked.company.id} is not registered.`));
    const { output } = context;
    const { statement, position } = read.right;
    output.json({ ...statement, position });
    const shown = { when: asked.when, withLines: options.lines };
    output.line(statementTable(statement, output.style, shown));
    return E.right(ExitCode.fine);
  });
};

export type PurchaseOptions = Readonly<{ order: string; amount: string; at?: string; by: string }>;

/** `daybook credits purchase --order N --amount N [--at INSTANT]` */
export const purchaseCommand = async (
  context: Context,
  options: PurchaseOptions,
): Promise<Outcome> => {
  const order = idFrom('--order', options.order);
  if (E.isLeft(order)) return order;
  const amount = wholeNumberFrom('--amount', options.amount, 1);
  if (E.isLeft(amount)) return amount;
  const at = options.at ?? new Date(context.clock()).toISOString();
  const line = {
    command: 'PurchaseCredits',
    at,
    by: { kind: 'administrator', id: options.by },
    orderNumber: order.right,
    amount: amount.right,
  };
  return asWriter(context, async (engine) => {
    const company = await chooseCompany(engine.store, context.company);
    if (E.isLeft(company)) return company;
    const parsed = parseSetupLine(company.right.id, JSON.stringify(line));
    if (E.isLeft(parsed)) return E.left(usage(`--${parsed.left.field} ${parsed.left.reason}.`));
    const { call, command } = parsed.right;
    const written = await engine.company(call, command);
    return writtenAnswer(context, written, {
      done: `Purchase ${order.right} of ${counted(amount.right, 'credit')} is recorded for ${company.right.id}.`,
      already: `Purchase ${order.right} of ${counted(amount.right, 'credit')} was recorded before; nothing was changed.`,
    });
  });
};
