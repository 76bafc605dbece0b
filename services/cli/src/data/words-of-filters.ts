import { FailingReason } from '@daybook/domain/session-insights';

/** Is this one of the reasons of rulebook §3? */
export const isFailingReason = (word: string): word is FailingReason => FailingReason.is(word);
