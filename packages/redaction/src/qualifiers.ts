import { announcementsIn, valueOf } from './announcements.js';
import type { Token } from './tokens.js';

/** "The old web shop password": at most this many words say which password is meant. */
const QUALIFIERS_MAX = 3;

const DETERMINER =
  /^(?:an?|the|this|that|my|your|our|his|her|its|their|new|der|die|das|dem|den|ein|einen?|mein|dein|ihr|unser|une?|le|la|el|mon|votre|mi|su|tu|een|het|de|uw|um|uma|o|seu)$/;
/** What passwords are for and how they are handed out: tells which, also without an article. */
const PURPOSE =
  /^(?:temporary|temp|initial|default|standard|one-time|single-use|web|shop|webshop|portal|wi-?fi|wlan|router|network|vpn|domain|windows|outlook|office|mail|e-mail|admin|root|guest|master|local|database|db|server|bios|app|application|account|login|vorläufiges|temporäres|provisoire|temporal|tijdelijk|provisório)$/;

const isDescribing = (token: Token): boolean =>
  token.placeholder === undefined && !/\p{N}/u.test(token.word);

/** The words right before a head, back to an article, or those whose meaning is known. */
const before = (tokens: readonly Token[], head: number): readonly Token[] => {
  const words: Token[] = [];
  for (let at = head - 1; at >= Math.max(0, head - 1 - QUALIFIERS_MAX); at -= 1) {
    const token = tokens[at];
    if (token === undefined || !isDescribing(token) || tokens[at + 1]?.opensSentence === true)
      break;
    if (DETERMINER.test(token.word)) return words;
    words.push(token);
  }
  const known = words.findIndex((token) => !PURPOSE.test(token.word));
  return known < 0 ? words : words.slice(0, known);
};

/**
 * "Temporary" in "a temporary password: …": where the secret itself stands after its name, the words before
 * that name are no answer to a question for it.
 */
export const qualifiersIn = (text: string, tokens: readonly Token[]): ReadonlySet<Token> => {
  const found = new Set<Token>();
  for (const announcement of announcementsIn(tokens)) {
    const { head, at, after } = announcement;
    const isFollowed = tokens.slice(after, after + VALUE_WITHIN_WORDS).some(isHidden);
    if (head.kind !== 'password' || !isFollowed) continue;
    if (valueOf(text, tokens, announcement) === 'filled')
      for (const token of before(tokens, at)) found.add(token);
  }
  return found;
};

const VALUE_WITHIN_WORDS = 6;
const isHidden = ({ placeholder }: Token): boolean =>
  placeholder === 'password' || placeholder === 'secret';
