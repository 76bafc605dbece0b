import { statementCsv, statementReport, statementText } from '@daybook/domain/credits';
import { parseSetupLine, readStatement, type StatementAnswer } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { idFrom, instantFrom, monthFrom, wholeNumberFrom } from '../data/at.js';
import { chooseCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { asWriter } from '../data/open.js';
import { writtenAnswer } from '../data/written.js';
import { knownBalance } from './credits-known.js';
import { dataProblem, ExitCode, usage, type Outcome } from '../outcome.js';
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

const originOf = (lot: ReturnType<typeof balanceOf>['answer']['lots'][number]): string => {
  if (lot.kind === 'free') return `free, ${lot.month ?? ''}`;
  return lot.kind === 'purchased' ? `purchased, order ${lot.orderNumber ?? ''}` : lot.kind;
};

const lotRows = (
  lots: ReturnType<typeof balanceOf>['answer']['lots'],
  when: Asking['when'],
): string[][] =>
  lots.map((lot) => [
    lot.lotId,
    originOf(lot),
    ...[lot.granted, lot.used, lot.held, lot.voided, lot.lapsed, lot.available].map(String),
    when(lot.expiresAt),
  ]);

const balanceOf = (asked: Asking, asOf: number) =>
  asked.queries.models.creditLedger.read((ledger) => ledger.balance(asked.company.id, asOf));

/** `daybook credits balance [--as-of INSTANT] [--known-at INSTANT]` */
export const balanceCommand = async (
  context: Context,
  options: Readonly<{ asOf?: string; knownAt?: string }>,
): Promise<Outcome> => {
  const asOf =
    options.asOf === undefined ? E.right(context.clock()) : instantFrom('--as-of', options.asOf);
  if (E.isLeft(asOf)) return asOf;
  if (options.knownAt !== undefined) {
    const knownAt = instantFrom('--known-at', options.knownAt);
    if (E.isLeft(knownAt)) return knownAt;
    return knownBalance(context, { asOf: asOf.right, knownAt: knownAt.right });
  }
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

type Statement = StatementAnswer['statement'];

export type StatementOptions = Readonly<{
  month: string;
  lines: boolean;
  text?: boolean;
  csv?: boolean;
  canonical?: boolean;
  knownAt?: string;
}>;

/** The form in which the bytes are the same for ever; null for the table and the JSON of the command line. */
const signedForm = (options: StatementOptions): ((statement: Statement) => string) | null => {
  if (options.canonical === true) return statementText;
  if (options.csv === true) return statementCsv;
  return options.text === true ? statementReport : null;
};

const showStatement = (
  context: Context,
  read: StatementAnswer,
  shown: Readonly<{ when: Asking['when']; withLines: boolean }>,
): void => {
  const { output } = context;
  const { statement, position, digest, issued } = read;
  const issuedAt = issued?.issuedAt ?? null;
  output.json({ ...statement, position, digest, issuedAt });
  output.line(statementTable(statement, output.style, shown));
  if (issuedAt !== null)
    output.line(`\nIssued ${shown.when(issuedAt)}, SHA-256 of its canonical bytes ${digest}.`);
};

/** `daybook credits statement --month YYYY-MM [--csv|--text|--canonical] [--known-at INSTANT]` */
export const statementCommand = async (
  context: Context,
  options: StatementOptions,
): Promise<Outcome> => {
  const month = monthFrom('--month', options.month);
  if (E.isLeft(month)) return month;
  const knownAt =
    options.knownAt === undefined ? E.right(undefined) : instantFrom('--known-at', options.knownAt);
  if (E.isLeft(knownAt)) return knownAt;
  const asKnown = knownAt.right === undefined ? {} : { knownAt: knownAt.right };
  await keepHouse(context);
  return asking(context, async (asked) => {
    const { company, when } = asked;
    const read = await readStatement(asked.queries.reader)(company.id, month.right, asKnown);
    if (E.isLeft(read)) return E.left(failureOf(read.left));
    if (read.right === null) return E.left(usage(`${company.id} is not registered.`));
    const { issued, digest, statement } = read.right;
    if (issued !== null && issued.digest !== digest)
      return E.left(
        dataProblem(
          `The statement of ${month.right} was issued with SHA-256 ${issued.digest} and is ${digest} now. Do not use it; keep a copy of the data directory and run: daybook doctor`,
        ),
      );
    const form = signedForm(options);
    if (form === null) showStatement(context, read.right, { when, withLines: options.lines });
    else context.output.raw(form(statement));
    return E.right(ExitCode.fine);
  });
};

export type IssueOptions = Readonly<{ month: string; by: string }>;

/** `daybook credits issue --month YYYY-MM` */
export const issueCommand = async (context: Context, options: IssueOptions): Promise<Outcome> => {
  const month = monthFrom('--month', options.month);
  if (E.isLeft(month)) return month;
  await keepHouse(context);
  return asWriter(context, async (engine) => {
    const company = await chooseCompany(engine.store, context.company);
    if (E.isLeft(company)) return company;
    const at = context.clock();
    const commandId = `issue/${month.right}/${at}`;
    const actor = { kind: 'administrator', id: options.by } as const;
    const call = { company: company.right.id, actor, commandId, correlationId: commandId, at };
    const written = await engine.issueStatement(call, month.right);
    return writtenAnswer(context, written, {
      done: `The statement of ${month.right} is issued for ${company.right.id}.`,
      already: `The statement of ${month.right} was issued before; nothing was changed.`,
    });
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
