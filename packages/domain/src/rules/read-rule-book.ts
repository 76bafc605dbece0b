import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count, Instant, Word } from '../kernel/index.js';
import { checkRuleBook } from './check-rule-book.js';
import type { RuleBook, RuleBookProblem, RuleSet } from './rule-set.js';

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** `beginning`, or an instant with its zone: a date alone would begin at another moment everywhere. */
const startOf = (word: string): number | null => {
  if (word === 'beginning') return 0;
  const instant = WITH_ZONE.test(word) ? Date.parse(word) : Number.NaN;
  return Instant.is(instant) ? instant : null;
};

const Start = new t.Type<number, string>(
  '"beginning" or an instant such as "2026-09-01T00:00:00Z"',
  t.number.is,
  (u, context) => {
    const start = typeof u === 'string' ? startOf(u) : null;
    return start === null ? t.failure(u, context) : t.success(start);
  },
  (start) => (start === 0 ? 'beginning' : new Date(start).toISOString()),
);

const named = <A, O>(name: string, codec: t.Type<A, O>): t.Type<A, O> =>
  new t.Type<A, O>(
    name,
    codec.is,
    (u, context) =>
      E.isRight(codec.decode(u)) ? codec.validate(u, context) : t.failure(u, context),
    codec.encode,
  );

const words = named('a list of words', t.array(t.string));
const counts = named('a list of whole numbers', t.array(Count));
const wholeNumber = named('a whole number, zero or more', Count);

/** What stands in the file for each field of a rule set. */
const fields = {
  version: named('a word', t.string),
  effectiveFrom: Start,
  plansCovered: words,
  monthlyCredits: named('whole numbers by plan', t.record(t.string, Count)),
  platforms: words,
  quickSupportCovered: named('true or false', t.boolean),
  tariff: named('"per-session" or "assistant-blocks"', Word('per-session', 'assistant-blocks')),
  assistantBlockMessages: wholeNumber,
  purchaseLifeMonths: wholeNumber,
  promptTimeoutMs: wholeNumber,
  holdTimeoutMs: wholeNumber,
  usedAlertPercents: counts,
  expiryAlertDays: counts,
} satisfies Readonly<Record<keyof RuleSet, t.Mixed>>;

const RuleSetInFile = t.strict(fields);
const names = Object.keys(fields) as readonly (keyof typeof fields)[];

type Found = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Found =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  value === undefined ? '(missing)' : JSON.stringify(value);

const problemsIn = (entry: string, found: Found): readonly RuleBookProblem[] => [
  ...names
    .filter((field) => E.isLeft(fields[field].decode(found[field])))
    .map((field) => {
      const remedy = `write ${fields[field].name}`;
      return { entry, field, value: shown(found[field]), remedy };
    }),
  ...Object.keys(found)
    .filter((field) => !(names as readonly string[]).includes(field))
    .map((field) => {
      const remedy = `take it out; the fields are ${names.join(', ')}`;
      return { entry, field, value: shown(found[field]), remedy };
    }),
];

/** How a person finds an entry: its version where it has one, its place where not. */
const nameOf = (found: unknown, index: number): string =>
  isRecord(found) && typeof found['version'] === 'string' && found['version'] !== ''
    ? found['version']
    : `entry ${index + 1}`;

const readEntry = (
  found: unknown,
  index: number,
): E.Either<readonly RuleBookProblem[], RuleSet> => {
  const entry = nameOf(found, index);
  if (!isRecord(found))
    return E.left([{ entry, field: '', value: shown(found), remedy: 'write an object' }]);
  const problems = problemsIn(entry, found);
  const decoded = RuleSetInFile.decode(found);
  return problems.length > 0 || E.isLeft(decoded) ? E.left(problems) : decoded;
};

/**
 * A rule book from what `JSON.parse` gave: oldest entry first, every field in every entry, so that an
 * entry can be read alone. Every problem is named, with its entry, field, value and remedy.
 */
export const readRuleBook = (document: unknown): E.Either<readonly RuleBookProblem[], RuleBook> => {
  if (!Array.isArray(document)) {
    const remedy = 'write a list of rule sets, oldest first';
    return E.left([{ entry: '(rule book)', field: '', value: shown(document), remedy }]);
  }
  const problems: RuleBookProblem[] = [];
  const ruleBook: RuleSet[] = [];
  for (const [index, found] of document.entries()) {
    const read = readEntry(found, index);
    if (E.isRight(read)) ruleBook.push(read.right);
    else for (const problem of read.left) problems.push(problem);
  }
  if (problems.length > 0) return E.left(problems);
  const unlawful = checkRuleBook(ruleBook);
  return unlawful.length > 0 ? E.left(unlawful) : E.right(ruleBook);
};
