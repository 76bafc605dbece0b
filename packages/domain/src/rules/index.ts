/** Dated rule data: what the rulebook leaves to tables, with the date from which each table decides. */
export * from './check-rule-book.js';
export * from './read-rule-book.js';
export * from './rule-book.js';
export * from './rule-set.js';
