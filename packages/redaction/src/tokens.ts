import { PLACEHOLDER } from './finding.js';

/** A word of a turn: `[start, end)` without the punctuation around it. */
export type Token = Readonly<{
  start: number;
  end: number;
  /** Small letters, without apostrophes. */
  word: string;
  /** The kind of the placeholder that the token holds, if any. */
  placeholder: string | undefined;
  /** A line break or the end of a sentence stands before it. */
  opensSentence: boolean;
  /** A colon or an equals sign follows. */
  introduces: boolean;
  /** A question mark follows. */
  asks: boolean;
}>;

const PIECE = /\S+/g;
const TRIM_START = '"\'([{<-*_“‘„«';
const TRIM_END = '.,;?:=)}>"\'*”’»';
/** `password:x`, `DB_PASSWORD=x`, `{"pin":"x","id":1}`: names before a sign are words of their own. */
const ASSIGNMENT =
  /(?<=^|[,;&?{["'(-])[\p{L}_][\p{L}\p{N}_-]{1,60}["']?(?:=>|[:=])(?=[^\s:=/\\])/gu;

/** Where a piece without spaces is cut: before and after each assigned name. */
const cutsOf = (piece: string): readonly number[] => {
  if (!/[:=]/.test(piece)) return [piece.length];
  const cuts: number[] = [];
  for (const match of piece.matchAll(ASSIGNMENT)) {
    if (match.index > (cuts.at(-1) ?? 0)) cuts.push(match.index);
    cuts.push(match.index + match[0].length);
  }
  if ((cuts.at(-1) ?? 0) < piece.length) cuts.push(piece.length);
  return cuts;
};

const core = (piece: string): readonly [number, number] => {
  let from = 0;
  let to = piece.length;
  while (from < to && TRIM_START.includes(piece.charAt(from))) from += 1;
  while (to > from && TRIM_END.includes(piece.charAt(to - 1))) to -= 1;
  return [from, to];
};

const tokenOf = (piece: string, offset: number, opensSentence: boolean): Token => {
  const placeholder = PLACEHOLDER.exec(piece);
  const [from, to] = placeholder === null ? core(piece) : [0, piece.length];
  const tail = piece.slice(to);
  return {
    start: offset + from,
    end: offset + to,
    word: piece.slice(from, to).toLowerCase().replace(/['’]/g, ''),
    placeholder: placeholder?.[1],
    opensSentence,
    introduces: tail.includes(':') || tail.includes('='),
    asks: tail.includes('?'),
  };
};

export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let previousEnd = 0;
  let sentenceEnded = false;
  for (const match of text.matchAll(PIECE)) {
    const gap = text.slice(previousEnd, match.index);
    const opens = sentenceEnded || gap.includes('\n') || tokens.length === 0;
    const piece = match[0];
    let from = 0;
    for (const cut of cutsOf(piece)) {
      tokens.push(tokenOf(piece.slice(from, cut), match.index + from, from === 0 && opens));
      from = cut;
    }
    previousEnd = match.index + piece.length;
    sentenceEnded = /[.!?;,]["')\]]*$/.test(piece);
  }
  return tokens;
};
