/**
 * What the sentences of a support session are told by. Cues are matched with small letters without
 * apostrophes. They are general support English, tolerant of hasty spelling.
 */
import { tellsProblemElsewhere } from './other-languages.js';
import { tellsFailure } from './outcome-cues.js';
import type { Sentence } from './sentences.js';
import { applicationsIn } from './topics.js';

const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that carry courtesy and nothing else. */
const COURTESY = listed(`
hi hai hello helo hey heyy hii ho good gud goood morning mrg afternoon evening night day happy greetings thank
thanks thankyou thx ty nothanks nothankyou you u so much very lot lots many a the for your ur all of and to
ok okay okey okays k sure yes yeah yea ya yup yep no nope noo ni please pls plz great perfect fine nice super
wonderful awesome excellent cool nothing else more other anything any is that thats it its all bye byee goodbye
welcome pleasure sir maam madam mam dear help helps helping support assistance service services have has
had wait waiting moment one minute min second sec let me check will i am im iam well be right back here there
are how can may do today now worries worry not problem job work dear friend glad time kind kindly information
confirm confirmed correct exactly exact absolutely definitely done oh ah hmm hmmk um alright team see later
take care stay safe rest weekend too really quite only just we this chat chatting conversation hold on get know
again would there my mine id name in with lovely bit quickly soon patience patient understanding assist such
danke vielen gern gerne bitte ja nein super prima merci beaucoup oui gracias muchas grazie mille obrigado obrigada dank je wel
`);

const isCourtesyWord = (word: string): boolean => COURTESY.has(word) || word.length === 1;

const PLACEHOLDER = /\[(?:password|secret|username|email|phone|card|ip|url)\]/g;

/** Greetings, thanks, acknowledgements: nothing a reader of the summary needs. At most one other word. */
export const isCourtesy = (sentence: Sentence): boolean => {
  const { plain } = sentence;
  if (tellsFailure(sentence)) return false;
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (/\b(?:not|never|no longer)\b.*\bwork|\bwork(?:s|ed|ing)\b/.test(plain)) return false;
  const telling = words.filter((word) => !isCourtesyWord(word));
  if (telling.some((word) => /\d/.test(word) || applicationsIn(word).length > 0)) return false;
  return telling.length === 0 || (telling.length === 1 && words.length > 1 && words.length <= 6);
};

