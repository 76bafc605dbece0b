/** One unbroken string of digits. */
export type DigitGroup = Readonly<{ start: number; end: number }>;
/** Digit groups with at most three separating characters between neighbours: what one number may be. */
export type NumberRun = readonly DigitGroup[];

const GROUP = /[0-9]+/g;
const SEPARATOR = /^[ \t().\-/]{1,3}$/;

export const numberRuns = (text: string): readonly NumberRun[] => {
  const runs: DigitGroup[][] = [];
  let current: DigitGroup[] = [];
  for (const match of text.matchAll(GROUP)) {
    const group = { start: match.index, end: match.index + match[0].length };
    const last = current.at(-1);
    const joined =
      last !== undefined &&
      group.start - last.end <= 3 &&
      SEPARATOR.test(text.slice(last.end, group.start));
    if (joined) current.push(group);
    else {
      current = [group];
      runs.push(current);
    }
  }
  return runs;
};

export const digitCount = (groups: readonly DigitGroup[]): number => {
  let count = 0;
  for (const group of groups) count += group.end - group.start;
  return count;
};

export type Window = Readonly<{ start: number; end: number; groups: NumberRun }>;

/**
 * The first of the longest windows of whole groups that `accepts`, from left to right without overlap.
 * `groupsMax` bounds a window, so the work stays linear in the length of the run.
 */
export const acceptedWindows = (
  run: NumberRun,
  groupsMax: number,
  accepts: (window: Window) => boolean,
): readonly Window[] => {
  const found: Window[] = [];
  let from = 0;
  while (from < run.length) {
    const window = longestAccepted(run, from, { groupsMax, accepts });
    if (window !== undefined) found.push(window);
    from += window?.groups.length ?? 1;
  }
  return found;
};

const longestAccepted = (
  run: NumberRun,
  from: number,
  options: Readonly<{ groupsMax: number; accepts: (window: Window) => boolean }>,
): Window | undefined => {
  for (let size = Math.min(options.groupsMax, run.length - from); size > 0; size -= 1) {
    const groups = run.slice(from, from + size);
    const first = groups[0];
    const last = groups.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const window = { start: first.start, end: last.end, groups };
    if (options.accepts(window)) return window;
  }
  return undefined;
};
