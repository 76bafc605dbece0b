import {
  refusalInWords,
  tellScenario,
  type OperationAnswer,
  type QueryAnswer,
  type Scenario,
  type WhatIf,
} from '@daybook/engine';
import type { Output } from '../output.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

type When = (instant: number) => string;
type Shown = Readonly<{ output: Output; when: When }>;

const right = 'right' as const;

const rulesTable = ({ rules }: Pick<WhatIf, 'rules'>, when: When): string =>
  table(
    rules.map(({ version, effectiveFrom, tariff, holdTimeoutMs, purchaseLifeMonths }, index) => [
      version,
      index === 0 ? 'at first' : `from ${when(effectiveFrom)}`,
      tariff,
      `purchases live ${counted(purchaseLifeMonths, 'month')}`,
      `holds ${holdTimeoutMs / 3_600_000} h`,
    ]),
    { indent: '  ' },
  );

const amounts = (allocations: OperationAnswer['allocations']): string =>
  allocations.map(({ lotId, amount }) => `${amount} of ${lotId}`).join(', ');

const refusalOf = ({ refusal }: OperationAnswer): string => {
  if (refusal === null) return '';
  const { _tag, ...detail } = refusal;
  return `refused: ${_tag}. ${refusalInWords(_tag)} ${JSON.stringify(detail)}`;
};

const outcomeOf = (answer: OperationAnswer): string => {
  if (answer.outcome === 'refused') return refusalOf(answer);
  if (answer.outcome === 'unchanged') return 'nothing to do';
  const charge = answer.chargeId === null ? 'done' : `charge ${answer.chargeId}`;
  const paid = answer.allocations.length === 0 ? '' : `: ${amounts(answer.allocations)}`;
  const left = answer.lots.map(({ lotId, available, held }) => {
    const aside = held === 0 ? '' : ` and ${held} held`;
    return `${lotId} ${available}${aside}`;
  });
  return `${charge}${paid}; left: ${left.join(', ')}`;
};

const operationLine = (answer: OperationAnswer, when: When): string => {
  const late = answer.recordedAt === answer.at ? '' : ` (recorded ${when(answer.recordedAt)})`;
  return `  ${when(answer.at)}${late}  ${answer.op.padEnd(8)}  ${outcomeOf(answer)}`;
};

const lotHead = ['Lot', 'Kind', 'Granted', 'Used', 'Held', 'Voided', 'Lapsed', 'Left', 'Ends'];

const lotTable = (lots: QueryAnswer['lots'], { output, when }: Shown): string =>
  table(
    [
      lotHead.map(output.style.dim),
      ...lots.map((lot) => [
        lot.lotId,
        lot.kind,
        ...[lot.granted, lot.used, lot.held, lot.voided, lot.lapsed, lot.available].map(String),
        when(lot.expiresAt),
      ]),
    ],
    { align: ['left', 'left', right, right, right, right, right, right], indent: '    ' },
  );

const chargeTable = (charges: QueryAnswer['charges']): string =>
  table(
    charges.map(({ chargeId, status, credits, allocations }) => [
      chargeId,
      status,
      String(credits),
      amounts(allocations),
    ]),
    { align: ['left', 'left', right], indent: '    ' },
  );

const queryText = (answer: QueryAnswer, shown: Shown): void => {
  const { output, when } = shown;
  const known = answer.knownAt === null ? '' : `, as known at ${when(answer.knownAt)}`;
  const parts = `${answer.free} free, ${answer.paid} paid`;
  output.line(
    `  ${output.style.bold(`As of ${when(answer.at)}${known}: ${counted(answer.available, 'credit')}`)} (${parts}), ${answer.held} held`,
  );
  if (answer.lots.length > 0) output.line(lotTable(answer.lots, shown));
  if (answer.charges.length > 0) output.line(chargeTable(answer.charges));
};

/** A scenario's answers as a person reads them, told as they come: rules, operations in order, each query. */
export const tellWhatIf = (scenario: Scenario, shown: Shown): void => {
  const { output, when } = shown;
  let operations = 0;
  const queries = tellScenario(scenario, {
    onRules: (decided) => {
      output.line(output.style.bold('Rules'));
      output.line(rulesTable(decided, when));
    },
    onOperation: (answer) => {
      operations += 1;
      if (operations === 1) output.line(output.style.bold('\nOperations'));
      output.line(operationLine(answer, when));
    },
  });
  if (queries.length > 0) output.line(output.style.bold('\nQueries'));
  for (const answer of queries) queryText(answer, shown);
};
