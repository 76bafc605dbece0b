import {
  isContact,
  isCourtesy,
  isFromRemote,
  isPoliteness,
  isQuestion,
  isSubstance,
  tellsProblem,
} from './cues.js';
import { isFollowUp, tellsPlan } from './follow-ups.js';
import { tellsFailure, tellsPast, tellsRefusal, tellsSuccess } from './outcome-cues.js';
import type { Sentence } from './sentences.js';
import { isStep } from './steps.js';
import { asSentence, quoted } from './wording.js';

type Told = readonly Sentence[];
export type Result = Readonly<{ text: string; used: Told }>;

const STATEMENT_WORDS_MIN = 3;
const ANSWER_WORDS_MIN = 5;

const lastOf = (told: Told, accepts: (sentence: Sentence) => boolean): Sentence | undefined =>
  told.filter(accepts).at(-1);

const isAnswer = (sentence: Sentence): boolean =>
  (sentence.voice === 'supporter' || sentence.voice === 'assistant') &&
  isSubstance(sentence) &&
  !isQuestion(sentence) &&
  !isStep(sentence) &&
  !tellsPlan(sentence) &&
  !isFollowUp(sentence, []) &&
  !isPoliteness(sentence) &&
  !tellsFailure(sentence) &&
  sentence.words.length >= ANSWER_WORDS_MIN;

const mayStandBeside = (sentence: Sentence): boolean =>
  isFromRemote(sentence) &&
  isSubstance(sentence) &&
  !isQuestion(sentence) &&
  !isContact(sentence) &&
  !isPoliteness(sentence) &&
  !tellsPlan(sentence);

/** What the remote side says of its own accord once the work is done. */
const isStatement = (sentence: Sentence): boolean =>
  mayStandBeside(sentence) &&
  !tellsPast(sentence) &&
  !/\b(?:forward to|help|(?:thanks?|thank you|thx) (?:\w+ )?for|id need|(?:i|we) (?:want|need|would like)|do not want)\b|^(?:dont|please|have|take|enjoy)\b/.test(
    sentence.plain,
  ) &&
  sentence.words.length >= STATEMENT_WORDS_MIN;

const closedContent = (told: Told): boolean =>
  told
    .slice(-6)
    .some(
      (s) =>
        isFromRemote(s) &&
        /\b(?:thank|thanks|thankyou|no ?thanks|nothing|thats all|bye|perfect|great)\b/.test(
          s.plain,
        ),
    );

const isSetback = (sentence: Sentence): boolean =>
  isFromRemote(sentence) &&
  !tellsSuccess(sentence) &&
  !isCourtesy(sentence) &&
  (tellsProblem(sentence) || tellsFailure(sentence)) &&
  !tellsPast(sentence);

/** Success that nothing said later takes back. */
const standing = (
  after: Told,
  isSpeaker: (sentence: Sentence) => boolean,
): Sentence | undefined => {
  const found = lastOf(after, (sentence) => isSpeaker(sentence) && tellsSuccess(sentence));
  if (found === undefined) return undefined;
  return after.slice(after.indexOf(found) + 1).some(isSetback) ? undefined : found;
};

const together = (told: Told): string => `“${asSentence(told.map(({ text }) => text).join(' '))}”`;

/** The statements of the last turn that has any. */
const lastStatements = (after: Told): Told => {
  const last = lastOf(after, isStatement);
  return last === undefined ? [] : after.filter((s) => s.item === last.item && mayStandBeside(s));
};

type Part = Readonly<{ text: string; used: Told }> | undefined;

const customersPart = (after: Told, hasWork: boolean, isClosed: boolean): Part => {
  const confirmed = standing(after, isFromRemote);
  if (confirmed !== undefined)
    return { text: `The customer confirmed: ${quoted(confirmed)}`, used: [confirmed] };
  const said = hasWork ? lastStatements(after) : [];
  if (said.length === 0) return undefined;
  return {
    text: `The customer said${isClosed ? '' : ' at the end'}: ${together(said)}`,
    used: said,
  };
};

const isFromSupport = ({ voice }: Sentence): boolean => voice === 'supporter';

/** What the two sides said after the last step: success first, else their last word, unjudged. */
const endOf = (after: Told, hasWork: boolean): Result | undefined => {
  const reported = standing(after, isFromSupport);
  const customer = customersPart(after, hasWork, reported !== undefined);
  if (reported !== undefined)
    return {
      text: [customer?.text, `The supporter reported: ${quoted(reported)}`]
        .filter((each) => each !== undefined)
        .join(' '),
      used: [...(customer?.used ?? []), reported],
    };
  if (customer === undefined || customer.text.startsWith('The customer confirmed')) return customer;
  const answer = lastOf(after, isAnswer);
  if (answer === undefined) return customer;
  return { text: `${customer.text} The supporter said: ${quoted(answer)}`, used: customer.used };
};

const refusalIn = (told: Told): Result | undefined => {
  const refusal = lastOf(told, (s) => isFromSupport(s) && tellsRefusal(s));
  return refusal === undefined
    ? undefined
    : { text: `Not possible, the supporter said: ${quoted(refusal)}`, used: [] };
};

const failureIn = (after: Told): Result | undefined => {
  const failure = lastOf(after, (s) => isFromRemote(s) && tellsFailure(s) && !tellsPast(s));
  if (failure === undefined || after.slice(after.indexOf(failure) + 1).some(tellsSuccess))
    return undefined;
  return { text: `Not solved; last heard: ${quoted(failure)}`, used: [] };
};

const answerIn = (after: Told): Result | undefined => {
  const answer = lastOf(after, isAnswer);
  return answer === undefined
    ? undefined
    : { text: `The supporter answered: ${quoted(answer)}`, used: [] };
};

/** Said while the work still went on: quoted with its place, as no outcome. */
const earlierSuccess = (before: Told): Result | undefined => {
  const found = lastOf(before, (sentence) => isFromRemote(sentence) && tellsSuccess(sentence));
  return found === undefined
    ? undefined
    : {
        text: `No outcome was stated after the last step. Before it the customer said: ${quoted(found)}`,
        used: [],
      };
};

const withoutWords = (told: Told, before: Told): Result => {
  const action = lastOf(before, ({ voice }) => voice === 'action');
  if (action !== undefined)
    return { text: `Last recorded action: ${asSentence(action.text)}`, used: [] };
  return {
    text: closedContent(told)
      ? 'No outcome was stated; the customer closed the conversation without further questions.'
      : 'No outcome was recorded.',
    used: [],
  };
};

/** How it ended, as far as somebody said so after the last recorded step; never a guess. */
export const resultOf = (told: Told, problem: Told): Result => {
  const spoken = told.filter((s) => s.voice === 'action' || !problem.includes(s));
  const lastWork = spoken.findLastIndex(({ voice }) => voice === 'action');
  const before = spoken.slice(0, lastWork + 1);
  const after = spoken.slice(lastWork + 1);
  return (
    failureIn(after) ??
    endOf(after, lastWork >= 0) ??
    refusalIn(spoken) ??
    answerIn(after) ??
    earlierSuccess(before) ??
    withoutWords(told, before)
  );
};
