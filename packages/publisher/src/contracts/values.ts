import * as t from 'io-ts';
import { timestamp } from './timestamp.js';

// What published events are made of. Changing one changes every contract that uses it.

const pattern = (name: string, matches: RegExp): t.Type<string> => {
  const isOne = (u: unknown): u is string => typeof u === 'string' && matches.test(u);
  return new t.Type<string>(
    name,
    isOne,
    (u, context) => (isOne(u) ? t.success(u) : t.failure(u, context, `expected ${name}`)),
    t.identity,
  );
};

/** One word of 1 to 200 printable ASCII characters: an id, a name of a model, never a text. */
export const TOKEN = /^[!-~]{1,200}$/;
export const Token = pattern('Token', TOKEN);

/** RFC 3339 in UTC with milliseconds: `2026-06-30T21:59:59.000Z`. */
export const TIMESTAMP = /^\d{4}-(0[1-9]|1[0-2])-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
export const Timestamp = pattern('Timestamp', TIMESTAMP);

/** A calendar month of the company's time zone, such as `2026-06`. */
export const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
export const Month = pattern('Month', MONTH);

/** SHA-256, lower-case hex. */
export const SHA256 = /^[0-9a-f]{64}$/;
export const Sha256 = pattern('Sha256', SHA256);

export { timestamp };

export const timestampOrNull = (instant: number | null): string | null =>
  instant === null ? null : timestamp(instant);

const WORD = /^[A-Za-z0-9][A-Za-z0-9._:/~+-]{0,99}$/;

/**
 * A stored word that came from outside, such as a platform or a consent method. What is no word is
 * published as `other`: a sentence or an address in such a field stays inside.
 */
export const word = (stored: string): string => (WORD.test(stored) ? stored : 'other');

const ADDRESS = /@|%40/;

/**
 * An e-mail address is one word, too, and stands where an id was expected: nothing that holds one leaves. Asked of
 * the JSON of published data, whose texts are words of printable ASCII: none of it is written in another way there.
 */
export const holdsAddress = (json: string): boolean => ADDRESS.test(json);
