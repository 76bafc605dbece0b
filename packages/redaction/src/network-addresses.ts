import { isIPv4, isIPv6 } from 'node:net';
import type { Span } from './finding.js';

const CANDIDATE = /[0-9A-Fa-f:.]{2,}/g;
/** IPv4-mapped IPv6 is the longest way to write one: 45 characters. */
const LENGTH_MAX = 47;
/** "version 16.0.5.1" has the shape of an address. */
const VERSION_BEFORE =
  /(?:\bversion|\bver\.?|\bv\.?|\bbuild|\brelease|\bfirmware)[ :]{0,2}(?:is )?$/i;

const trimmed = (text: string, from: number, to: number): readonly [number, number] => {
  let start = from;
  let end = to;
  while (start < end && text.charAt(start) === '.') start += 1;
  while (start < end && text.charAt(end - 1) === '.') end -= 1;
  if (text.charAt(start) === ':' && text.charAt(start + 1) !== ':') start += 1;
  if (text.charAt(end - 1) === ':' && text.charAt(end - 2) !== ':') end -= 1;
  return [start, end];
};

const isWordCharacter = (character: string): boolean => /[\p{L}\p{N}_]/u.test(character);

/** With a port: `10.0.0.1:8080` is found up to the colon. */
const addressEnd = (text: string, start: number, end: number): number | undefined => {
  const word = text.slice(start, end);
  const colon = word.indexOf(':');
  if (colon < 0) return isIPv4(word) ? end : undefined;
  if (isIPv4(word.slice(0, colon))) return start + colon;
  return /[0-9a-f]/i.test(word) && isIPv6(word) ? end : undefined;
};

/** IP addresses, v4 and v6 (rulebook §4). */
export const ipAddresses = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const [start, end] = trimmed(text, match.index, match.index + match[0].length);
    if (end - start > LENGTH_MAX || isWordCharacter(text.charAt(start - 1))) continue;
    const last = addressEnd(text, start, end);
    if (last === undefined || (last === end && isWordCharacter(text.charAt(end)))) continue;
    if (VERSION_BEFORE.test(text.slice(Math.max(0, start - 20), start))) continue;
    spans.push({ start, end: last, kind: 'ip' });
  }
  return spans;
};
