import { ruleBook } from '@daybook/domain/rules';
import {
  auditLog,
  ledgerFigures,
  openQueries,
  type AuditReport,
  type LedgerFigures,
  withLogReader,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { ExitCode, type Failure, type Outcome } from '../outcome.js';
import { auditText } from '../report/audit.js';

/** The ledger's rows; where an event keeps it from being filled, the log is audited without it. */
const readLedger = async (context: Context): Promise<LedgerFigures | null> => {
  const queries = await openQueries(context);
  if (E.isLeft(queries)) {
    context.output.note(failureOf(queries.left).message);
    return null;
  }
  const ledger = ledgerFigures(queries.right.models);
  await queries.right.close();
  return ledger;
};

const readReport = async (
  context: Context,
  ledger: LedgerFigures | null,
): Promise<E.Either<Failure, AuditReport>> => {
  const options = { ruleBook, ...(ledger === null ? {} : { ledger }) };
  const report = await withLogReader(context, (reader) => auditLog(reader, options));
  return E.isLeft(report) ? E.left(failureOf(report.left)) : report;
};

/** `daybook credits audit`: the log is read and not written; every company in the directory. */
export const auditCommand = async (context: Context): Promise<Outcome> => {
  const { output } = context;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const ledger = await readLedger(context);
  const report = await readReport(context, ledger);
  if (E.isLeft(report)) return report;
  output.json(report.right);
  output.line(auditText(report.right, output.style));
  const isWell = report.right.isClean && ledger !== null;
  return E.right(isWell ? ExitCode.fine : ExitCode.refusedOrBadLines);
};
