import {
  isAttempt,
  isContact,
  isDetail,
  isFromRemote,
  isInstruction,
  isOffer,
  isQuestion,
  isReport,
  isSubstance,
  tellsProblem,
} from './cues.js';
import { isFollowUp, isWorkAhead, tellsPlan } from './follow-ups.js';
import { tellsDeadEnd, tellsFailure, tellsPast, tellsSuccess } from './outcome-cues.js';
import type { Sentence } from './sentences.js';
import { asSentence, asStatement, quoted } from './wording.js';

type Told = readonly Sentence[];

const isSupportersStep = (sentence: Sentence): boolean =>
  isInstruction(sentence) ||
  isWorkAhead(sentence) ||
  (!isQuestion(sentence) && (isAttempt(sentence) || isReport(sentence) || isOffer(sentence)));

export const isStep = (sentence: Sentence): boolean => {
  switch (sentence.voice) {
    case 'action':
      return true;
    case 'assistant':
      return isInstruction(sentence);
    case 'supporter':
      return isSupportersStep(sentence);
    case 'remote-side':
      return isAttempt(sentence) || (isInstruction(sentence) && /\bi\b/.test(sentence.plain));
  }
};

const ATTRIBUTION: Readonly<Record<Sentence['voice'], string>> = {
  action: '',
  supporter: 'Supporter: ',
  'remote-side': 'Customer: ',
  assistant: 'Assistant: ',
};

export const stepText = (sentence: Sentence): string =>
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

/** "I tried again and …" looks at the step before; "I restarted it, without success" is a step itself. */
const looksBack = ({ plain }: Sentence): boolean =>
  /\btried (?:it |that |this )?(?:again|once more)\b|\bagain after\b|\b(?:started|opened|made) .*\bagain\b/.test(
    plain,
  );

/** A failure closes the step before it as a dead end; with no step before, it is one of its own. */
const addFailure = (steps: Open[], sentence: Sentence): void => {
  const last = steps.at(-1);
  const isOwn = isAttempt(sentence) && !looksBack(sentence) && isFromRemote(sentence);
  if (!isFromRemote(sentence) && (last === undefined || last.failed || last.details)) return;
  if (isOwn || last === undefined || last.details || last.failed)
    steps.push({ text: stepText(sentence), details: false, failed: true });
  else {
    last.text = `${withoutEnd(last.text)} → did not help: ${quoted(sentence)}`;
    last.failed = true;
  }
};

/** In a dialogue a bare number answers a question that the summary does not repeat. */
const isTellingDetail = (sentence: Sentence, isTwoSided: boolean): boolean =>
  isDetail(sentence) && !isQuestion(sentence) && !(isTwoSided && sentence.words.length === 0);

/** Items within which a recorded action is what a supporter had announced. */
const RECORDED_WITHIN_ITEMS = 3;

const isRecorded = (sentence: Sentence, later: Told): boolean =>
  isWorkAhead(sentence) &&
  later.some(
    ({ voice, item }) => voice === 'action' && item <= sentence.item + RECORDED_WITHIN_ITEMS,
  );

/** Courtesies, identification and the good end, which is the result's. */
const isBesideTheWork = (sentence: Sentence): boolean =>
  sentence.voice !== 'action' &&
  (!isSubstance(sentence) || isContact(sentence) || tellsSuccess(sentence));

/** "It worked in May": no outcome, but worth knowing. */
const tellsHowItWas = (sentence: Sentence): boolean =>
  tellsPast(sentence) && /\b(?:worked|was|were|had|used to)\b/.test(sentence.plain);

/** Sentences of the rest of the session in which work is looked for that was announced. */
export const LATER_MAX = 200;

type Scene = Readonly<{ steps: Open[]; isTwoSided: boolean; later: Told }>;

const addRemote = ({ steps, isTwoSided }: Scene, sentence: Sentence): void => {
  const hasWork = isTwoSided && steps.some(({ details }) => !details);
  if (tellsFailure(sentence)) addFailure(steps, sentence);
  else if (isStep(sentence) || (hasWork && tellsProblem(sentence) && !isQuestion(sentence)))
    steps.push({ text: stepText(sentence), details: false, failed: false });
  else if (isTellingDetail(sentence, isTwoSided) || (hasWork && tellsHowItWas(sentence)))
    addDetail(steps, sentence);
};

const add = (scene: Scene, sentence: Sentence): void => {
  const { steps, later } = scene;
  if (sentence.voice === 'action' || sentence.voice === 'assistant') {
    if (isStep(sentence)) steps.push({ text: stepText(sentence), details: false, failed: false });
  } else if (isFollowUp(sentence, later) || (tellsPlan(sentence) && !isWorkAhead(sentence))) return;
  else if (isFromRemote(sentence)) addRemote(scene, sentence);
  else if (tellsDeadEnd(sentence)) addFailure(steps, sentence);
  else if (isStep(sentence) && !isRecorded(sentence, later))
    steps.push({ text: stepText(sentence), details: false, failed: false });
};

/** "A question will appear, please answer it": said before anybody knew the problem. */
const isOpening = (sentence: Sentence, problem: Sentence | undefined): boolean =>
  sentence.voice === 'supporter' &&
  problem !== undefined &&
  sentence.item < problem.item &&
  !isAttempt(sentence) &&
  !isReport(sentence);

type Elsewhere = Readonly<{ problem: Told; result: Told }>;

/** What was done, in order; a dead end with what was said of it. What other fields tell is left out. */
export const stepsOf = (told: Told, { problem, result }: Elsewhere): readonly string[] => {
  const steps: Open[] = [];
  const isTwoSided = told.some(({ voice }) => voice === 'supporter' || voice === 'action');
  const used = [...problem, ...result];
  told.forEach((sentence, index) => {
    const isTold = used.includes(sentence) && sentence.voice !== 'action';
    if (isTold || isBesideTheWork(sentence) || isOpening(sentence, problem[0])) return;
    add({ steps, isTwoSided, later: told.slice(index + 1, index + 1 + LATER_MAX) }, sentence);
  });
  return steps.map(({ text, details }) => (details ? `${text}.` : text));
};
