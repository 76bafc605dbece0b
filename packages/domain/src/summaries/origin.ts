import type { SummaryState } from './commands.js';
import type { SummaryBody } from './events.js';

type Line = ReadonlySet<string>;

const wordsOf = (line: string): Line =>
  new Set(
    line
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  );

const linesOf = (body: SummaryBody): readonly Line[] =>
  [body.title, body.problem, ...body.steps, body.result, ...body.followUps, ...body.tags]
    .map(wordsOf)
    .filter((line) => line.size > 0);

/** At least half of the line's words stood together in an earlier one. */
const comesFrom = (line: Line, earlier: readonly Line[]): boolean =>
  earlier.some((words) => {
    let kept = 0;
    for (const word of line) if (words.has(word)) kept += 1;
    return kept * 2 >= line.size;
  });

/**
 * Who wrote an edited text (rulebook §4). `human` only when a person did before, or when no line comes
 * from the earlier text; `mixed` otherwise. Touching up every line is not writing: the AI marking
 * must survive, so a doubt is decided for `mixed` (ours).
 */
export const originAfter = (
  before: Extract<SummaryState, { status: 'visible' }>,
  after: SummaryBody,
): 'human' | 'mixed' => {
  if (before.origin === 'human') return 'human';
  const earlier = linesOf(before.body);
  return linesOf(after).some((line) => comesFrom(line, earlier)) ? 'mixed' : 'human';
};
