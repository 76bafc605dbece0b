import { catchUpReadModels, refusalInWords, type CommandAnswer } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { ExitCode, refusal, type Outcome } from '../outcome.js';
import { failureOf } from './failure.js';

/** Says what became of one command, and brings the read models to where it stands. */
export const writtenAnswer = async (
  context: Context,
  answer: CommandAnswer,
  words: Readonly<{ done: string; already: string }>,
): Promise<Outcome> => {
  const { output } = context;
  if (E.isLeft(answer)) {
    if (answer.left._tag !== 'Refused') return E.left(failureOf(answer.left));
    const { refusal: refused } = answer.left;
    output.json({ refused });
    return E.left(refusal(refusalInWords(refused._tag)));
  }
  const caughtUp = await catchUpReadModels(context);
  if (E.isLeft(caughtUp)) return E.left(failureOf(caughtUp.left));
  const { stream, revision, position, repeated, events } = answer.right;
  const isNew = !repeated && events.length > 0;
  output.json({ changed: isNew, stream, revision, position });
  output.line(isNew ? words.done : words.already);
  return E.right(ExitCode.fine);
};
