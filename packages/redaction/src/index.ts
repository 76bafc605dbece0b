/**
 * Rule-based anonymisation, before text reaches a summarizer or any store (rulebook §4): e-mail
 * addresses, URLs, passwords and secrets, payment cards (Luhn), IP addresses, phone numbers, user names.
 * Pure and deterministic, linear in the length of the text; what was hidden is replaced by
 * `[kind]` and appears in no finding. Redacting a redacted conversation changes nothing.
 */
export { passesLuhn } from './cards.js';
export type { Finding, FindingKind } from './finding.js';
export {
  initialState,
  makeRedactor,
  redactConversation,
  redactTurn,
  replayState,
  restoredState,
  storableState,
  type OpenQuestion,
  type RedactedTurn,
  type RedactionState,
  type Redactor,
  type StorableState,
  type Turn,
} from './session.js';
