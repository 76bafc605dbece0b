import type { SummaryBody } from '@daybook/domain/summaries';
import { BOUNDS, shortened } from './bounds.js';
import {
  applicationsIn,
  isAttempt,
  isCourtesy,
  isDetail,
  isIdentification,
  isInstruction,
  isOffer,
  isPoliteness,
  isReport,
  isQuestion,
  tellsFailure,
  tellsFollowUp,
  tellsProblem,
  tellsRefusal,
  tellsRequest,
  tellsSuccess,
  topicsIn,
} from './cues.js';
import type { Sentence } from './sentences.js';
import { asSentence, asStatement, asTitle, quoted } from './wording.js';

/** Sentences of the remote side that tell the problem: the first one, and what it adds soon after. */
const PROBLEM_SENTENCES_MAX = 3;
/** Items after the first sentence within which more of the problem is looked for. */
const PROBLEM_ITEMS_MAX = 8;
const PROBLEM_WORDS_MIN = 2;

type Told = readonly Sentence[];

const isSubstance = (sentence: Sentence): boolean =>
  !isCourtesy(sentence) && !isIdentification(sentence);

const isFromRemote = (sentence: Sentence): boolean => sentence.voice === 'remote-side';

const mayTellProblem = (sentence: Sentence): boolean =>
  isFromRemote(sentence) &&
  isSubstance(sentence) &&
  sentence.words.length >= PROBLEM_WORDS_MIN &&
  !tellsSuccess(sentence);

const tellsWhatIsWanted = (sentence: Sentence): boolean =>
  tellsProblem(sentence) || tellsRequest(sentence);

/** Work on the problem has begun, or much else was said. */
const endsProblem = (sentence: Sentence, first: Sentence): boolean =>
  sentence.item > first.item + PROBLEM_ITEMS_MAX ||
  (sentence.voice !== 'action' && isStep(sentence)) ||
  tellsSuccess(sentence) ||
  tellsFailure(sentence);

const addsToProblem = (sentence: Sentence, first: Sentence): boolean =>
  mayTellProblem(sentence) &&
  !isAttempt(sentence) &&
  (sentence.item === first.item || (!isDetail(sentence) && tellsProblem(sentence)));

/** The first sentence that tells a problem or a wish, and those right after it that tell more. */
const problemOf = (told: Told): Told => {
  const candidates = told.filter(mayTellProblem);
  const first =
    candidates.find(tellsWhatIsWanted) ??
    candidates.find((sentence) => sentence.words.length >= 4 && !isDetail(sentence));
  if (first === undefined) return [];
  const start = told.indexOf(first);
  const more: Sentence[] = [];
  for (const sentence of told.slice(start + 1)) {
    if (more.length + 1 >= PROBLEM_SENTENCES_MAX || endsProblem(sentence, first)) break;
    if (addsToProblem(sentence, first)) more.push(sentence);
  }
  return [first, ...more];
};

const isStep = (sentence: Sentence): boolean => {
  if (sentence.voice === 'action') return true;
  if (sentence.voice === 'assistant') return isInstruction(sentence);
  if (sentence.voice === 'supporter')
    return (
      isInstruction(sentence) ||
      (!isQuestion(sentence) && (isAttempt(sentence) || isReport(sentence) || isOffer(sentence)))
    );
  return isAttempt(sentence) || (isInstruction(sentence) && /\bi\b/.test(sentence.plain));
};

const ATTRIBUTION: Readonly<Record<Sentence['voice'], string>> = {
  action: '',
  supporter: 'Supporter: ',
  'remote-side': 'Customer: ',
  assistant: 'Assistant: ',
};

const stepText = (sentence: Sentence): string =>
  `${ATTRIBUTION[sentence.voice]}${asSentence(asStatement(sentence.text))}`;

const withoutEnd = (text: string): string => text.replace(/[.\s]+$/, '');

type Open = { text: string; details: boolean; failed: boolean };

/** What the remote side answered, gathered in one step as long as nothing else happens between. */
const addDetail = (steps: Open[], sentence: Sentence): void => {
  const last = steps.at(-1);
  const detail = withoutEnd(asSentence(sentence.text));
  if (last?.details === true) last.text = `${last.text}; ${detail}`;
  else steps.push({ text: `Details given: ${detail}`, details: true, failed: false });
};

/** A failure closes the step before it as a dead end; with no step before, it is one of its own. */
const addFailure = (steps: Open[], sentence: Sentence): void => {
  const last = steps.at(-1);
  if (isAttempt(sentence) || last === undefined || last.details || last.failed)
    steps.push({ text: stepText(sentence), details: false, failed: true });
  else {
    last.text = `${withoutEnd(last.text)} → did not help: ${quoted(sentence)}`;
    last.failed = true;
  }
};

/** In a dialogue a bare number answers a question that the summary does not repeat. */
const isTellingDetail = (sentence: Sentence, isTwoSided: boolean): boolean =>
  isDetail(sentence) && !isQuestion(sentence) && !(isTwoSided && sentence.words.length === 0);

