import type { Moment } from '@daybook/engine';

/** `as it was true at …`, to stand behind what was looked at; null: read at the end of the log, which is at `end`. */
export const momentInWords = (
  moment: Moment | null,
  { when, end }: Readonly<{ when: (instant: number) => string; end: number }>,
): string | null => {
  if (moment === null) return null;
  switch (moment.axis) {
    case 'position':
      return moment.position > end
        ? `up to log position ${end}, where the log ends`
        : `up to log position ${moment.position}`;
    case 'as-of':
      return `as it was true at ${when(moment.instant)}`;
    case 'known-at':
      return `as the log knew it at ${when(moment.instant)}`;
  }
};
