import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { ExitCode, refusal, type Outcome } from '../outcome.js';
import { exportedSummary, type ExportFormat } from '../report/summary-export.js';
import { findSummary } from './summary.js';

export type ExportOptions = Readonly<{ format: ExportFormat; as?: string }>;

/** `daybook summary export SESSION [--format markdown|json|text] [--as USER]` */
export const summaryExportCommand = async (
  context: Context,
  word: string,
  options: ExportOptions,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  return asking(context, async (asked) => {
    const found = await findSummary(asked, id.right, options.as);
    if (E.isLeft(found)) return found;
    const { summary } = found.right;
    const { body } = summary;
    if (body === null)
      return E.left(refusal('The summary has been deleted; there is nothing to export.'));
    const format = context.output.isJson ? 'json' : options.format;
    context.output.raw(exportedSummary(asked.company.id, { ...summary, body }, format));
    return E.right(ExitCode.fine);
  });
};
