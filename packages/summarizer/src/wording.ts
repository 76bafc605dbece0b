import { withApplicationNames } from './topics.js';
import type { Sentence } from './sentences.js';

const GREETING =
  'hi|hai|hello|hey|dear|good (?:morning|afternoon|evening|day)|happy morning|greetings|guten (?:morgen|tag|abend)|hallo|moin|servus|grüezi|grüß gott|bonjour|bonsoir|salut|hola|buen(?:os|as) (?:días|dias|tardes|noches)|ciao|buongiorno|buonasera|salve|olá|oi|bom dia|boa (?:tarde|noite)|goede(?:morgen|middag|navond)|goedendag|hej|god (?:morgon|morgen|dag)|hei|cześć|dzień dobry|dobrý den|здравствуйте|добрый день';
/** Said to somebody: "Hello Jule,", "Bonjour Madame,"; only with the sign that ends it. */
const ADDRESSED = new RegExp(
  `^(?:${GREETING})(?: (?:herr|frau|mr|mrs|ms))?\\.? \\p{L}+\\s*[,!]\\s*`,
  'iu',
);
const LEAD_IN = new RegExp(
  `^(?:(?:${GREETING}|sir|madam|team|robin|yes|yeah|ja|oui|sí|ok|okay|sure|so|well|actually|also|because|then|please|pls|bitte|thanks|thank you|and|but|und|aber)(?:[\\s,!.:-]+|$))+`,
  'iu',
);
const WISH =
  /^(?:i(?:'m| am|m)? (?:just )?(?:wanted|want|need|wish|would like|like|wanna|am looking|looking|have|was trying|am trying|trying|am|was|got)|i'?d (?:like|love)|i'?ve (?:got)?|we (?:want|need|would like|have)|just wanted|could you (?:please )?(?:help me(?: to| with)?)?|can you (?:please )?(?:help me(?: to| with)?)?|please|there is|need|want|would like|looking|i are|i)\s+(?:to |for |with |a |an |some |having |experiencing |facing |getting |need |want )*/i;
const CLOSING =
  /(?:[,.]?\s*(?:please help(?: me)?(?: sir)?|(?:please |pls |kindly )?(?:can|could) you (?:please )?help(?: me| us)?(?: (?:with|for|to)(?: \w+){1,4})?|(?:please|pls|kindly) help(?: me| us)?(?: (?:with|for|to)(?: \w+){1,4})?|help me|please|pls|sir|madam|thanks|thank you)[\s?.!]*)+$/i;
const RENAMED = /\bcan you help me with that\b\??/gi;

/** A command ("gpupdate /force") keeps its spelling. */
const capitalised = (text: string): string =>
  /^[a-z]+ \/\w/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

const withoutLeadIn = (text: string): string =>
  text
    .replace(/^[\s.,;:!-]+/, '')
    .replace(ADDRESSED, '')
    .replace(LEAD_IN, '')
    .trim();

/** The sentence as it stands, with a capital and an end. */
export const asSentence = (text: string): string => {
  const spoken = withApplicationNames(withoutLeadIn(text) || text)
    .replace(/\bi\b/g, 'I')
    .replace(/\s*\.{2,}$/, '');
  const ended = /[.!?…]["”)]?$/.test(spoken) ? spoken : `${spoken}.`;
  return capitalised(ended);
};

/** Quoted speech, for what only its speaker can vouch for. */
export const quoted = (sentence: Sentence): string => `“${asSentence(sentence.text)}”`;

/** "The thing is that …", "I was wondering whether you could help me, …". */
const PREAMBLE =
  /^(?:the (?:thing|problem|issue) is(?: that)?|i was wondering (?:if|whether) you (?:can|could) help(?: me)?)[\s,:]+(?=\S+ \S)/i;

/** A problem sentence as a headline: without greeting, wish and plea. */
export const asTitle = (text: string): string => {
  const core = withoutLeadIn(text)
    .replace(PREAMBLE, '')
    .replace(RENAMED, '')
    .replace(CLOSING, '')
    .replace(CLOSING, '');
  const wished = core
    .replace(WISH, '')
    .replace(/\b(?:my|our) /gi, '')
    .trim();
  const chosen = wished.split(/\s+/).length >= 2 ? wished : core;
  return capitalised(
    withApplicationNames(chosen)
      .replace(/\bi\b/g, 'I')
      .replace(/[\s.,!?;:]+$/, ''),
  );
};

const POLITE_QUESTION =
  /^(?:(?:ok|okay|now|then),? )?(?:could|can|would) you (?:please |kindly |just )*(?=\w)(.*?)\?*$/i;

/** "Could you restart it?" as the step it is. */
export const asStatement = (text: string): string => POLITE_QUESTION.exec(text)?.[1] ?? text;
