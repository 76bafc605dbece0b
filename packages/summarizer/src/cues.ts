/**
 * What the sentences of a support session are told by. Cues are matched with small letters without
 * apostrophes. They are general support English, tolerant of hasty spelling.
 */
import type { Sentence } from './sentences.js';

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
`);

const isCourtesyWord = (word: string): boolean => COURTESY.has(word) || word.length === 1;

const PLACEHOLDER = /\[(?:password|secret|username|email|phone|card|ip|url)\]/g;

/** Greetings, thanks, acknowledgements: nothing a reader of the summary needs. At most one other word. */
export const isCourtesy = ({ plain }: Sentence): boolean => {
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (/\b(?:not|never|no longer)\b.*\bwork|\bwork(?:s|ing)\b/.test(plain)) return false;
  const telling = words.filter((word) => !isCourtesyWord(word));
  if (telling.some((word) => /\d/.test(word) || applicationsIn(word).length > 0)) return false;
  return telling.length === 0 || (telling.length === 1 && words.length > 1 && words.length <= 6);
};

/** Somebody saying who he is: names, numbers and what redaction left of them. */
export const isIdentification = ({ plain }: Sentence): boolean => {
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
  /\b(?:not (?:\w+ )?(?:work|open|load|start|respond|connect|show|print|sync|send|receiv|abl|launch|install|updat)\w*|(?:do|does|did|wo|ca|is|are|has|have|could|would)nt|cannot|can not|unable|fail\w*|error\w*|crash\w*|hang\w*|hung|stuck|fr[eo]ez\w*|slow\w*|broken?|bug\w*|issues?|problems?|trouble\w*|missing|lost|wrong|stop(?:s|ped)|blocked|locked|expired?|denied|corrupt\w*|virus\w*|spam|black screen|blue screen|disconnect\w*|no sound|no internet|defect\w*|damaged?)\b/;
const REQUEST =
  /\b(?:i|we|need|needs?|want|wants|wanna|wand|would like|id like|like to|looking (?:for|to)|wish|help (?:me )?(?:to|with)|how (?:do|can|to|much|many|long)|can you|could you|procedure|require|purchas\w*|buy|order\w*|reimburs\w*|refund\w*|return\w*|claim\w*|upgrad\w*|updat\w*|install\w*|check\w*|report\w*|status|set ?up|configur\w*|reset|activat\w*|quote|price)\b/;

export const tellsProblem = ({ plain }: Sentence): boolean => PROBLEM.test(plain);
export const tellsRequest = ({ plain }: Sentence): boolean => REQUEST.test(plain);

const SUCCESS =
  /\b(?:(?:is|are|its|it|now|all|that|this|everything|works?|was|been|got|finally|ya) (?:\w+ ){0,3}?(?:work(?:s|ed|ing)|resolved|fixed|solved|updated|opening|faster|sorted|connected|back online|running)|work(?:s|ing|ed) (?:\w+ )?(?:now|fine|well|good|great|perfectly|again|perfect)|(?:resolved|fixed|solved|sorted)(?: now| it)?$|problem (?:is )?gone|did the trick|no (?:more )?errors?|(?:that|it|this) (?:worked|helped))\b/;
const FAILURE =
  /\b(?:(?:still|again|again and again|yet) (?:\w+ ){0,4}?(?:not|no|cant|cannot|doesnt|wont|error|fails?|same|crash\w*|slow|stuck|get|getting|happen\w*|the|having|asks?|asking|a|an)|still (?:not|nothing|no)|still (?!work|wait|look|check|try|think)\w+ing|same (?:error|problem|issue|thing|result|message)|did ?nt? (?:\w+ )?(?:help|work|fix|change|solve)\w*|didnt (?:\w+ )?(?:help|work|fix|change|solve)\w*|(?:does|do) ?nt (?:help|work)|no (?:luck|change|difference|effect|success)|without success|not (?:help|helping|fixed|resolved|solved)|nothing (?:happened|changed|happens))\b/;
const REFUSAL =
  /\b(?:unfortunately|not possible|(?:we|i) (?:cannot|cant|can not|are not able|am not able|are unable|am unable)|not (?:eligible|covered|supported|allowed)|out of (?:stock|warranty))\b/;

export const tellsFailure = ({ plain }: Sentence): boolean => FAILURE.test(plain);
export const tellsSuccess = (sentence: Sentence): boolean =>
  SUCCESS.test(sentence.plain) &&
  !/\?\s*$|\bare you\b/.test(sentence.text) &&
  !/\b(?:not|isnt|doesnt|never|cant|wont|didnt)\b/.test(sentence.plain) &&
  !tellsFailure(sentence);
export const tellsRefusal = ({ plain }: Sentence): boolean => REFUSAL.test(plain);

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

const FOLLOW_UP =
  /\b(?:(?:i|we|they|he|she|it|you|who|someone|manager|team|technician|colleague) ?(?:will|ll|shall|are going to|am going to|is going to|need to|should) (?:\w+ ){0,3}?(?:call|send|e?mail|contact|get back|reach|ship|deliver|receive|give|escalate|notify|forward|create|open a|order|confirm|install|come|visit|look into|investigate|follow up|schedule|try (?:that )?later|let you know|update you|be (?:notified|contacted|delivered|shipped|sent|processed|refunded))|ill (?:\w+ )?(?:call|send|e?mail|contact|forward|escalate|notify|confirm|look forward|order|schedule)|well (?:\w+ )?(?:call|send|contact|forward|escalate)|tomorrow|next week|look forward to (?:hearing|seeing)|call(?:ed)? (?:you )?back|follow up|appointment|ticket (?:was|has been|is) (?:created|opened))\b/;
/** Courtesy too long for `isCourtesy`. */
export const isPoliteness = ({ plain }: Sentence): boolean =>
  /\b(?:pleasure|welcome|sorry|apologi\w+|help you|assist you|have an? (?:nice|great|good|wonderful)|(?:i|we) (?:will|ll) (?:answer|check)|give me|for (?:contacting|reaching|your patience|choosing))\b/.test(
    plain,
  );

export const tellsFollowUp = ({ plain }: Sentence): boolean =>
  FOLLOW_UP.test(plain) && !/\bif you(?:d| would)? like\b/.test(plain);

export const isOffer = ({ plain }: Sentence): boolean =>
  /\b(?:i|we) can (?!not)\w+|\bif youd like\b|\bwould you like me to\b/.test(plain);

const APPLICATIONS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Outlook', /\boutlook\b/i],
  ['Skype', /\bskype\b/i],
  ['Teams', /\b(?:ms|microsoft) teams\b|\bteams (?:call|meeting|app|client)\b|\bTeams\b/],
  ['Excel', /\bexcel\b/i],
  ['Word', /\b(?:ms|microsoft) word\b|\bWord\b/],
  ['PowerPoint', /\bpower ?point\b/i],
  ['OneDrive', /\bone ?drive\b/i],
  ['SharePoint', /\bshare ?point\b/i],
  ['Office', /\b(?:microsoft|ms) office\b|\boffice ?365\b/i],
  ['Windows', /\bwindows (?:\d+|xp|vista|update|defender|server)\b|\bWindows\b/],
  ['macOS', /\bmac ?os\b|\bmacbook\b|\bimac\b/i],
  ['Chrome', /\bchrome\b/i],
  ['Edge', /\bmicrosoft edge\b|\bEdge\b/],
  ['Firefox', /\bfirefox\b/i],
  ['Gmail', /\bgmail\b/i],
  ['Zoom', /\bZoom\b|\bzoom (?:call|meeting|app)\b/],
  ['Slack', /\bSlack\b/],
  ['SAP', /\bSAP\b/],
  ['Citrix', /\bcitrix\b/i],
  ['TeamViewer', /\bteam ?viewer\b/i],
  ['VPN', /\bvpn\b/i],
  ['WiFi', /\bwi-?fi\b/i],
  ['Adobe', /\badobe\b|\bacrobat\b/i],
  ['printer', /\bprinters?\b/i],
];

export const applicationsIn = (text: string): readonly string[] =>
  APPLICATIONS.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);

/** Spelled as its maker does. */
export const withApplicationNames = (text: string): string => {
  let named = text;
  for (const [name, pattern] of APPLICATIONS) {
    const found = pattern.exec(named)?.[0];
    if (found?.toLowerCase() === name.toLowerCase()) named = named.replace(pattern, name);
  }
  return named;
};

const TOPICS: readonly (readonly [tag: string, pattern: RegExp])[] = [
  ['crash', /\bcrash\w*|\bfr[eo]ez\w*|\bhang\w*|\bhung\b|not respo\w+|blue screen/],
  ['performance', /\bslow\w*|\btakes (?:too long|forever)|\bperformance\b/],
  [
    'not-working',
    /\bnot (?:\w+ )?(?:work|open|start|load)\w*|\b(?:doesnt|wont|cant) (?:work|open|start|load)|\bstopped working|\bunable\b/,
  ],
  ['error', /\berrors?\b/],
  ['update', /\bupdat\w+|\bupgrad\w+/],
  ['installation', /\binstall\w*|\bset ?up\b/],
  [
    'sign-in',
    /\blog ?in\b|\bsign(?:ing)? in\b|\blocked out\b|\b(?:forgot|reset|expired?|change)\b[^.]*\bpassword|\bpassword\b[^.]*\b(?:expired?|reset|wrong|not)/,
  ],
  ['connectivity', /\b(?:internet|network|wi-?fi|vpn|disconnect\w*)\b|\bconnection\b/],
  ['printing', /\bprint(?:er|ers|ing)?\b/],
  ['server-status', /\bstatus of (?:the )?servers?\b|\bservers? status\b|\bglobal status\b/],
  ['reimbursement', /reim?bu?\w+|\bremburs\w*|\bexpens\w*|\bexpenc\w*|\btravel claim/],
  ['refund', /\brefund\w*/],
  ['return', /\breturn (?:an?|the|my|this|these|it)\b/],
  [
    'order',
    /\border\w*|\bpurchas\w*|\bbuy\b|\bneed (?:\w+ ){0,4}(?:keyboards?|instruments?|laptops?|monitors?|mouse|mice|equipments?)\b/,
  ],
  ['billing', /\binvoice\w*|\bbilling\b|\bbilled\b/],
  ['promotion', /\bpromo\w*|\bcoupon\w*|\bdiscount\w*/],
];

export const topicsIn = (plain: string): readonly string[] =>
  TOPICS.filter(([, pattern]) => pattern.test(plain)).map(([tag]) => tag);

/** "It is 150", "flights 50 hotels 40": a fact given in answer to a question. */
export const isDetail = ({ plain }: Sentence): boolean => /\d/.test(plain);
