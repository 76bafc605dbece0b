/** What a session is about: applications by name, kinds of issue by the words people use. */
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