/** Somebody saying who he is: names, numbers and what redaction left of them. */
export const isIdentification = ({ plain }: Sentence): boolean => {
  if (/\b(?:blocked|locked|expired|disabled|denied)\b/.test(plain)) return false;
  if (
    /\b(?:name|account|acc|user ?name|membership|member) ?(?:is|no|number|id|:|level)/.test(plain)
  )
    return true;
  if (/^(?:name|username|order id|account|company name|my company|this is|company)\b/.test(plain))
    return true;
  const rest = plain.replace(PLACEHOLDER, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return PLACEHOLDER_ONE.test(plain) && rest.length <= 3;
};
const PLACEHOLDER_ONE = new RegExp(PLACEHOLDER.source);

const PROBLEM =
  /\b(?:(?:do|does|did|can|could|will|has|have|is|are) not(?! (?:want|need|mind|know|worry|feel|think|care))|not (?:\w+ )?(?:work|open|load|start|respond|connect|show|print|sync|send|receiv|abl|launch|install|updat)\w*|(?:do|does|did|wo|ca|is|are|has|have|could|would)nt|cannot|can not|unable|fail\w*|error\w*|crash\w*|hang\w*|hung|stuck|fr[eo]ez\w*|slow\w*|broken?|bug\w*|issues?|problems?|trouble\w*|missing|lost|wrong|stop(?:s|ped)|blocked|locked|expired?|denied|corrupt\w*|virus\w*|spam|black screen|blue screen|disconnect\w*|no sound|no internet|defect\w*|damaged?|offline|disappeared|vanished|too many|nobody (?:can )?hears?|no longer|takes? (?:\w+ ){0,2}(?:minutes?|hours?|long|forever|ages)|drops|closes|refuses|invalid|stays? (?:black|blank|empty|white))\b/;
const REQUEST =
  /\b(?:i|we|need|needs?|want|wants|wanna|wand|would like|id like|like to|looking (?:for|to)|wish|help (?:me )?(?:to|with)|how (?:do|can|to|much|many|long)|can you|could you|procedure|require|purchas\w*|buy|order\w*|reimburs\w*|refund\w*|return\w*|claim\w*|upgrad\w*|updat\w*|install\w*|check\w*|report\w*|status|set ?up|configur\w*|reset|activat\w*|quote|price)\b/;

export const tellsProblem = ({ plain }: Sentence): boolean =>
  PROBLEM.test(plain) || tellsProblemElsewhere(plain);
export const tellsRequest = ({ plain }: Sentence): boolean => REQUEST.test(plain);

const QUESTION_START =
  /^(?:(?:ok|okay|sure|and|so|thanks|great|also|additional to this),? ?)*(?:may|could (?:i|you (?:tell|give|provide|confirm|share))|can i|what|whats|which|who|where|when|why|how|is|are|do|does|did|was|were|have you|would you (?:give|tell|like)|please (?:provide|share|confirm|tell|give))\b/;

export const isQuestion = ({ text, plain }: Sentence): boolean =>
  /\?\s*$/.test(text) || QUESTION_START.test(plain);

/** "Could you restart it?" is a step, though a question in form. */
const POLITE_STEP =
  /\b(?:(?:could|can|would) you (?:please |kindly |try |just )*|please |kindly |try to |try |you (?:need|have) to |lets )(?!provide|share|confirm|tell|give|help|wait|hold|let)(\w+)/;
const ATTEMPT =
  /\b(?:(?:i|we|ive|weve|have|already|just|also) (?:\w+ )?(?:tried|restarted|rebooted|reinstalled|installed|uninstalled|updated|upgraded|changed|cleared|deleted|removed|checked|reset|opened|closed|switched|turned|disabled|enabled|replaced|plugged|unplugged|ran|reconnected|logged|created|moved|added|attached|sent)|(?:i|we) (?:\w+ )?(?:delete|reconfigure|restart|reinstall|uninstall|reboot|clear|remove|reset)\b|tried|after (?:a )?(?:restart|reboot|reinstall|update)\w*|restarting|reinstalling|rebooting)\b/;
const STEP_VERB =
  /^(?:now |then |next |first |first of all |ok |okay |sure |and |so |also |finally |once done |after that )*(?:please )?(?:click|open|go|press|select|choose|restart|reboot|install|uninstall|reinstall|download|run|check|try|delete|remove|disable|enable|turn|switch|type|enter|close|clear|update|upgrade|reset|log|sign|connect|disconnect|plug|unplug|scroll|start|stop|add|copy|move|rename|save|change|set|configure|reconfigure|unlock|allow|attach|send|use|right-click|double-click|navigate|repair|replace|rename|sync|refresh)\b/;

/** "I've renewed the certificate": a supporter's report of work. */
const REPORT =
  /^(?:ok(?:ay)? )?(?:ive|weve|i have|we have|i|we) (?:now |just |also |already )?(?!need|want|work|look|hop|wish)\w+ed\b/;
export const isReport = ({ plain }: Sentence): boolean => REPORT.test(plain);

export const isAttempt = ({ plain }: Sentence): boolean => ATTEMPT.test(plain);

export const isInstruction = (sentence: Sentence): boolean => {
  const { plain } = sentence;
  if (
    /^(?:please )?(?:check (?:your|ur) (?:mail|inbox)|let|wait|hold|have|enjoy|take care)/.test(
      plain,
    )
  )
    return false;
  if (STEP_VERB.test(plain)) return true;
  const asked = POLITE_STEP.exec(plain)?.[1];
  return (
    asked !== undefined &&
    sentence.tags[sentence.words.findIndex((w) => w.toLowerCase() === asked)] === 'VERB'
  );
};

/** Courtesy too long for `isCourtesy`. */
export const isPoliteness = ({ plain }: Sentence): boolean =>
  /\b(?:pleasure|welcome|sorry|apologi\w+|help you|assist you|have an? (?:nice|great|good|wonderful)|(?:i|we) (?:will|ll) (?:answer|check)|give me|for (?:contacting|reaching|your patience|choosing))\b/.test(
    plain,
  );

export const isOffer = ({ plain }: Sentence): boolean =>
  /\b(?:i|we) can (?!not)\w+|\bif youd like\b|\bwould you like me to\b/.test(plain);

/** "It is 150", "flights 50 hotels 40": a fact given in answer to a question. */
export const isDetail = ({ plain }: Sentence): boolean => /\d/.test(plain);

export const isFromRemote = (sentence: Sentence): boolean => sentence.voice === 'remote-side';

/** "You can reach me at …": how to find somebody, no part of the work. */
export const isContact = ({ plain }: Sentence): boolean =>
  /\[(?:phone|email)\]/.test(plain) &&
  /\b(?:reach|write|call|contact|phone|mail|extension|durchwahl|erreich\w*|joindre|llam\w*|bel)\b/.test(
    plain,
  );

export const isSubstance = (sentence: Sentence): boolean =>
  !isCourtesy(sentence) && !isIdentification(sentence);
