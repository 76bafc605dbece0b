import { reasonInWords, type SessionExplanation } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, explained, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { ExitCode, type Outcome } from '../outcome.js';
import { decisionInWords } from '../report/chain.js';
import { consentInWords, startedRows, type Charge } from '../report/session.js';
import { summaryText, type CatalogSummary } from '../report/summary.js';
import { durationInWords } from '../text/instant.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

type Shown = Readonly<{
  found: SessionExplanation;
  charges: readonly Charge[];
  summary: CatalogSummary | undefined;
}>;

const capturedInWords = ({ capturedItems, assistantMessages }: SessionExplanation): string => {
  const assistant =
    assistantMessages === 0 ? '' : `, ${counted(assistantMessages, 'assistant message')}`;
  return capturedItems + assistantMessages === 0
    ? 'nothing'
    : `${counted(capturedItems, 'item')}${assistant}`;
};

const chargeRow = (charge: Charge): string =>
  `${counted(charge.amount, 'credit')} ${charge.status}, from ${charge.allocations
    .map(({ lotId, amount }) => `${lotId} (${amount})`)
    .join(', ')}`;

const timeRow = ({ started, endedAt }: SessionExplanation, when: Asking['when']): string =>
  endedAt === null
    ? `${when(started.startedAt)}, still running`
    : `${when(started.startedAt)}, ${durationInWords(endedAt - started.startedAt)}`;

const rowsOf = ({ found, charges }: Shown, when: Asking['when']): string[][] => {
  const last = found.decisions.at(-1);
  const refused = found.aiRefused;
  return [
    ['Started', timeRow(found, when)],
    ...startedRows(found.started),
    ['Consent', consentInWords(found.consent)],
    ['Decision', last === undefined ? 'none yet' : decisionInWords(last.decided)],
    ['Captured', capturedInWords(found)],
    ...(refused === null ? [] : [['AI use', `refused: ${reasonInWords[refused.reason]}`]]),
    ...(charges.length === 0
      ? [['Charge', 'none']]
      : charges.map((each) => ['Charge', chargeRow(each)])),
  ];
};

const look = (asked: Asking, found: SessionExplanation): Shown => {
  const { models } = asked.queries;
  const { sessionId } = found;
  const company = asked.company.id;
  return {
    found,
    charges: models.creditLedger.read((ledger) => ledger.chargesOfSession(company, sessionId))
      .answer,
    summary: models.summaryCatalog.read((catalog) => catalog.show(company, sessionId)).answer,
  };
};

/** `daybook session show ID` */
export const sessionShowCommand = async (context: Context, word: string): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  return asking(context, async (asked) => {
    const found = await explained(asked, id.right);
    if (E.isLeft(found)) return found;
    const shown = look(asked, found.right);
    const { output } = context;
    const { decisions, ...course } = found.right;
    output.json({
      ...course,
      decisions: decisions.map(({ decided, ruleVersion, agrees }) => ({
        ...decided,
        ruleVersion,
        agrees,
      })),
      charges: shown.charges,
      summary: shown.summary ?? null,
    });
    output.line(output.style.bold(`Session ${id.right} of ${asked.company.id}`));
    output.line(table(rowsOf(shown, asked.when), { indent: '  ' }));
    output.line();
    output.line(
      shown.summary === undefined
        ? '  No summary.'
        : summaryText(shown.summary, output.style, asked.when),
    );
    output.line();
    output.line(
      output.style.dim(
        `Why, rule by rule: daybook explain ${id.right}   Step by step: daybook session replay ${id.right}`,
      ),
    );
    return E.right(ExitCode.fine);
  });
};
