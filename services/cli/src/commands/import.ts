import { catchUpReadModels } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { asWriter } from '../data/open.js';
import { openInputs, type InputFile, type InputFormat } from '../import/input-file.js';
import { byTime, inTurn, itemsOf, type Item } from '../import/items.js';
import { readMapping } from '../import/mapping.js';
import { progressBar, type Progress } from '../import/progress.js';
import { hasFaults, reportImport } from '../import/report.js';
import { runImport, type ImportTally } from '../import/run-import.js';
import { ExitCode, type Failure, type Outcome } from '../outcome.js';
import { problemInWords } from '../text/words.js';

export type ImportOptions = Readonly<{
  format: InputFormat | null;
  /** File that says which ends of TeamViewer connections the company knows. */
  map: string | null;
  /** Merge the inputs by time and not one after the other. */
  byTime: boolean;
}>;

/** Progress over all files: each counts with what has been read of it. */
const follow = (files: readonly InputFile[], progress: Progress): ((item: Item) => void) => {
  const read = new Map<InputFile, number>(files.map((file) => [file, 0]));
  let total = 0;
  return ({ file, bytes }) => {
    total += bytes - (read.get(file) ?? 0);
    read.set(file, bytes);
    progress.to(total);
  };
};

/** Puts items in as the log's writer, and brings the read models up to them. */
export const importItems = async (
  context: Context,
  files: readonly InputFile[],
  items: AsyncIterable<Item>,
): Promise<E.Either<Failure, ImportTally>> => {
  const { output, stopped, company } = context;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = progressBar(output.isWatched, { what: 'Importing', total });
  try {
    const imported = await asWriter(context, (engine) => {
      const onProblem = (file: string, problem: Parameters<typeof problemInWords>[1]): void =>
        output.note(problemInWords(file, problem));
      const onItem = follow(files, progress);
      return runImport({ engine, stopped, company, onProblem, onItem }, items);
    });
    if (E.isLeft(imported)) return imported;
    const caughtUp = await catchUpReadModels(context);
    return E.isLeft(caughtUp) ? E.left(failureOf(caughtUp.left)) : imported;
  } finally {
    progress.end();
  }
};

/** `daybook import FILE...` */
export const importCommand = async (
  context: Context,
  names: readonly string[],
  options: ImportOptions,
): Promise<Outcome> => {
  const mapping = await readMapping(options.map);
  if (E.isLeft(mapping)) return mapping;
  const files = await openInputs(context, names, options.format);
  if (E.isLeft(files)) return files;
  try {
    const sources = files.right.map((file) => itemsOf(file, mapping.right));
    const items = options.byTime ? byTime(sources) : inTurn(sources);
    const imported = await importItems(context, files.right, items);
    if (E.isLeft(imported)) return imported;
    reportImport(context.output, imported.right);
    context.output.json(imported.right);
    if (context.stopped.aborted)
      context.output.note(
        'Stopped before the end. Import the same files again: it goes on from here.',
      );
    const isFine = !hasFaults(imported.right) && !context.stopped.aborted;
    return E.right(isFine ? ExitCode.fine : ExitCode.refusedOrBadLines);
  } finally {
    for (const file of files.right) await file.close();
  }
};
