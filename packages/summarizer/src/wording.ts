import { withApplicationNames } from './cues.js';
import type { Sentence } from './sentences.js';

const LEAD_IN =
  /^(?:(?:hi|hai|hello|hey|dear|good (?:morning|afternoon|evening)|happy morning|sir|madam|team|robin|yes|yeah|ok|okay|sure|so|well|actually|please|pls|thanks|thank you|and|but)[\s,!.:-]+)+/i;
const WISH =
  /^(?:i(?:'m| am|m)? (?:just )?(?:wanted|want|need|wish|would like|like|wanna|am looking|looking|have|was trying|am trying|trying|am|was|got)|i'?d (?:like|love)|i'?ve (?:got)?|we (?:want|need|would like|have)|just wanted|could you (?:please )?(?:help me(?: to| with)?)?|can you (?:please )?(?:help me(?: to| with)?)?|please|there is|need|want|would like|looking|i are|i)\s+(?:to |for |with |a |an |some |having |experiencing |facing |getting |need |want )*/i;
const CLOSING =
  /(?:[,.]?\s*(?:please help(?: me)?(?: sir)?|can you help(?: me)?(?: with that)?|could you help(?: me)?|help me|please|pls|sir|madam|thanks|thank you)[\s?.!]*)+$/i;
const RENAMED = /\bcan you help me with that\b\??/gi;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const withoutLeadIn = (text: string): string => text.replace(LEAD_IN, '').trim();

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

/** A problem sentence as a headline: without greeting, wish and plea. */
export const asTitle = (text: string): string => {
  const core = withoutLeadIn(text).replace(RENAMED, '').replace(CLOSING, '').replace(CLOSING, '');
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
