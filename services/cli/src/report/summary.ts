import type { ReadModels } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { wrap } from '../text/table.js';

export type CatalogSummary = NonNullable<
  ReturnType<Parameters<Parameters<ReadModels['summaryCatalog']['read']>[0]>[0]['show']>
>;

const WIDTH = 100;

type Marked = Pick<CatalogSummary, 'mark' | 'revision' | 'language'>;

/** Who wrote it: the AI marking goes with the text wherever it is shown (rulebook §4). */
export const provenanceInWords = ({ mark, revision, language }: Marked): string =>
  `${mark.statement}, revision ${revision}, language ${language}`;

const paragraph = (label: string, text: string, style: Style): readonly string[] =>
  text === '' ? [] : [`  ${style.bold(label)}`, wrap(text, WIDTH, '    ')];

const items = (label: string, lines: readonly string[], style: Style): readonly string[] => {
  if (lines.length === 0) return [];
  const numbered = lines.map((line, index) => {
    const mark = `${index + 1}. `;
    const rest = wrap(line, WIDTH - mark.length, '    ');
    return `    ${mark}${rest.trimStart().replaceAll('\n', `\n${' '.repeat(mark.length)}`)}`;
  });
  return [`  ${style.bold(label)}`, ...numbered];
};

/** A summary as it is read: title, problem, steps, result, follow-ups, tags, and who wrote it. */
export const summaryText = (
  summary: CatalogSummary,
  style: Style,
  when: (instant: number) => string,
): string => {
  const head = `${style.cyan(summary.sessionId)}  ${style.dim(when(summary.createdAt))}`;
  if (summary.body === null) {
    const at = summary.deletedAt === null ? '' : ` on ${when(summary.deletedAt)}`;
    return `${head}\n  Deleted${at} by ${summary.deletedBy ?? 'somebody'}; its text cannot be read any more.`;
  }
  const { title, problem, steps, result, followUps, tags } = summary.body;
  return [
    head,
    wrap(title, WIDTH, '  ')
      .split('\n')
      .map((line) => style.bold(line))
      .join('\n'),
    ...paragraph('Problem', problem, style),
    ...items('Steps', steps, style),
    ...paragraph('Result', result, style),
    ...items('Follow-ups', followUps, style),
    ...(tags.length === 0 ? [] : [`  ${style.bold('Tags')}  ${tags.join(', ')}`]),
    `  ${style.dim(provenanceInWords(summary))}`,
  ].join('\n');
};
