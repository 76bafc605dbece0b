/** Largest sizes of a summary, in characters and entries, for every adapter. */
export const BOUNDS = {
  titleLength: 120,
  problemLength: 1200,
  stepLength: 400,
  stepsMax: 20,
  resultLength: 800,
  followUpsMax: 10,
  tagLength: 40,
  tagsMax: 8,
} as const;

/** Cut at a word, with an ellipsis, so that at most `length` characters remain. */
export const shortened = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:]+$/, '')}…`;
};
