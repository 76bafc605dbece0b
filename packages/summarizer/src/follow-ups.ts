import { isContact, isInstruction, isPoliteness, isQuestion } from './cues.js';
import { isAheadElsewhere } from './other-languages.js';
import { tellsPast, tellsSuccess } from './outcome-cues.js';
import type { Sentence } from './sentences.js';

const DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const AHEAD = new RegExp(
  `\\b(?:tomorrow|tonight|next (?:week|month|year|time|update|${DAYS})|(?:by|on|until|before) (?:${DAYS}|noon|tonight|tomorrow|next \\w+|lunch|the (?:end|evening|weekend)|\\d+ ?(?:am|pm|oclock|january|february|march|april|may|june|july|august|september|october|november|december))` +
    `|this (?:afternoon|evening|weekend|week)|later(?! (?:version|than))|after (?:the|this|our) (?:session|call|meeting)|(?:in|within) (?:the |an? |one |two |three |a few |\\d+ )(?:next )?(?:hours?|days?|weeks?)` +
    '|(?:once|twice) an? (?:day|week|month)|every (?:day|week|month)|today|from now on|in (?:the )?future|regularly)\\b',
);
/** "If it drops again": for the case that the problem comes back. */
const RECURRENCE =
  /\bif (?:it|that|this|the \w+) (?:\w+ )?(?:(?:drops?|happens?|occurs?|crash(?:es)?|fails?|appears?|stops?|freezes?|disconnects?|closes?) (?:\w+ )?again|comes? (?:back|up)|returns?|persists?|happens|remains)\b/;
const WILL =
  /\b(?:(?:will|shall|should|must|going to|have to|needs? to)\b(?! be \w+(?:ed|en)\b)|(?:ill|youll|theyll|hell|shell)\b(?= \w+))|^(?:\w+ ){0,3}well (?=\w+)/;

/** Work for others or for another time, by its verb alone. */
const HANDED_ON =
  /\b(?:i|we|they|he|she|it|you|who|someone|manager|team|technician|colleague) ?(?:will|ll|shall|are going to|am going to|is going to|need to|should) (?:\w+ ){0,3}?(?:call|send|e?mail|contact|get back|reach|ship|deliver|receive|escalate|notify|forward|order|come|visit|investigate|follow up|schedule|let you know|update you|be (?:notified|contacted|delivered|shipped|sent|processed|refunded)|give (?:you|me) an? (?:call|ring))\b|\b(?:ill|well) (?:\w+ )?(?:call|send|e?mail|contact|forward|escalate|notify|order|schedule)\b|\bcall(?:ed)? (?:you )?back\b|\bfollow up\b|\bappointment (?:for|with|on|at)\b|\bticket (?:was|has been|is) (?:created|opened)\b/;
/** Work that a session itself can hold. */
const AT_ONCE =
  /\b(?:i|we) (?:will|shall|are going to|am going to|need to) (?:\w+ ){0,2}?(?:give|create|open an?|confirm|install|look into|try (?:that )?later)\b|\bill (?:\w+ )?confirm\b/;

const STEM_LENGTH = 5;
const COMMON = /^(?:will|going|that|this|with|from|your|have|then|them|when|there|please|need)$/;

const stemsOf = (plain: string): ReadonlySet<string> =>
  new Set(
    (plain.match(/\p{L}{4,}/gu) ?? [])
      .filter((word) => !COMMON.test(word))
      .map((word) => word.slice(0, STEM_LENGTH)),
  );

const isSame = (plan: Sentence, done: Sentence): boolean => {
  const planned = stemsOf(plan.plain);
  const shared = [...stemsOf(done.plain)].filter((stem) => planned.has(stem)).length;
  return shared >= Math.min(2, planned.size) && shared > 0;
};

const isAhead = ({ plain }: Sentence): boolean => AHEAD.test(plain) || isAheadElsewhere(plain);

const WAS_ABROAD = /\b(?:war|waren|wurden?|hatten?|hat|avait|estaba|era|had|stato)\b/;

const isAheadAbroad = (sentence: Sentence): boolean =>
  sentence.voice === 'supporter' &&
  sentence.words.length >= 4 &&
  !WAS_ABROAD.test(sentence.plain) &&
  isAheadElsewhere(sentence.plain);

const isWarning = ({ plain }: Sentence): boolean =>
  /^(?:please )?(?:do not|dont|avoid|never|make sure|remember)\b/.test(plain);

/** An instruction for a time or a case after the session: "leave it switched on until noon". */
export const isAdvice = (sentence: Sentence): boolean =>
  sentence.voice === 'supporter' &&
  (isInstruction(sentence) || isWarning(sentence)) &&
  (isAhead(sentence) || RECURRENCE.test(sentence.plain));

const isDated = (sentence: Sentence): boolean =>
  (WILL.test(sentence.plain) && isAhead(sentence)) || isAheadAbroad(sentence);

const isOpenStill = (sentence: Sentence, later: readonly Sentence[]): boolean => {
  const actions = later.filter(({ voice }) => voice === 'action');
  if (HANDED_ON.test(sentence.plain)) return !actions.some((action) => isSame(sentence, action));
  return AT_ONCE.test(sentence.plain) && actions.length === 0 && !later.some(tellsSuccess);
};

const isSpoken = (sentence: Sentence): boolean =>
  sentence.voice !== 'action' &&
  !isQuestion(sentence) &&
  !/\bif you(?:d| would)? like\b|\blook forward to\b/.test(sentence.plain);

/** What is left for after the session; not what the rest of the session shows done. */
export const isFollowUp = (sentence: Sentence, later: readonly Sentence[]): boolean => {
  if (!isSpoken(sentence)) return false;
  if (isAdvice(sentence)) return true;
  if (isDated(sentence)) return !tellsPast(sentence) || WILL.test(sentence.plain);
  return !isContact(sentence) && isOpenStill(sentence, later);
};

/** What somebody says he will do, whenever. */
export const tellsPlan = (sentence: Sentence): boolean =>
  isSpoken(sentence) &&
  (HANDED_ON.test(sentence.plain) || AT_ONCE.test(sentence.plain) || isDated(sentence));

const WORK_AHEAD =
  /(?:\b(?:i|we) (?:will|shall|am going to|are going to)|\bill|^(?:\w+ ){0,3}well) (?:now |just |first |also |quickly |then )*(?!(?:now|just|first|also|then|be|not|look|check|see|wait|answer|let|have|get|need|ask|tell|explain|help|assist|do|indicate|call|contact|come|take|want|try to help)\b)\w{3,}/;

/** "I will restart the service": work that a supporter is about to begin. */
export const isWorkAhead = (sentence: Sentence): boolean =>
  sentence.voice === 'supporter' && !isPoliteness(sentence) && WORK_AHEAD.test(sentence.plain);
