import { reasonInWords, type SessionExplanation } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, explained, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { ExitCode, type Outcome } from '../outcome.js';
import { decisionText } from '../report/chain.js';
import { consentInWords, startedRows } from '../report/session.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const aiUseInWords = (found: SessionExplanation, when: Asking['when']): string => {
  if (found.aiRefused !== null)
    return `refused ${when(found.aiRefused.at)}: ${reasonInWords[found.aiRefused.reason]}`;
  return found.chargeId === null ? 'AI was not used.' : `allowed, paid by charge ${found.chargeId}`;
};

/** What became of consent, AI use, charge and summary after the decisions. */
const aftermath = (asked: Asking, found: SessionExplanation): string[][] => {
  const { models } = asked.queries;
  const company = asked.company.id;
  const { sessionId } = found;
  const charges = models.creditLedger.read((ledger) => ledger.chargesOfSession(company, sessionId));
  const summary = models.summaryCatalog.read((catalog) => catalog.show(company, sessionId)).answer;
  const paid = charges.answer.map(
    ({ amount, status, heldAt, allocations }) =>
      `${counted(amount, 'credit')} ${status}; set aside ${asked.when(heldAt)} from ${allocations
        .map(({ lotId }) => lotId)
        .join(', ')}`,
  );
  return [
    ['Consent', consentInWords(found.consent)],
    ['Captured', `${counted(found.capturedItems, 'item')} kept`],
    ['AI use', aiUseInWords(found, asked.when)],
    ...(paid.length === 0 ? ['none'] : paid).map((words) => ['Charge', words]),
    [
      'Summary',
      summary === undefined
        ? 'none'
        : `${summary.status === 'deleted' ? 'deleted' : `revision ${summary.revision}, ${summary.origin}`}`,
    ],
  ];
};

/** `daybook explain SESSION`: rulebook §3 rule by rule, as decided and evaluated again. */
export const explainCommand = async (context: Context, word: string): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  return asking(context, async (asked) => {
    const found = await explained(asked, id.right);
    if (E.isLeft(found)) return found;
    const { output } = context;
    const { style } = output;
    const { decisions, started, position } = found.right;
    const agrees = decisions.every((decision) => decision.agrees);
    output.json({ company: asked.company.id, ...found.right, agrees });
    output.line(style.bold(`Why session ${id.right} of ${asked.company.id} went as it did`));
    output.line(table(startedRows(started), { indent: '  ' }));
    for (const decision of decisions) {
      output.line();
      output.line(decisionText(decision, { paths: started.paths, when: asked.when, style }));
    }
    output.line();
    output.line(style.bold('What became of it'));
    output.line(table(aftermath(asked, found.right), { indent: '  ' }));
    output.line(style.dim(`Read at log position ${position}.`));
    if (!agrees)
      output.note('A decision does not come out the same again. Keep the data and report this.');
    return E.right(agrees ? ExitCode.fine : ExitCode.refusedOrBadLines);
  });
};
