import { invariant } from './invariant.js';

/**
 * Stream names: `<category>-<company>` or `<category>-<company>_<id>`. The first `-` ends the
 * category, so a category contains none; `_` joins ids, so no id contains one.
 */
export type StreamName = string & { readonly __brand: 'StreamName' };

/** Every category of Daybook's own streams; a log may hold others, of whoever else writes to it. */
export const categories = [
  'company',
  'user',
  'policy',
  'group',
  'device',
  'session',
  'summary',
  'credits',
] as const;
export type Category = (typeof categories)[number];

const ID = /^[A-Za-z0-9][A-Za-z0-9.:~-]{0,99}$/;

/** May this word be an id: 1–100 letters, digits, `.`, `:`, `~` or `-`, starting with a letter or digit. */
export const isId = (word: string): boolean => ID.test(word);

const idOf = (word: string): string => {
  invariant(isId(word), 'an id that reaches a stream name was checked at the border');
  return word;
};

export const companyStream = (company: string): StreamName =>
  `company-${idOf(company)}` as StreamName;
export const creditsStream = (company: string): StreamName =>
  `credits-${idOf(company)}` as StreamName;
export const streamOf = (
  category: Exclude<Category, 'company' | 'credits'>,
  company: string,
  id: string,
): StreamName => `${category}-${idOf(company)}_${idOf(id)}` as StreamName;

/** The parts of a stream name; `id` is undefined for the per-company streams. */
export const partsOf = (
  stream: string,
): Readonly<{ category: string; company: string; id: string | undefined }> => {
  const dash = stream.indexOf('-');
  invariant(dash > 0, 'a stream name has a category before its first dash');
  const rest = stream.slice(dash + 1);
  const underscore = rest.indexOf('_');
  return {
    category: stream.slice(0, dash),
    company: underscore < 0 ? rest : rest.slice(0, underscore),
    id: underscore < 0 ? undefined : rest.slice(underscore + 1),
  };
};
