import type {
  ExplainedCharge,
  ExplainedCredits,
  ExplainedSummary,
  RefusedCharge,
} from '@daybook/engine';
import type { Style } from '../text/style.js';
import { counted, listed } from '../text/words.js';

type Shown = Readonly<{ style: Style; when: (instant: number) => string }>;

export const verdictInWords = (agrees: boolean, style: Style): string =>
  agrees ? style.green('it agrees') : style.red('it DIFFERS');

const balanceInWords = ({ balance }: ExplainedCharge | RefusedCharge): string => {
  const { available, free, paid, held } = balance;
  const lots = balance.lots.filter((lot) => lot.available > 0).map(({ lotId }) => lotId);
  const order = lots.length < 2 ? '' : `; paying order ${listed(lots)}`;
  const aside = held === 0 ? '' : `, ${held} set aside`;
  return `${counted(available, 'credit')} could pay (${free} free, ${paid} paid${aside})${order}`;
};

const settledInWords = (charge: ExplainedCharge, { when }: Shown): string => {
  if (charge.settledAt === null) return `open until ${when(charge.timesOutAt)}`;
  const because = charge.reason === null ? '' : `, ${charge.reason}`;
  return `${charge.status} ${when(charge.settledAt)}${because}`;
};

const evaluated = (
  decided: ExplainedCharge | RefusedCharge,
  stream: string,
  { style }: Shown,
): string =>
  `    §5, rules of ${decided.ruleVersion}, ${stream} revision ${decided.accountRevision}: ${balanceInWords(decided)}. Evaluated again: ${verdictInWords(decided.agrees, style)}.`;

const chargeText = (charge: ExplainedCharge, stream: string, shown: Shown): readonly string[] => [
  `  Charge ${charge.chargeId}: ${counted(charge.amount, 'credit')} by ${charge.tariff}, ${settledInWords(charge, shown)}`,
  `    set aside ${shown.when(charge.at)} from ${listed(charge.allocations.map(({ lotId, amount }) => `${lotId} (${amount})`))}, log position ${charge.position}`,
  evaluated(charge, stream, shown),
];

const refusalText = (refused: RefusedCharge, stream: string, shown: Shown): readonly string[] => [
  `  Refused ${shown.when(refused.at)}: insufficient-credits, ${counted(refused.needed, 'credit')} needed, ${refused.missing} missing, log position ${refused.position}`,
  evaluated(refused, stream, shown),
];

/** Which lots paid, or why none did: each decision with the balance at its moment, evaluated again. */
export const creditSideText = (credits: ExplainedCredits, shown: Shown): string => {
  const { stream, charges, refusals } = credits;
  const lines = [
    ...charges.flatMap((charge) => chargeText(charge, stream, shown)),
    ...refusals.flatMap((refused) => refusalText(refused, stream, shown)),
  ];
  return lines.length === 0 ? '  No credit was asked for.' : lines.join('\n');
};

const writtenBy = ({
  author,
  model,
  promptVersion,
}: ExplainedSummary['revisions'][number]): string =>
  author === null ? `model ${model ?? '?'}, prompt ${promptVersion ?? '?'}` : `by ${author}`;

/** Where each revision of the summary comes from (rulebook §4). */
export const summarySideText = (summary: ExplainedSummary, shown: Shown): string => {
  const { revisions, failures, deleted, stream } = summary;
  const lines = revisions.map((each) => {
    const changed =
      each.changedRevision === null ? '' : `, changes revision ${each.changedRevision}`;
    const stale = each.agrees ? '' : shown.style.red(' which is NOT the one before it');
    return `  Revision ${each.revision}: ${each.origin}, ${writtenBy(each)}, ${each.language}, ${shown.when(each.at)}${changed}${stale}; §4, rules of ${each.ruleVersion}, log position ${each.position}`;
  });
  for (const { attempt, at, position } of failures)
    lines.push(`  Attempt ${attempt} failed ${shown.when(at)}, log position ${position}`);
  if (deleted !== null)
    lines.push(
      `  Deleted ${shown.when(deleted.at)} by ${deleted.by} at revision ${deleted.lastRevision}, log position ${deleted.position}; the fact and the charge stay`,
    );
  return lines.length === 0 ? `  None in ${stream}.` : lines.join('\n');
};
