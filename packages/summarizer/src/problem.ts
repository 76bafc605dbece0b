import {
  isAttempt,
  isDetail,
  isFromRemote,
  isSubstance,
  tellsProblem,
  tellsRequest,
} from './cues.js';
import type { Notes } from './notes.js';
import { tellsFailure, tellsSuccess } from './outcome-cues.js';
import type { Sentence } from './sentences.js';
import { isStep } from './steps.js';

/** Sentences of the remote side that tell the problem: the first one, and what it adds soon after. */
const PROBLEM_SENTENCES_MAX = 3;
/** Items after the first sentence within which more of the problem is looked for. */
const PROBLEM_ITEMS_MAX = 8;
const PROBLEM_WORDS_MIN = 2;

type Told = readonly Sentence[];

const mayTellProblem = (sentence: Sentence): boolean =>
  isFromRemote(sentence) &&
  isSubstance(sentence) &&
  sentence.words.length >= PROBLEM_WORDS_MIN &&
  !/^(?:sorry|apologies|entschuldigung|désolée?|perdón|scusi|desculpe)\b/.test(sentence.plain) &&
  !tellsSuccess(sentence);

const tellsWhatIsWanted = (sentence: Sentence): boolean =>
  tellsProblem(sentence) || tellsRequest(sentence);

/** Work on the problem has begun, or much else was said. */
const endsProblem = (sentence: Sentence, first: Sentence): boolean =>
  sentence.item > first.item + PROBLEM_ITEMS_MAX ||
  (sentence.voice !== 'action' && isStep(sentence)) ||
  tellsSuccess(sentence) ||
  (tellsFailure(sentence) && sentence.item !== first.item);

const addsToProblem = (sentence: Sentence, first: Sentence): boolean =>
  mayTellProblem(sentence) &&
  !isAttempt(sentence) &&
  (sentence.item === first.item || (!isDetail(sentence) && tellsProblem(sentence)));

const statedBy = (told: Told): Told => {
  const candidates = told.filter(mayTellProblem);
  const begun = told.find(({ voice }) => voice === 'action')?.item ?? Infinity;
  const first =
    candidates.find(tellsWhatIsWanted) ??
    candidates.find((s) => s.words.length >= 4 && !isDetail(s) && s.item < begun);
  if (first === undefined) return [];
  const start = told.indexOf(first);
  const more: Sentence[] = [];
  for (const sentence of told.slice(start + 1)) {
    if (more.length + 1 >= PROBLEM_SENTENCES_MAX || endsProblem(sentence, first)) break;
    if (addsToProblem(sentence, first)) more.push(sentence);
  }
  return [first, ...more];
};

/** An action whose text names an alert or an error. */
const NAMES_FAULT =
  /(?<!\p{L})(?:alert|alarm|error\p{L}*|fail\p{L}*|warning|exception|expired|crash\p{L}*|stopped|denied|outage|offline|disk full|\p{L}*fehler\p{L}*|störung|warnung|abgelaufen|erreur|panne|alerte|fallo|alerta|avería|errore|guasto|allarme|foutmelding|storing|erro|falha)(?!\p{L})/u;

const isFault = ({ voice, plain }: Sentence): boolean =>
  voice === 'action' && NAMES_FAULT.test(plain.replace(/\b(?:no|without) errors?\b/g, ' '));

/**
 * What was noted as the problem; else the first sentence of the remote side that tells a problem or a wish, and
 * those right after it that tell more; where nobody spoke, the first action that names an alert or error.
 */
export const problemOf = ({ problem, rest }: Notes): Told => {
  if (problem.length > 0) return problem;
  if (rest.some(isFromRemote)) return statedBy(rest);
  const fault = rest.find(isFault);
  return fault === undefined ? [] : [fault];
};