/** Courtesies, identification and the good end, which is the result's. */
const isBesideTheWork = (sentence: Sentence): boolean =>
  sentence.voice !== 'action' && (!isSubstance(sentence) || tellsSuccess(sentence));

const stepsOf = (told: Told, problem: Told): readonly string[] => {
  const steps: Open[] = [];
  const isTwoSided = told.some(({ voice }) => voice === 'supporter');
  for (const sentence of told) {
    if (problem.includes(sentence) || isBesideTheWork(sentence)) continue;
    if (isFromRemote(sentence) && tellsFailure(sentence)) addFailure(steps, sentence);
    else if (isStep(sentence) && (sentence.voice === 'action' || !tellsFollowUp(sentence)))
      steps.push({ text: stepText(sentence), details: false, failed: false });
    else if (isFromRemote(sentence) && isTellingDetail(sentence, isTwoSided))
      addDetail(steps, sentence);
  }
  return steps.map(({ text, details }) => (details ? `${text}.` : text));
};

const lastOf = (told: Told, accepts: (sentence: Sentence) => boolean): Sentence | undefined =>
  told.filter(accepts).at(-1);

const isAnswer = (sentence: Sentence): boolean =>
  (sentence.voice === 'supporter' || sentence.voice === 'assistant') &&
  isSubstance(sentence) &&
  !isQuestion(sentence) &&
  !isStep(sentence) &&
  !tellsFollowUp(sentence) &&
  !isPoliteness(sentence) &&
  sentence.words.length >= 5;

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

const isOutcome = (sentence: Sentence): boolean => {
  if (sentence.voice === 'action') return false;
  if (tellsSuccess(sentence)) return true;
  return isFromRemote(sentence) ? tellsFailure(sentence) : tellsRefusal(sentence);
};

const outcomeText = (sentence: Sentence): string => {
  if (tellsSuccess(sentence))
    return `${isFromRemote(sentence) ? 'The customer confirmed' : 'The supporter reported'}: ${quoted(sentence)}`;
  if (tellsFailure(sentence)) return `Not solved; last heard: ${quoted(sentence)}`;
  return `Not possible, the supporter said: ${quoted(sentence)}`;
};

const resultOf = (told: Told, problem: Told): string => {
  const after = told.filter((sentence) => !problem.includes(sentence));
  const found = lastOf(after, isOutcome);
  if (found !== undefined) return outcomeText(found);
  const answer = lastOf(after, isAnswer);
  if (answer !== undefined) return `The supporter answered: ${quoted(answer)}`;
  const action = lastOf(after, (sentence) => sentence.voice === 'action');
  if (action !== undefined) return `Last recorded action: ${asSentence(action.text)}`;
  return closedContent(told)
    ? 'No outcome was stated; the customer closed the conversation without further questions.'
    : 'No outcome was recorded.';
};

const followUpsOf = (told: Told, problem: Told): readonly string[] =>
  told
    .filter(
      (s) => s.voice !== 'action' && !problem.includes(s) && tellsFollowUp(s) && !isQuestion(s),
    )
    .map(stepText);

const kebab = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const tagsOf = (told: Told, problem: Told): readonly string[] => {
  const source = problem.length > 0 ? problem : told.filter(isFromRemote);
  const topics = topicsIn(source.map((sentence) => sentence.plain).join('\n'));
  const spoken = told.filter((sentence) => sentence.voice !== 'assistant');
  const applications = applicationsIn(spoken.map((sentence) => sentence.text).join('\n'));
  return [...new Set([...topics, ...applications.map(kebab)])];
};

const distinct = (
  texts: readonly string[],
  limits: readonly [count: number, length: number],
): string[] => [...new Set(texts)].slice(0, limits[0]).map((text) => shortened(text, limits[1]));

const titleOf = (problem: Told, tags: readonly string[]): string => {
  const first = problem.find((sentence) => topicsIn(sentence.plain).length > 0) ?? problem[0];
  if (first !== undefined) return asTitle(first.text);
  return tags.length > 0 ? `Session about ${tags.join(', ')}` : 'Session without a stated problem';
};

/** Problem → steps with dead ends → result → follow-ups, in the words of the session. */
export const bodyOf = (told: Told): SummaryBody => {
  const problem = problemOf(told);
  const tags = tagsOf(told, problem);
  const stated = problem.map((sentence) => asSentence(sentence.text)).join(' ');
  return {
    title: shortened(titleOf(problem, tags), BOUNDS.titleLength),
    problem: shortened(stated === '' ? 'No problem was stated.' : stated, BOUNDS.problemLength),
    steps: distinct(stepsOf(told, problem), [BOUNDS.stepsMax, BOUNDS.stepLength]),
    result: shortened(resultOf(told, problem), BOUNDS.resultLength),
    followUps: distinct(followUpsOf(told, problem), [BOUNDS.followUpsMax, BOUNDS.stepLength]),
    tags: distinct(tags, [BOUNDS.tagsMax, BOUNDS.tagLength]),
  };
};
