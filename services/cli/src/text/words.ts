import type { LineProblem } from '@daybook/session-journal';

/** `1 session`, `2 sessions`; thousands are set apart. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

export const listed = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

const basisWords: Readonly<Record<string, string>> = {
  consent: 'consent',
  'standing-permission': 'standing permission',
  policy: 'policy',
};

export const basisInWords = (basis: string): string => basisWords[basis] ?? basis;

/** `FILE:LINE[:COLUMN] field reason — remedy`, as compilers write it, so that editors can jump there. */
export const problemInWords = (file: string, problem: LineProblem): string => {
  const { line, column, field, reason, remedy } = problem;
  const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
  const what = field === undefined ? reason : `${field} ${reason}`;
  return remedy === undefined ? `${place} ${what}` : `${place} ${what} — ${remedy}`;
};
