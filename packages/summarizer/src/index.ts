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
export { makeOpenAiSummarizer, type OpenAiSummarizerConfig } from './openai-summarizer.js';
export { PROMPT_VERSION } from './prompt.js';
