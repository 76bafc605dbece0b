import {
  explainCharges,
  explainSummary,
  reasonInWords,
  type SessionExplanation,
} from '@daybook/engine';
import { ruleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, explained, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { headOf } from '../data/head.js';
import { unknownId } from '../data/known-kinds.js';
import { ExitCode, type Failure, type Outcome } from '../outcome.js';
import { decisionText } from '../report/chain.js';
import { creditSideText, summarySideText } from '../report/credit-side.js';
import { consentInWords, startedRows } from '../report/session.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const aiUseInWords = (found: SessionExplanation, when: Asking['when']): string => {
  if (found.aiRefused !== null)
    return `refused ${when(found.aiRefused.at)}: ${reasonInWords[found.aiRefused.reason]}`;
  return found.chargeId === null ? 'AI was not used.' : `allowed, paid by charge ${found.chargeId}`;
};

const aftermath = (found: SessionExplanation, when: Asking['when']): string[][] => [
  ['Consent', consentInWords(found.consent)],
  ['Captured', `${counted(found.capturedItems, 'item')} kept`],
  ['AI use', aiUseInWords(found, when)],
];

const sides = async ({ queries, company }: Asking, sessionId: string) => {
  const { reader } = queries;
  const credits = await explainCharges({ reader, ruleBook })(company.id, sessionId);
  if (E.isLeft(credits)) return E.left(failureOf(credits.left));
  const summary = await explainSummary(reader)(company.id, sessionId);
  if (E.isLeft(summary)) return E.left(failureOf(summary.left));
  return E.right({ credits: credits.right, summary: summary.right });
};

type Sides = Extract<Awaited<ReturnType<typeof sides>>, { _tag: 'Right' }>['right'];

const agreesThroughout = (found: SessionExplanation, { credits, summary }: Sides): boolean =>
  [...found.decisions, ...credits.charges, ...credits.refusals, ...summary.revisions].every(
    ({ agrees }) => agrees,
  );

const tell = (
  context: Context,
  asked: Asking,
  told: Readonly<{ found: SessionExplanation }> & Sides,
) => {
  const { output } = context;
  const { style } = output;
  const { when } = asked;
  const { found, credits, summary } = told;
  const { decisions, started, position, sessionId } = found;
  output.line(style.bold(`Why session ${sessionId} of ${asked.company.id} went as it did`));
  output.line(table(startedRows(started), { indent: '  ' }));
  for (const decision of decisions) {
    output.line();
    output.line(decisionText(decision, { paths: started.paths, when, style }));
  }
  output.line();
  output.line(style.bold('What became of it'));
  output.line(table(aftermath(found, when), { indent: '  ' }));
  output.line(style.bold('Credits'));
  output.line(creditSideText(credits, { style, when }));
  output.line(style.bold('Summary'));
  output.line(summarySideText(summary, { style, when }));
  output.line(style.dim(`Read at log position ${position}.`));
};

/** A session that is not there may be something else that is: the answer says what. */
const found = async (asked: Asking, id: string): Promise<E.Either<Failure, SessionExplanation>> => {
  const session = await explained(asked, id);
  if (E.isRight(session) || session.left.exitCode !== ExitCode.refusedOrBadLines) return session;
  return E.left(await unknownId(asked, { kind: 'session', id }));
};

/** `daybook explain [session] SESSION`: rulebook §3, §5 and §4, as decided and evaluated again. */
export const explainCommand = async (context: Context, word: string): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  return asking(context, async (asked) => {
    const position = await headOf(asked);
    if (E.isLeft(position)) return position;
    const session = await found(asked, id.right);
    if (E.isLeft(session)) return session;
    const rest = await sides(asked, id.right);
    if (E.isLeft(rest)) return rest;
    const agrees = agreesThroughout(session.right, rest.right);
    const told = { ...session.right, position: position.right };
    context.output.json({ company: asked.company.id, ...told, ...rest.right, agrees });
    tell(context, asked, { found: told, ...rest.right });
    return E.right(verdict(context, agrees));
  });
};

/** What does not come out the same again is a fault of the data or of the program, and never passed over. */
export const verdict = (context: Context, agrees: boolean): ExitCode => {
  if (!agrees)
    context.output.note(
      'A decision does not come out the same again. Keep the data and report this.',
    );
  return agrees ? ExitCode.fine : ExitCode.refusedOrBadLines;
};
