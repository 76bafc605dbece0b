/**
 * What is wrong with one line of a file, in words for the person who has to repair it. It never holds
 * the content of the line: a line may be session text. Field names and entry types are repeated only
 * where they have the form of a word (`wordOrNothing`).
 */
export type LineProblem = Readonly<{
  /** 1-based, as an editor counts; blank lines count. */
  line: number;
  /** 1-based, in UTF-16 units, as an editor counts; only where the fault has one place. */
  column?: number;
  /** Dotted path of the field, e.g. `accessControl.remote`. */
  field?: string;
  /** Reads on after the field: "is missing". */
  reason: string;
  /** What to do about it. */
  remedy?: string;
}>;

/** A problem before it is known on which line it stands. */
export type Fault = Omit<LineProblem, 'line'>;

const WORD = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** A name that may be repeated in a problem, or nothing: a longer or odd one might be session text. */
export const wordOrNothing = (name: string): string | undefined =>
  WORD.test(name) ? name : undefined;
