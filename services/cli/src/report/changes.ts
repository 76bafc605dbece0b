import type { ExplainedChange } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';
import { verdictInWords } from './credit-side.js';

type Told<Change> = Readonly<{
  style: Style;
  when: (instant: number) => string;
  /** What a change says, for people. */
  say: (change: Change) => string;
}>;

/** A history of decisions: when, what, by whom, under which rule, and what differs when it is decided again. */
export const changesText = <Change extends ExplainedChange>(
  changes: readonly Change[],
  { style, when, say }: Told<Change>,
): string => {
  const rows = changes.map((change) => [
    when(change.occurredAt),
    say(change),
    style.dim(`${change.section}, rules of ${change.ruleVersion}`),
    style.dim(`${change.actor.kind} ${change.actor.id}, #${change.position}`),
    ...(change.agrees ? [] : [style.red('DIFFERS')]),
  ]);
  const all = changes.every(({ agrees }) => agrees);
  const many = changes.length === 1 ? 'The change' : `Each of the ${changes.length} changes`;
  const verdict = all
    ? `${many}, decided again from the revision before it: ${verdictInWords(true, style)}.`
    : `Decided again from the revision before: ${verdictInWords(false, style)}.`;
  return `${table(rows, { indent: '  ' })}\n  ${verdict}`;
};

/** The last change that satisfies a test, as `set 2026-06-08 07:45:00 +02:00 by device d-design-2`. */
export const lastSet = <Change extends ExplainedChange>(
  changes: readonly Change[],
  is: (change: Change) => boolean,
  when: (instant: number) => string,
): string => {
  const last = changes.filter(is).at(-1);
  return last === undefined
    ? 'as at first, never set'
    : `set ${when(last.occurredAt)} by ${last.actor.kind} ${last.actor.id}, log position ${last.position}`;
};
