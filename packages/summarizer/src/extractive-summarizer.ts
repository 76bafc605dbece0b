import * as TE from 'fp-ts/lib/TaskEither.js';
import { bodyOf } from './extractive.js';
import { languageOf } from './language.js';
import { loadAnalyser, sentencesOf } from './sentences.js';
import type { Summarizer, SummarizerFailure, Summary } from './summarizer.js';

/** Changes whenever the rules do, as a prompt version would. */
export const EXTRACTIVE_RULES_VERSION = 'extractive-1';

/**
 * Offline and deterministic: the same input gives the same bytes. It quotes the session and adds nothing
 * but labels, so an empty session gives a summary that says so.
 */
export const makeExtractiveSummarizer = (): Summarizer => ({
  model: 'daybook-extractive',
  promptVersion: EXTRACTIVE_RULES_VERSION,
  summarize: (input) =>
    TE.fromTask<Summary, SummarizerFailure>(async () => {
      const told = sentencesOf(input.items, await loadAnalyser());
      const spoken = told.filter(({ voice }) => voice === 'remote-side' || voice === 'supporter');
      const text = (spoken.length > 0 ? spoken : told).map((each) => each.text).join('\n');
      return { body: bodyOf(told), language: await languageOf(text, input.languageHint) };
    }),
});
