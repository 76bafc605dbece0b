import type { RuleSet } from '../rules/index.js';

/** What a session has used so far, counts. */
export type AiUse = Readonly<{ summaries: number; assistantMessages: number }>;

const assistantBlocks = (messages: number, messagesPerBlock: number): number =>
  messages === 0 ? 0 : 1 + Math.floor((messages - 1) / messagesPerBlock);

/**
 * Credits that a session owes in all for what it used (rulebook §5, price); the account holds only
 * what the session does not pay yet. `per-session`: 1, whatever was used. `assistant-blocks`: the
 * first assistant message opens the charge of 1, each further full block of messages costs 1 more
 * (with blocks of 50: message 51 makes it 2, message 101 makes it 3); a summary costs 1 only where
 * nothing else is charged.
 */
export const chargeAmount = (
  rules: Pick<RuleSet, 'tariff' | 'assistantBlockMessages'>,
  use: AiUse,
): number => {
  const opened = use.summaries + use.assistantMessages > 0 ? 1 : 0;
  switch (rules.tariff) {
    case 'per-session':
      return opened;
    case 'assistant-blocks':
      return Math.max(opened, assistantBlocks(use.assistantMessages, rules.assistantBlockMessages));
  }
};
