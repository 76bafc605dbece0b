import * as E from 'fp-ts/lib/Either.js';
import { invariant } from '../kernel/index.js';
import { ruleBookProblemInWords } from './check-rule-book.js';
import { readRuleBook } from './read-rule-book.js';
import shipped from './rule-book.json' with { type: 'json' };
import type { RuleBook } from './rule-set.js';

const read = (): RuleBook => {
  const book = readRuleBook(shipped);
  const problems = E.isLeft(book) ? book.left.map(ruleBookProblemInWords) : [];
  invariant(E.isRight(book), `rule-book.json may decide; ${problems.join(' ')}`);
  return book.right;
};

/**
 * The rule book that ships with Daybook, oldest first: `rule-book.json`, checked when this is imported.
 * A new version is a new entry there and nothing else. Dates after the first entry are ours.
 */
export const ruleBook: RuleBook = read();
