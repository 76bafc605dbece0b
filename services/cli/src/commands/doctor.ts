import {
  logContentDigest,
  logDirectory,
  openQueries,
  inspectReadModels,
  readCheckpoints,
  readUnfinished,
  verifyLog,
  withLogReader,
  type LogVerification,
  type SourceProblem,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { statfsSync } from 'node:fs';
import type { Context } from '../context.js';
import type { ChargedTwice, Examination } from '../data/examination.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { lookAtWaysOut } from '../data/ways-out.js';
import { writerOf } from '../data/writer-state.js';
import { dataProblem, ExitCode, type Failure, type Outcome } from '../outcome.js';
import { doctorText } from '../report/doctor.js';

/** Parked work that is told one by one; `daybook parked list` has all. */
const PARKED_SHOWN = 3;

type LogRead = Readonly<{ head: number; contentDigest: string | null }>;

const readLog = async (
  context: Context,
  isDigestWanted: boolean,
): Promise<E.Either<Failure, LogRead>> => {
  const read = await withLogReader<SourceProblem, LogRead>(context, async (reader) => {
    const head = await reader.head()();
    if (E.isLeft(head)) return head;
    if (!isDigestWanted) return E.right({ head: head.right, contentDigest: null });
    const digest = await logContentDigest(reader);
    return E.isLeft(digest) ? digest : E.right({ head: head.right, contentDigest: digest.right });
  });
  return E.isLeft(read) ? E.left(failureOf(read.left)) : read;
};

/** Every company's sessions that were charged more than once; must be none. */
const findChargedTwice = async (
  context: Context,
): Promise<E.Either<Failure, readonly ChargedTwice[]>> => {
  const queries = await openQueries(context);
  if (E.isLeft(queries)) return E.left(failureOf(queries.left));
  const { answer } = queries.right.models.creditLedger.read((ledger) =>
    ledger
      .accounts()
      .flatMap(({ company }) =>
        ledger.chargedTwice(company).map((session) => ({ company, ...session })),
      ),
  );
  await queries.right.close();
  return E.right(answer);
};

const freeBytesOf = (directory: string): number => {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
};

/** Looks at everything; the log first, because the rest is made from it. */
const examine = async (
  context: Context,
  log: LogVerification,
  isDigestWanted: boolean,
): Promise<E.Either<Failure, Examination>> => {
  const { directory, source, clock } = context;
  const read = await readLog(context, isDigestWanted);
  if (E.isLeft(read)) return read;
  // Lag is measured before the read models are brought up to date to be asked.
  const lagging = await inspectReadModels(context, clock());
  if (E.isLeft(lagging)) return E.left(failureOf(lagging.left));
  const chargedTwice = await findChargedTwice(context);
  if (E.isLeft(chargedTwice)) return chargedTwice;
  const current = await inspectReadModels(context, clock());
  if (E.isLeft(current)) return E.left(failureOf(current.left));
  const readModels = new Map(
    [...current.right].map(([name, now]) => {
      const before = lagging.right.get(name) ?? null;
      return [name, now === null ? null : { ...now, lag: before?.lag ?? now.lag }] as const;
    }),
  );
  return E.right({
    directory,
    log,
    ...read.right,
    readModels,
    processes: readCheckpoints(directory),
    unfinished: readUnfinished(directory, PARKED_SHOWN),
    waysOut: await lookAtWaysOut(context),
    chargedTwice: chargedTwice.right,
    freeBytes: freeBytesOf(directory),
    writer: writerOf(logDirectory(directory)),
    isLogShared: source.kind === 'esdb',
  });
};

const toJson = ({ log, readModels, ...rest }: Examination): unknown => ({
  ...rest,
  log: { events: log.events, streams: log.streams, problems: log.problems },
  readModels: Object.fromEntries(readModels),
});

const digestLines = ({ contentDigest, readModels }: Examination): string =>
  [
    `log ${contentDigest ?? ''}`,
    ...[...readModels].map(([name, model]) => `${name} ${model?.contentDigest ?? 'none'}`),
  ].join('\n');

/** `daybook doctor [--digest]` */
export const doctorCommand = async (
  context: Context,
  options: Readonly<{ digest?: boolean }>,
): Promise<Outcome> => {
  const { output, directory } = context;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const isDigestWanted = options.digest === true;
  const log = await verifyLog(context);
  if (E.isLeft(log)) return E.left(failureOf(log.left));
  if (log.right.problems.length > 0) {
    output.json({ directory, log: log.right });
    const kinds = log.right.problems.map((problem) => `  ${JSON.stringify(problem)}`).join('\n');
    return E.left(
      dataProblem(
        `The log in ${directory} is damaged:\n${kinds}\nStop the writer, keep a copy of the directory and restore a backup; nothing was changed.`,
      ),
    );
  }
  const found = await examine(context, log.right, isDigestWanted);
  if (E.isLeft(found)) return found;
  output.json(toJson(found.right));
  output.line(isDigestWanted ? digestLines(found.right) : doctorText(found.right, output.style));
  const isWell = found.right.chargedTwice.length === 0;
  return E.right(isWell ? ExitCode.fine : ExitCode.dataDirectory);
};
