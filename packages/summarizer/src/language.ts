/** Letters below which a text does not tell its language reliably. */
const LETTERS_MIN = 60;
/** The languages support is given in; rarer ones are mostly misread hasty spelling. */
const KNOWN =
  'en de fr es it pt nl sv da no fi pl cs hu ro tr el ru uk zh ja ko ar he hi th vi id'.split(' ');
const CHARACTERS_READ = 2000;
/** ISO 639-2: undetermined. */
const UNDETERMINED = 'und';

/** Short function words settle the frequent case without statistics, also in hasty spelling. */
const ENGLISH =
  /\b(?:the|is|are|was|my|your|you|and|for|with|not|have|has|need|want|please|thank|thanks|hello|hi|ok|okay|bye|yes|no|work|working|update|will|help|good|morning|can|it|this|that|to|of|on|in|i)\b/gi;

const isEnglish = (text: string): boolean => {
  const words = text.match(/\p{L}+/gu)?.length ?? 0;
  return (text.match(ENGLISH)?.length ?? 0) * 6 >= words;
};

/**
 * ISO 639-1 code of the language of a text, else the hint, else `und`. The statistics of the languages take
 * longer to load than most commands take: only a text that needs them loads them.
 */
export const languageOf = async (text: string, hint: string | undefined): Promise<string> => {
  const read = text.slice(0, CHARACTERS_READ).replace(/\[[a-z]+\]/g, ' ');
  const letters = read.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return hint ?? UNDETERMINED;
  if (letters >= 8 && isEnglish(read)) return 'en';
  if (letters < LETTERS_MIN) return hint ?? UNDETERMINED;
  const { detectAll } = await import('tinyld');
  return detectAll(read, { only: KNOWN })[0]?.lang ?? hint ?? UNDETERMINED;
};
