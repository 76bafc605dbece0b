/** What tells how a session ended. A claim of success must be about now, and nothing may qualify it. */
import {
  tellsDeadEndElsewhere,
  tellsFailureElsewhere,
  tellsSuccessElsewhere,
} from './other-languages.js';
import type { Sentence } from './sentences.js';

const SUCCESS =
  /\b(?:(?:is|are|its|it|now|all|that|this|everything|works?|was|been|got|finally|ya) (?:\w+ ){0,3}?(?:work(?:s|ed|ing)|resolved|fixed|solved|faster|sorted|back online)|(?:now|again|finally) (?:\w+ ){0,3}?(?:updated|opening|connected|running|opens|starts|prints)|(?:updated|opening|connected|running|opens|starts|prints) (?:\w+ )?(?:now|again|fine|well|properly|correctly)|work(?:s|ing|ed) (?:\w+ )?(?:now|fine|well|good|great|perfectly|again|perfect)|(?:resolved|fixed|solved|sorted)(?: now| it)?$|problem (?:is )?gone|gone through|went through|(?:i|we) can (?!not|see|find)\w+ (?:\w+ ){0,3}?(?:now|again)(?=\s*(?:$|[,.;!]))|(?:i|we) can (?!not|see|find)\w+ (?:now|again)(?=\s*(?:$|[,.;!]))|(?:that|this) did it|^works$|now (?:i|we) can (?!not|see|only)\w+|did the trick|no (?:more )?errors?|(?:that|it|this) (?:worked|helped))\b/;
const GONE =
  /\b(?:no longer|(?:not|doesnt|isnt|does not|is not) (?:\w+ )?(?=\w+ (?:any ?more|anymore|again)\b)) ?(?:crash\w*|fr[eo]ez\w*|hang\w*|disconnect\w*|drop\w*|fail\w*|asks?|asking|slow|stuck|blocked|locked)\b/;
/** A supporter's word for it, alone or before what was done. */
const DONE =
  /^(?:(?:ok|okay|great|perfect|good|now|all|its|it is|that is|thats)[, ]+)*(?:solved|fixed|resolved|sorted|repaired|done)(?=\s*(?:[:.,;!]|$))/;
const FAILURE =
  /\b(?:(?:still|again|again and again|yet) (?:\w+ ){0,4}?(?:not|no|cant|cannot|doesnt|wont|error|fails?|same|crash\w*|slow|stuck|get|getting|happen\w*|the|having|asks?|asking|a|an)|still (?:not|nothing|no)|still (?!work|wait|look|check|try|think)\w+ing|same (?:error|problem|issue|thing|result|message)|did ?nt? (?:\w+ )?(?:help|work|fix|change|solve)\w*|didnt (?:\w+ )?(?:help|work|fix|change|solve)\w*|(?:does|do) ?nt (?:help|work)|no (?:luck|change|difference|effect|success)|without success|not (?:help|helping|fixed|resolved|solved)|nothing (?:happened|changed|happens))\b/;
const FAILED_AGAIN =
  /\b(?:(?:dropped|crashed|froze|failed|hung|disconnected|closed|stopped) again|(?:stuck|crashe[ds]|fails|failed|blocked) too|it still (?!works?\b|runs\b|has\b|does\b|is\b|was\b)\w+s|(?:that|this|it) was(?:nt| not) (?:enough|it|the (?:cause|reason|problem)))\b/;
const REFUSAL =
  /\b(?:unfortunately|not possible|(?:we|i) (?:cannot|cant|can not|are not able|am not able|are unable|am unable)|not (?:eligible|covered|supported|allowed)|out of (?:stock|warranty))\b/;

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december';
const DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const PAST = new RegExp(
  `\\b(?:used to|until|till|yesterday|previously|formerly|earlier|back then|always|last (?:week|month|year|night|time|${DAYS}|${MONTHS})` +
    `|(?:hours?|days?|weeks?|months?|years?) ago|in (?:${MONTHS}|\\d{4})|on (?:${DAYS})|im (?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember))\\b` +
    '|(?<!\\b(?:as|like|than) (?:it was )?(?:it did )?)\\bbefore\\b(?! (?:lunch|noon|\\d))',
);
/** "If", "hope", "should", "need it": what stands before a claim and takes it back. */
const TAKEN_BACK =
  /\b(?:if|unless|whether|once|until|when|whenever|hop(?:e|ing|efully)|expect|wish|wants?|needs?|would|should|could|might|maybe|perhaps|please|how|why)\b/;
/** The same, unless "now" begins anew: "I check the same now it is working". */
const INTENDED = /\b(?:sure|check|see|try|will|to)\b/;
const QUALIFIED =
  /\b(?:but|however|except|only (?:if|when|after|in|with|until))\b(?! (?:thank|that is fine))/;
const NEGATION = /\b(?:not|isnt|arent|doesnt|never|cant|cannot|wont|didnt|hasnt|hardly|nothing)\b/;

/** Elsewhere, on hearsay, nearly or not yet: true perhaps, and no outcome of this session. */
const BESIDE =
  /\b(?:colleagues?|brother|sister|friend|neighbou?r|wife|husband|at home|in the office|the (?:old|other)|others|told|said|says|supposed|apparently|thought|i think|i guess|almost|nearly|partly|sometimes|being|working on|had (?:\w+ )?(?:work|been|fix)\w*|first time|for (?:\w+ )?(?:days|weeks|months|years))\b/;

/** About a time gone by: no word on how things stand now. */
export const tellsPast = ({ plain }: Sentence): boolean => PAST.test(plain);

export const tellsFailure = ({ plain }: Sentence): boolean =>
  FAILURE.test(plain) || FAILED_AGAIN.test(plain) || tellsFailureElsewhere(plain);

/** A supporter's word on the step before; what is "still" so may be his explanation of the cause. */
export const tellsDeadEnd = ({ plain }: Sentence): boolean =>
  /\b(?:(?:did|does)(?: not|nt) (?:\w+ )?(?:help|work|change|fix|solve)|was(?: not|nt) (?:enough|it|the (?:cause|reason|problem))|no (?:luck|effect|difference|success)|without success|same (?:error|problem|result))/.test(
    plain,
  ) || tellsDeadEndElsewhere(plain);

const claimsSuccess = ({ plain, voice }: Sentence): boolean => {
  if (GONE.test(plain)) return true;
  if (NEGATION.test(plain)) return false;
  if (voice === 'supporter' && DONE.test(plain)) return true;
  const found = SUCCESS.exec(plain);
  if (found === null) return tellsSuccessElsewhere(plain);
  const before = plain.slice(0, found.index + 1);
  return !TAKEN_BACK.test(before) && !INTENDED.test(before.slice(before.lastIndexOf(' now ') + 1));
};

export const tellsSuccess = (sentence: Sentence): boolean =>
  claimsSuccess(sentence) &&
  !/\?\s*$|\bare you\b/.test(sentence.text) &&
  !tellsPast(sentence) &&
  !QUALIFIED.test(sentence.plain) &&
  !BESIDE.test(sentence.plain) &&
  !tellsFailure(sentence);

export const tellsRefusal = ({ plain }: Sentence): boolean => REFUSAL.test(plain);
