export { EXTRACTIVE_RULES_VERSION, makeExtractiveSummarizer } from './extractive-summarizer.js';
export type {
  Summarizer,
  SummarizerFailure,
  SummarizerUnavailable,
  Summary,
  SummaryInput,
  SummaryItem,
  SummaryNotPossible,
} from './summarizer.js';
export type { OpenAiSummarizerConfig } from './openai-ask.js';
export { makeOpenAiSummarizer } from './openai-summarizer.js';
export { PROMPT_VERSION } from './prompt.js';
