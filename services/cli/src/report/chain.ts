import { decisionTable, type DecisionRule } from '@daybook/domain/session-insights';
import { reasonInWords, type ExplainedDecision } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';
import { basisInWords, listed } from '../text/words.js';

type Decided = ExplainedDecision['decided'];
type Path = Decided['reasons'][number]['path'];

/** Facts that one rule fails for and another needs otherwise: the other was not looked at. */
const isDisjoint = (fails: DecisionRule, needs: DecisionRule): boolean => {
  const failing = fails.fails[fails.fact];
  const needed = needs.fails[fails.fact];
  if (fails.fact === needs.fact || failing === undefined || needed === undefined) return false;
  return failing.every((value) => !needed.includes(value));
};

type Shown = Readonly<{ explained: ExplainedDecision; style: Style }>;

/** Where the rule stands in the rulebook, and the dated data that it reads. */
const sourceOf = (rule: DecisionRule, { explained, style }: Shown): readonly [string, string] => {
  const { section, factSection, ruleData } = rule;
  const sections = section === factSection ? section : `${section} ${factSection}`;
  const data = ruleData === undefined ? '' : `${ruleData} of ${explained.ruleVersion}`;
  return [style.dim(sections), style.dim(data)];
};

const rowOf = (rule: DecisionRule, failing: readonly DecisionRule[], shown: Shown): string[] => {
  const { explained, style } = shown;
  const [sections, data] = sourceOf(rule, shown);
  if (failing.includes(rule)) {
    const isTheReason = rule.reason === explained.decided.reason;
    const note = isTheReason ? `${rule.reason} ← the reason` : rule.reason;
    return [style.red('✗'), rule.holds, sections, style.red(note)];
  }
  if (failing.some((failed) => isDisjoint(failed, rule)))
    return [style.dim('·'), style.dim(rule.holds), sections, style.dim('not looked at')];
  return [style.green('✓'), rule.holds, sections, data];
};

/** The rules of rulebook §3 for one path in their order, from the table that the decision is tested against. */
const pathText = (path: Path, shown: Shown): string => {
  const { explained, style } = shown;
  const { reasons, outcome } = explained.decided;
  const { rules } = decisionTable[path];
  const reasonsHere = new Set(
    reasons.filter((each) => each.path === path).map(({ reason }) => reason),
  );
  const failing = rules.filter(({ reason }) => reasonsHere.has(reason));
  const rows = rules.map((rule) => rowOf(rule, failing, shown));
  if (outcome === 'awaiting-consent' && path === 'outgoing')
    rows.push([style.yellow('?'), 'the remote side agrees', style.dim('§3'), 'being asked']);
  return `    ${style.bold(`${path} path`)}\n${table(rows, { indent: '    ' })}`;
};

export const decisionInWords = (decided: Decided): string => {
  const { outcome, basis, bases, reason } = decided;
  if (outcome === 'awaiting-consent') return 'it depends on the remote side, which is asked';
  if (outcome === 'not-eligible')
    return `it may not be summarised. ${reason === null ? '' : reasonInWords[reason]}`.trim();
  const others = bases.filter((other) => other !== basis).map(basisInWords);
  const also = others.length === 0 ? '' : ` (also open: ${listed(others)})`;
  return `it may be summarised, on the basis of ${basisInWords(basis ?? 'consent')}${also}`;
};

const answers: Readonly<Record<ExplainedDecision['consent'], string>> = {
  'not-asked': 'when the remote side had answered',
  granted: 'when the remote side had agreed',
  refused: 'when the remote side had refused',
  'timed-out': 'when the remote side had not answered in time',
  withdrawn: 'when the remote side had taken its permission back',
};

/** An answer, its absence and a withdrawal are one trigger; what was said tells them apart. */
const triggerInWords = ({ decided, consent }: ExplainedDecision): string => {
  switch (decided.trigger) {
    case 'session-started':
      return 'when the session started';
    case 'consent-answered':
      return answers[consent];
    case 'fact-changed':
      return 'when a fact had changed';
  }
};

/** One decision: the chain rule by rule, what it was read from, and whether it comes out the same now. */
export const decisionText = (
  explained: ExplainedDecision,
  shown: Readonly<{ paths: readonly Path[]; when: (instant: number) => string; style: Style }>,
): string => {
  const { decided, ruleVersion, agrees, again, position } = explained;
  const { style, when, paths } = shown;
  const inputs = decided.inputs.map(({ stream, revision }) => [stream, `revision ${revision}`]);
  const verdict = agrees
    ? style.green('Evaluated again from the same revisions: it agrees.')
    : style.red(
        `Evaluated again from the same revisions: it DIFFERS (${again.outcome}${again.reason === null ? '' : `, ${again.reason}`}).`,
      );
  return [
    `${style.bold(`Decided ${triggerInWords(explained)}`)} ${style.dim(`${when(decided.decidedAt)}, log position ${position}, rules of ${ruleVersion}`)}`,
    `  Result: ${decisionInWords(decided)}`,
    ...paths.map((path) => pathText(path, { explained, style })),
    `    ${style.bold('read from')}`,
    table(inputs, { indent: '      ' }),
    `    ${verdict}`,
  ].join('\n');
};
