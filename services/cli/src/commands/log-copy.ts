import {
  connectToLog,
  embedded,
  isOfTheStore,
  openLog,
  openWholeLogReader,
  ownLogIn,
  type LogReader,
  type LogSource,
  type Place,
} from '@daybook/engine';
import {
  copyLog,
  type AllPage,
  type CopyFailure,
  type CopyReport,
  type EventStore,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { storeInFile, storeOnCommandLine } from '../data/log-source.js';
import { progressBar, type Progress } from '../import/progress.js';
import { dataProblem, ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { table } from '../text/table.js';

/** One end as it was given: a place, or a file that holds a connection string. */
export type CopyEnd = Readonly<{ place: string | null; file: string | null }>;
export type LogCopyOptions = Readonly<{ from: CopyEnd; to: CopyEnd }>;

type End = 'from' | 'to';

const ESDB = /^esdb(\+discover)?:/;

const inDirectory = (directory: string): Place => ({
  directory: resolve(directory),
  source: embedded,
});
const inStore = (source: LogSource): Place => ({ directory: '', source });

const placeOf = (end: End, { place, file }: CopyEnd): E.Either<Failure, Place> => {
  if ((place === null) === (file === null))
    return E.left(usage(`Name one of --${end} and --${end}-file.`));
  if (file !== null) return E.map(inStore)(storeInFile(file, `--${end}-file`));
  const named = place ?? '';
  if (!ESDB.test(named)) return E.right(inDirectory(named));
  return E.map(inStore)(storeOnCommandLine(named, `--${end}`, `--${end}-file`));
};

const openSource = async (place: Place): Promise<E.Either<Failure, LogReader>> => {
  const { source = embedded } = place;
  if (source.kind === 'embedded' && !ownLogIn(place.directory))
    return E.left(dataProblem(`There is no log in ${place.directory}; nothing was copied.`));
  const opened =
    source.kind === 'esdb'
      ? connectToLog(source.connectionString, Date.now)
      : await openWholeLogReader(place);
  return E.isLeft(opened) ? E.left(failureOf(opened.left)) : opened;
};

const openTarget = async (
  place: Place,
  clock: () => number,
): Promise<E.Either<Failure, EventStore>> => {
  const { source = embedded } = place;
  const opened =
    source.kind === 'esdb'
      ? connectToLog(source.connectionString, clock)
      : await openLog(place, clock);
  return E.isLeft(opened) ? E.left(failureOf(opened.left)) : opened;
};

/** Without what a store writes for itself, which the other would neither take nor need. */
const events = (store: LogReader): Pick<LogReader, 'readAll' | 'head'> => ({
  head: store.head,
  readAll: async function* (options) {
    for await (const page of store.readAll(options)) {
      yield E.map((read: AllPage) => ({
        ...read,
        events: read.events.filter((event) => !isOfTheStore(event)),
      }))(page);
    }
  },
});

const failureIn = (failure: CopyFailure): Failure => {
  switch (failure._tag) {
    case 'TargetDiffers': {
      const { stream, revision, difference } = failure;
      return refusal(
        `The target is no beginning of this log: revision ${revision} of ${stream} differs (${difference}). It was left as it is; copy into an empty store.`,
      );
    }
    case 'SourceFailed':
      return dataProblem(`The log cannot be read: ${failureOf(failure.error).message}`);
    case 'TargetFailed':
      return dataProblem(
        `The target cannot be written: ${failureOf(failure.error).message} What was copied stays; the same command goes on from there.`,
      );
    case 'CopyStopped':
      return refusal(
        `Stopped after ${failure.verified} events, ${failure.appended} of them new. The same command goes on from there.`,
      );
  }
};

const report = ({ output }: Context, { appended, source, target }: CopyReport): Outcome => {
  const isEqual = source.sha256 === target.sha256 && source.events === target.events;
  output.json({ appended, source, target, isEqual });
  const { style } = output;
  const mark = isEqual ? style.green('✓') : style.red('✗');
  output.line(
    `${mark} ${source.events} events, ${appended} of them copied now; the others were there and are the same.`,
  );
  const digests = [
    ['source', `sha256 ${source.sha256}`, `${source.events} events`],
    ['target', `sha256 ${target.sha256}`, `${target.events} events`],
  ];
  output.line(table(digests, { indent: '  ' }));
  return E.right(isEqual ? ExitCode.fine : ExitCode.refusedOrBadLines);
};

const copy = async (
  context: Context,
  from: LogReader,
  to: EventStore,
): Promise<E.Either<Failure, CopyReport>> => {
  const { output, stopped } = context;
  const shown: { bar: Progress | null } = { bar: null };
  const copied = await copyLog({
    from: events(from),
    to: { append: to.append, readAll: events(to).readAll },
    signal: stopped,
    onProgress: ({ sourcePosition, sourceHead }) => {
      shown.bar ??= progressBar(output.isWatched, { what: 'Copying', total: sourceHead });
      shown.bar.to(sourcePosition);
    },
  })();
  shown.bar?.end();
  return E.isLeft(copied) ? E.left(failureIn(copied.left)) : copied;
};

/** `daybook log copy --from DIR|esdb://… --to DIR|esdb://…` */
export const logCopyCommand = async (
  context: Context,
  options: LogCopyOptions,
): Promise<Outcome> => {
  const from = placeOf('from', options.from);
  if (E.isLeft(from)) return from;
  const to = placeOf('to', options.to);
  if (E.isLeft(to)) return to;
  if (JSON.stringify(from.right) === JSON.stringify(to.right))
    return E.left(usage('--from and --to are the same log.'));
  const source = await openSource(from.right);
  if (E.isLeft(source)) return source;
  try {
    const target = await openTarget(to.right, context.clock);
    if (E.isLeft(target)) return target;
    try {
      const copied = await copy(context, source.right, target.right);
      return E.isLeft(copied) ? copied : report(context, copied.right);
    } finally {
      await target.right.close();
    }
  } finally {
    await source.right.close();
  }
};
