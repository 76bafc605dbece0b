import type { Moment } from '@daybook/engine';

/** `as it was true at …`, to stand behind what was looked at; null: read at the end of the log. */
export const momentInWords = (
  moment: Moment | null,
  when: (instant: number) => string,
): string | null => {
  if (moment === null) return null;
  switch (moment.axis) {
    case 'position':
      return `up to log position ${moment.position}`;
    case 'as-of':
      return `as it was true at ${when(moment.instant)}`;
    case 'known-at':
      return `as the log knew it at ${when(moment.instant)}`;
  }
};
