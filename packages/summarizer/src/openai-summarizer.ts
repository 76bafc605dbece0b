import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Ask, Message, OpenAiSummarizerConfig } from './openai-ask.js';
import { INSTRUCTIONS, PROMPT_VERSION, REPAIR, transcriptOf } from './prompt.js';
import { decodeReply } from './reply.js';
import type { Summarizer, SummarizerFailure, Summary, SummaryInput } from './summarizer.js';

const invalid = (detail: string): SummarizerFailure => ({
  _tag: 'SummaryNotPossible',
  reason: 'invalid-output',
  detail,
});

const summarize = async (
  ask: Ask,
  input: SummaryInput,
): Promise<E.Either<SummarizerFailure, Summary>> => {
  const messages: readonly Message[] = [
    { role: 'system', content: INSTRUCTIONS },
    { role: 'user', content: transcriptOf(input) },
  ];
  const first = await ask(messages);
  if (E.isLeft(first)) return first;
  const summary = decodeReply(first.right);
  if (E.isRight(summary)) return summary;
  const second = await ask([
    ...messages,
    { role: 'assistant', content: first.right },
    { role: 'user', content: REPAIR },
  ]);
  if (E.isLeft(second)) return second;
  const repaired = decodeReply(second.right);
  return E.isLeft(repaired) ? E.left(invalid(repaired.left)) : repaired;
};

/** The client's library takes as long to load as all else of a short command: it is loaded to be used. */
const loadAsk = async (config: OpenAiSummarizerConfig): Promise<Ask> =>
  (await import('./openai-ask.js')).makeAsk(config);

/**
 * Summaries by a model behind an OpenAI-compatible API. An answer is accepted only after its shape and
 * sizes were checked; one that fails the check is asked for once more. Neither key nor text is logged.
 */
export const makeOpenAiSummarizer = (config: OpenAiSummarizerConfig): Summarizer => {
  let asking: Promise<Ask> | undefined;
  return {
    model: config.model,
    promptVersion: PROMPT_VERSION,
    summarize:
      (input): TaskEither<SummarizerFailure, Summary> =>
      async () => {
        asking ??= loadAsk(config);
        return summarize(await asking, input);
      },
  };
};
