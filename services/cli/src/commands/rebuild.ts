import { readModelNames, rebuildReadModel, type RebuiltReadModel } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { progressBar } from '../import/progress.js';
import { ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { table } from '../text/table.js';
import { counted, listed } from '../text/words.js';

const DIGEST_SHOWN = 16;

const rebuildOne = async (
  context: Context,
  name: string,
): Promise<E.Either<Failure, RebuiltReadModel>> => {
  const { output } = context;
  let bar = progressBar(false, { what: name, total: 0 });
  let isShown = false;
  try {
    const rebuilt = await rebuildReadModel(context, name, ({ position, head }) => {
      if (!isShown) bar = progressBar(output.isWatched, { what: name, total: head });
      isShown = true;
      bar.to(position);
    });
    return E.isLeft(rebuilt) ? E.left(failureOf(rebuilt.left)) : rebuilt;
  } finally {
    bar.end();
  }
};

const perSecond = ({ events, milliseconds }: RebuiltReadModel): string =>
  Math.round((events * 1000) / Math.max(1, milliseconds)).toLocaleString('en-US');

const compared = ({ before, after }: RebuiltReadModel): string => {
  if (before === null) return 'there was none before';
  return before === after ? 'equal before and after' : 'DIFFERS from the one before';
};

/** `daybook rebuild [NAME]`: fills read models from the whole log again and compares them with the live ones. */
export const rebuildCommand = async (context: Context, name: string | null): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  if (name !== null && !readModelNames.includes(name))
    return E.left(usage(`There is no read model ${name}; there are ${listed(readModelNames)}.`));
  const done: RebuiltReadModel[] = [];
  for (const each of name === null ? readModelNames : [name]) {
    const rebuilt = await rebuildOne(context, each);
    if (E.isLeft(rebuilt)) return rebuilt;
    done.push(rebuilt.right);
  }
  const { output } = context;
  const { style } = output;
  const isEqual = done.every(({ before, after }) => before === null || before === after);
  output.json({ rebuilt: done, isEqual });
  const rows = done.map((each) => [
    style.cyan(each.name),
    counted(each.events, 'event'),
    `${perSecond(each)} events/s`,
    `sha256 ${each.after.slice(0, DIGEST_SHOWN)}…`,
    isEqual ? style.green(compared(each)) : compared(each),
  ]);
  output.line(table(rows, { align: ['left', 'right', 'right'] }));
  if (!isEqual)
    output.note(
      'A read model differed from its log; it is right now. Keep the message and report it.',
    );
  return E.right(isEqual ? ExitCode.fine : ExitCode.refusedOrBadLines);
};
