/**
 * Server-side filters. Prefixes and expressions decide at the edge; what the store can decide itself, a list of
 * types or of categories, is handed down so that it passes the rest over without reading it.
 */
import { categoryOf, type ReadFilter, type StoredEvent } from '@daybook/event-store';
import { RE2JS } from 're2js';
import { MalformedMessage } from './wire/protobuf.js';
import type { FilterRequest } from './wire/read-request.js';

export type EventFilter = Readonly<{
  /** Passes at least what `matches` does. */
  inStore: ReadFilter;
  matches: (event: StoredEvent) => boolean;
}>;

export const everything: EventFilter = { inStore: {}, matches: () => true };

const EXPRESSION_MAX = 4_096;

/** `^(?:A|B)$` of plain words: how a list of types is written as an expression. */
const wordList = /^\^\(\??:?((?:[A-Za-z0-9_]|\\[.$-])+(?:\|(?:[A-Za-z0-9_]|\\[.$-])+)*)\)\$$/;
/** The same with `(?:-|$)` behind it: how a list of categories is. */
const categoryList =
  /^\^\((?:\?:)?((?:[A-Za-z0-9_]|\\[.$])+(?:\|(?:[A-Za-z0-9_]|\\[.$])+)*)\)\(\?:-\|\$\)$/;

const wordsIn = (list: string): readonly string[] =>
  list.split('|').map((word) => word.replaceAll('\\', ''));

const listIn = (expression: string, form: RegExp): readonly string[] | undefined => {
  const list = form.exec(expression)?.[1];
  return list === undefined ? undefined : wordsIn(list);
};

const storeFilterOfRegex = ({ on, regex }: FilterRequest): ReadFilter => {
  const words = listIn(regex, on === 'type' ? wordList : categoryList);
  if (words === undefined) return {};
  return on === 'type' ? { types: words } : { categories: words };
};

const storeFilterOfPrefixes = ({ on, prefixes }: FilterRequest): ReadFilter =>
  // Only a prefix with a dash says the whole category.
  on === 'stream' && prefixes.every((prefix) => prefix.includes('-'))
    ? { categories: [...new Set(prefixes.map(categoryOf))] }
    : {};

/** Linear in the text, whatever a client sends: no expression can hold the server up. */
const compile = (expression: string): ((text: string) => boolean) => {
  if (expression.length > EXPRESSION_MAX) throw new MalformedMessage('The expression is too long.');
  try {
    const compiled = RE2JS.compile(expression);
    return (text) => compiled.matcher(text).find();
  } catch {
    throw new MalformedMessage('The expression of the filter is not one (RE2 syntax).');
  }
};

/** Throws `MalformedMessage` when the filter makes no sense. */
export const filterOf = (request: FilterRequest | undefined): EventFilter => {
  if (request === undefined) return everything;
  const { on, regex, prefixes } = request;
  const subject =
    on === 'type' ? (event: StoredEvent) => event.type : (event: StoredEvent) => event.stream;
  if (prefixes.length > 0) {
    return {
      inStore: storeFilterOfPrefixes(request),
      matches: (event) => prefixes.some((prefix) => subject(event).startsWith(prefix)),
    };
  }
  const inStore = storeFilterOfRegex(request);
  const isMatch = compile(regex);
  return { inStore, matches: (event) => isMatch(subject(event)) };
};
