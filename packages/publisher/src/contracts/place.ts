import { eventsByCategory } from '@daybook/domain/all-events';
import { isId } from '@daybook/domain/kernel';
import type { PublishedFrom } from './contract.js';

/** Where a stored event stands. */
export type Place = PublishedFrom & Readonly<{ category: string }>;

const CATEGORY = /^[a-z]+$/;

const isCategory = (word: string): boolean =>
  Object.hasOwn(eventsByCategory, word) || CATEGORY.test(word);

/** `<category>-<company>[_<id>]` without trust: anybody who may write to the store names streams. */
export const placeOf = (stream: string): Place | undefined => {
  const dash = stream.indexOf('-');
  const underscore = stream.indexOf('_', dash);
  const category = stream.slice(0, Math.max(0, dash));
  const company = stream.slice(dash + 1, underscore === -1 ? undefined : underscore);
  const id = underscore === -1 ? company : stream.slice(underscore + 1);
  return isCategory(category) && isId(company) && (underscore === -1 || isId(id))
    ? { category, company, id }
    : undefined;
};
