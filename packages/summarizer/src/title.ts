import { tellsProblem } from './cues.js';
import { plainOf, type Sentence } from './sentences.js';
import { topicsIn } from './topics.js';
import { asTitle } from './wording.js';
import { shortened } from './bounds.js';

type Told = readonly Sentence[];

/** A headline is read at a glance. */
const TITLE_LENGTH = 80;
const CLAUSE_LENGTH_MIN = 12;

const LEADING_PLACEHOLDER = /^(?:\[[a-z]+\][\s,;:.!-]*(?:(?:and|is|or)\b\s*)?)+/i;
/** Where a sentence may be cut so that what stands before it remains a clause: best at a sign. */
const BREAKS: readonly RegExp[] = [
  /\s*(?:[;,–—]|\s-|(?<=\p{L}):)\s+/gu,
  /\s+(?=(?:because|when|since|although|while|and|but|weil|wenn|obwohl|und|aber|parce|quand|et|mais|porque|cuando|y|pero|omdat|en|maar|perché|quando|ma)\s)/gu,
];

const firstClause = (text: string): string => {
  if (text.length <= TITLE_LENGTH) return text;
  for (const each of BREAKS) {
    const ends = [...text.slice(0, TITLE_LENGTH + 1).matchAll(each)].map(({ index }) => index);
    const end = ends.findLast((index) => index >= CLAUSE_LENGTH_MIN);
    if (end !== undefined) return text.slice(0, end);
  }
  return shortened(text, TITLE_LENGTH);
};

/** "I am looking for an offer and the search stays empty": the fault says more than the wish. */
const faultAfterWish = (text: string): string => {
  const wish =
    /^(?:i am|im|i'm|we are|i was) (?:looking\b|trying\b|an? \w+).*? (?:and|but) (?=\S+ \S)(.*)$/i;
  const rest = wish.exec(text)?.[1];
  return rest !== undefined && tellsProblem({ ...NOBODY, text: rest, plain: plainOf(rest) })
    ? rest
    : text;
};
const NOBODY: Sentence = {
  voice: 'remote-side',
  text: '',
  plain: '',
  words: [],
  tags: [],
  item: 0,
};

const headlineOf = (text: string): string => {
  const named = asTitle(faultAfterWish(text));
  const told = named.replace(LEADING_PLACEHOLDER, '').replace(/^(?:the|a|an) (?=\S+ \S)/i, '');
  return firstClause(told.charAt(0).toUpperCase() + told.slice(1));
};

/** 'Signed in after the alert "…"': the alert is the headline, the sign-in is not. */
const faultIn = (text: string): string => {
  const cause =
    /\b(?:after|because of|due to|wegen|nach) (?:the |an? |dem |der )?((?:alert|alarm|error|warning|failure|fehler|störung)\b.*)$/i.exec(
      text,
    )?.[1];
  return cause ?? text.split('; ').find((clause) => /\b(?:fail|error)/i.test(clause)) ?? text;
};

const SIGN_IN = /^(?:signed|logged|connected|opened|angemeldet|verbunden)\b/i;

const fromActions = (told: Told): string | undefined => {
  const actions = told.filter(({ voice }) => voice === 'action');
  const work = actions.find(({ text }) => !SIGN_IN.test(text)) ?? actions[0];
  return work === undefined ? undefined : headlineOf(work.text);
};

/** A clause of the problem; without one the first piece of recorded work, else what it was about. */
export const titleOf = (told: Told, problem: Told, tags: readonly string[]): string => {
  const chosen =
    problem.find((sentence) => topicsIn(sentence.plain).length > 0) ?? problem.find(tellsProblem);
  for (const sentence of chosen === undefined ? problem : [chosen, ...problem]) {
    const text = sentence.voice === 'action' ? faultIn(sentence.text) : sentence.text;
    const headline = headlineOf(text);
    if (/\p{L}{2}/u.test(headline)) return headline;
  }
  if (problem.length === 0) {
    const work = fromActions(told);
    if (work !== undefined && work !== '') return work;
  }
  return tags.length > 0 ? `Session about ${tags.join(', ')}` : 'Session without a stated problem';
};
