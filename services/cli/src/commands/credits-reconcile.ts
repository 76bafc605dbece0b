import { ruleBook } from '@daybook/domain/rules';
import type { Scope } from '@daybook/domain/reconciliation';
import {
  openLogReader,
  reconcileCompany,
  type Reconciliation,
  type LogReader,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { instantFrom, wholeNumberFrom } from '../data/at.js';
import { chooseCompany, type KnownCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { errorCode } from '../error-code.js';
import { dataProblem, ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { openPortalFile, type PortalFile } from '../portal/portal-file.js';
import { findingsText, makeTally, type Tally } from '../report/reconciliation.js';
import { instantIn } from '../text/instant.js';
import { counted, listed } from '../text/words.js';

export type ReconcileOptions = Readonly<{
  purchases: string;
  from?: string;
  to?: string;
  limit: string;
}>;

type Asked = Readonly<{ scope: Scope; limit: number }>;

const askedFrom = ({ from, to, limit }: ReconcileOptions): E.Either<Failure, Asked> => {
  const start = from === undefined ? E.right(undefined) : instantFrom('--from', from);
  if (E.isLeft(start)) return start;
  const end = to === undefined ? E.right(undefined) : instantFrom('--to', to);
  if (E.isLeft(end)) return end;
  const most = wholeNumberFrom('--limit', limit, 1);
  if (E.isLeft(most)) return most;
  if ((start.right ?? -Infinity) >= (end.right ?? Infinity))
    return E.left(usage('--to is the first instant that is left out: it comes after --from.'));
  const scope = {
    ...(start.right === undefined ? {} : { from: start.right }),
    ...(end.right === undefined ? {} : { to: end.right }),
  };
  return E.right({ scope, limit: most.right });
};

/** The log alone: read models are not needed, and are not even brought up to date. */
const withLog = async (
  context: Context,
  work: (reader: LogReader, company: KnownCompany) => Promise<Outcome>,
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const reader = await openLogReader(context);
  if (E.isLeft(reader)) return E.left(failureOf(reader.left));
  try {
    const company = await chooseCompany(reader.right, context.company);
    return E.isLeft(company) ? company : await work(reader.right, company.right);
  } finally {
    await reader.right.close();
  }
};

type Result = Readonly<{
  company: KnownCompany;
  file: PortalFile;
  compared: Reconciliation;
  tally: Tally;
  asked: Asked;
}>;

const reportJson = (context: Context, { company, file, compared, tally, asked }: Result): void => {
  const { position, repeated, ...counts } = compared;
  const findings = tally.findings();
  context.output.json({
    company: company.id,
    timeZone: company.timeZone,
    position,
    from: asked.scope.from ?? null,
    to: asked.scope.to ?? null,
    isClean: tally.total() === 0,
    compared: counts,
    ignoredColumns: file.ignoredColumns,
    repeated,
    counts: Object.fromEntries(tally.counts),
    findings,
    notListed: tally.total() - findings.length,
  });
};

const repeatedText = ({ repeatedLines, repeated }: Reconciliation): string => {
  const orders = repeated.map(
    ({ orderNumber, line, times }) => `${orderNumber} (line ${line}, ${times} times)`,
  );
  return `  Repeated word for word, and counted once: ${counted(repeatedLines, 'line')}; first ${listed(orders)}.`;
};

const reportText = (context: Context, { company, file, compared, tally }: Result): void => {
  const { output } = context;
  const { style } = output;
  const when = instantIn(company.timeZone);
  const { portalLines, orders, sessions, months, position } = compared;
  output.line(
    `${style.bold(`Reconciled ${company.id}`)}: ${counted(portalLines, 'line')} of ${file.name}, ${counted(orders, 'order')}, ${counted(sessions, 'session')}, ${counted(months, 'month')} with a grant.`,
  );
  if (file.ignoredColumns.length > 0)
    output.line(`  Columns not read: ${file.ignoredColumns.join(', ')}.`);
  if (compared.repeatedLines > 0) output.line(repeatedText(compared));
  const total = tally.total();
  if (total === 0)
    output.line(`${style.green('✓')} The ledger agrees with the portal and with the sessions.`);
  else {
    output.line(findingsText(tally, { file: file.name, style, when }));
    output.line(`${counted(total, 'finding')}; nothing was changed.`);
  }
  output.line(style.dim(`Log position ${position}.`));
};

/** The sorter's file is the only one that is written, and lies outside the data directory. */
const sorterFailure = (thrown: unknown): Failure => {
  const code = errorCode(thrown);
  if (!/^SQLITE_(FULL|IOERR|CANTOPEN)/.test(code)) throw thrown;
  return dataProblem(
    `The temporary file of the comparison cannot be written (${code}). Name a directory with more room, about three times the size of the file, in SQLITE_TMPDIR. Nothing is changed.`,
  );
};

type Comparing = Readonly<{
  reader: LogReader;
  company: KnownCompany;
  file: PortalFile;
  asked: Asked;
}>;

const compare = async (
  context: Context,
  { reader, company, file, asked }: Comparing,
): Promise<E.Either<Failure, Result>> => {
  const tally = makeTally(asked.limit);
  try {
    const compared = await reconcileCompany({ reader, ruleBook })<Failure>({
      company: company.id,
      timeZone: company.timeZone,
      now: context.clock(),
      scope: asked.scope,
      portal: file.lines,
      onFinding: tally.add,
    });
    if (E.isRight(compared))
      return E.right({ company, file, compared: compared.right, tally, asked });
    const { left } = compared;
    return E.left('exitCode' in left ? left : failureOf(left));
  } catch (thrown) {
    return E.left(sorterFailure(thrown));
  }
};

/** `daybook credits reconcile --purchases FILE [--from T --to T] [--limit N]` */
export const reconcileCommand = async (
  context: Context,
  options: ReconcileOptions,
): Promise<Outcome> => {
  const asked = askedFrom(options);
  if (E.isLeft(asked)) return asked;
  return withLog(context, async (reader, company) => {
    const file = await openPortalFile(context, options.purchases, company.timeZone);
    if (E.isLeft(file)) return file;
    const compared = await compare(context, {
      reader,
      company,
      file: file.right,
      asked: asked.right,
    });
    if (E.isLeft(compared)) return compared;
    const result = compared.right;
    reportJson(context, result);
    reportText(context, result);
    return E.right(result.tally.total() === 0 ? ExitCode.fine : ExitCode.refusedOrBadLines);
  });
};
