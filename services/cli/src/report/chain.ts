import { reasonInWords, type ExplainedDecision } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';
import { basisInWords, listed } from '../text/words.js';

type Decided = ExplainedDecision['decided'];
type Reason = NonNullable<Decided['reason']>;
type Path = Decided['reasons'][number]['path'];

/** One rule of the chain, and the failing reasons that speak of it. */
type Rule = Readonly<{ words: string; reasons: readonly Reason[] }>;

const first: readonly Rule[] = [
  { words: 'AI is activated for the company', reasons: ['ai-not-activated'] },
  { words: 'the plan includes Session Insights', reasons: ['plan-not-covered'] },
];
const last: Rule = {
  words: 'the remote side’s platform is supported',
  reasons: ['platform-not-supported'],
};

/** The chain of rulebook §3 by path, in its order. */
const chains: Readonly<Record<Path, readonly Rule[]>> = {
  outgoing: [
    ...first,
    { words: 'summaries for outgoing connections are on', reasons: ['outgoing-off'] },
    { words: 'the supporter is signed in', reasons: ['not-signed-in'] },
    { words: 'the supporter logs sessions', reasons: ['session-logging-off'] },
    { words: 'the remote end is covered', reasons: ['quicksupport-not-covered'] },
    { words: 'access control is not Denied', reasons: ['denied-by-access-control'] },
    {
      words: 'the remote side allows it',
      reasons: ['nobody-to-ask', 'consent-refused', 'consent-timed-out', 'consent-withdrawn'],
    },
    last,
  ],
  incoming: [
    ...first,
    { words: 'summaries for incoming connections are on', reasons: ['incoming-off'] },
    { words: 'the device is managed by the company', reasons: ['device-not-managed'] },
    { words: 'a policy with the setting has been applied', reasons: ['no-applied-policy'] },
    { words: 'the policy reports connections', reasons: ['reporting-off'] },
    { words: 'the policy switches Session Insights on', reasons: ['insights-off'] },
    { words: 'the local user has not switched it off', reasons: ['switched-off-locally'] },
    last,
  ],
};

/** A rule that rests on one that failed was not looked at. */
const restsOn: Readonly<Partial<Record<Reason, readonly Reason[]>>> = {
  'no-applied-policy': ['device-not-managed'],
  'reporting-off': ['device-not-managed', 'no-applied-policy'],
  'insights-off': ['device-not-managed', 'no-applied-policy'],
  'switched-off-locally': ['device-not-managed', 'no-applied-policy'],
  'nobody-to-ask': ['denied-by-access-control'],
};

type Shown = Readonly<{ decided: Decided; style: Style }>;

const rowOf = (rule: Rule, failing: ReadonlySet<Reason>, shown: Shown): string[] => {
  const { decided, style } = shown;
  const failed = rule.reasons.find((reason) => failing.has(reason));
  if (failed !== undefined) {
    const isTheReason = failed === decided.reason;
    const note = isTheReason ? `${failed} ← the reason` : failed;
    return [style.red('✗'), rule.words, style.red(note)];
  }
  const basis = rule.reasons.flatMap((reason) => restsOn[reason] ?? []);
  if (basis.some((reason) => failing.has(reason)))
    return [style.dim('·'), style.dim(rule.words), style.dim('not looked at')];
  const isAsked = rule.reasons.includes('consent-refused');
  if (isAsked && decided.outcome === 'awaiting-consent')
    return [style.yellow('?'), rule.words, style.yellow('being asked')];
  return [style.green('✓'), rule.words];
};

const pathText = (path: Path, decided: Decided, style: Style): string => {
  const failing = new Set(
    decided.reasons.filter((each) => each.path === path).map(({ reason }) => reason),
  );
  const rows = chains[path].map((rule) => rowOf(rule, failing, { decided, style }));
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

const triggers: Readonly<Record<Decided['trigger'], string>> = {
  'session-started': 'when the session started',
  'consent-answered': 'when the remote side had answered',
  'fact-changed': 'when a fact had changed',
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
    `${style.bold(`Decided ${triggers[decided.trigger]}`)} ${style.dim(`${when(decided.decidedAt)}, log position ${position}, rules of ${ruleVersion}`)}`,
    `  Result: ${decisionInWords(decided)}`,
    ...paths.map((path) => pathText(path, decided, style)),
    `    ${style.bold('read from')}`,
    table(inputs, { indent: '      ' }),
    `    ${verdict}`,
  ].join('\n');
};
