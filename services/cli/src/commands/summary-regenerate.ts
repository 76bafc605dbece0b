import type { RegenerateAnswer } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { idFrom, wholeNumberFrom } from '../data/at.js';
import { writtenAnswer } from '../data/written.js';
import { refusal, type Outcome } from '../outcome.js';
import { asPerson, authorOf } from './summary-write.js';

export type RegenerateOptions = Readonly<{ revision?: string; by: string; as?: string }>;

const answerOf = async (
  context: Context,
  sessionId: string,
  answer: RegenerateAnswer,
): Promise<Outcome> => {
  if (E.isLeft(answer)) {
    const { left } = answer;
    const nothing = 'Nothing was changed, nothing was charged.';
    if (left._tag === 'SummarizerUnavailable')
      return E.left(refusal(`The summarizer is not there (${left.reason}). ${nothing} Try later.`));
    if (left._tag === 'SummaryNotPossible')
      return E.left(refusal(`The summarizer cannot make it (${left.reason}). ${nothing}`));
    return writtenAnswer(context, E.left(left), { done: '', already: '' });
  }
  return writtenAnswer(context, answer, {
    done: `The summary of ${sessionId} was made again; see daybook summary show ${sessionId} --revisions`,
    already: 'This was asked for before; nothing was changed.',
  });
};

/** `daybook summary regenerate SESSION [--revision N]` */
export const summaryRegenerateCommand = async (
  context: Context,
  word: string,
  options: RegenerateOptions,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  const by = authorOf(options);
  if (E.isLeft(by)) return by;
  const { revision } = options;
  const changed =
    revision === undefined ? E.right(null) : wholeNumberFrom('--revision', revision, 0);
  if (E.isLeft(changed)) return changed;
  const sessionId = id.right;
  return asPerson(context, { by: by.right, sessionId }, async (engine, call) => {
    const wanted = { sessionId, changedRevision: changed.right ?? ('latest' as const) };
    return answerOf(context, sessionId, await engine.regenerateSummary(call, wanted));
  });
};
