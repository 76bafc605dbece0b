import { withIsoInstants } from '../text/iso-instants.js';
import type { CatalogSummary } from './summary.js';

export const exportFormats = ['markdown', 'json', 'text'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A summary whose text is still there. */
export type ExportedSummary = CatalogSummary &
  Readonly<{ body: NonNullable<CatalogSummary['body']> }>;

/** What stands at the head of every exported text: the marking first, then where it comes from. */
const headerOf = (company: string, summary: ExportedSummary) => {
  const { mark, sessionId, revision, model, promptVersion, language, createdAt, editedAt } =
    summary;
  const { aiGenerated, origin, digitalSourceType, statement } = mark;
  const written = { revision, model: origin === 'human' ? null : model, promptVersion };
  const dated = withIsoInstants({ createdAt, editedAt }) as object;
  return {
    aiGenerated,
    origin,
    digitalSourceType,
    statement,
    company,
    sessionId,
    ...written,
    language,
    ...dated,
  };
};

/** Signs that Markdown or HTML would take for something else stay what the author wrote. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
const line = (text: string): string => escaped(text.replace(/\s+/g, ' ').trim());

const heading = (title: string, text: string): readonly string[] =>
  text === '' ? [] : [`## ${title}`, '', line(text), ''];

const listing = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0
    ? []
    : [`## ${title}`, '', ...items.map((item, index) => `${index + 1}. ${line(item)}`), ''];

const markdown = (company: string, summary: ExportedSummary): string => {
  const { title, problem, steps, result, followUps, tags } = summary.body;
  // JSON scalars are YAML scalars, so the front matter needs no writer of its own.
  const front = Object.entries(headerOf(company, summary)).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  );
  return [
    '---',
    ...front,
    '---',
    '',
    `# ${line(title)}`,
    '',
    `> ${line(`${summary.mark.statement}, revision ${summary.revision}.`)}`,
    '',
    ...heading('Problem', problem),
    ...listing('Steps', steps),
    ...heading('Result', result),
    ...listing('Follow-ups', followUps),
    ...(tags.length === 0 ? [] : [`Tags: ${tags.map(line).join(', ')}`, '']),
  ].join('\n');
};

const nameOf = (field: string): string =>
  field.replace(/([A-Z])/g, '-$1').replace(/^./, (first) => first.toUpperCase());

const text = (company: string, summary: ExportedSummary): string => {
  const { title, problem, steps, result, followUps, tags } = summary.body;
  const flat = (words: string): string => words.replace(/\s+/g, ' ').trim();
  const header = Object.entries(headerOf(company, summary)).map(
    ([name, value]) => `${nameOf(name)}: ${String(value)}`,
  );
  const numbered = (items: readonly string[]): readonly string[] =>
    items.map((item, index) => `  ${index + 1}. ${flat(item)}`);
  return [
    ...header,
    '',
    flat(title),
    '',
    `Problem: ${flat(problem)}`,
    'Steps:',
    ...numbered(steps),
    `Result: ${flat(result)}`,
    ...(followUps.length === 0 ? [] : ['Follow-ups:', ...numbered(followUps)]),
    ...(tags.length === 0 ? [] : [`Tags: ${tags.map(flat).join(', ')}`]),
    '',
    `(${summary.mark.statement})`,
    '',
  ].join('\n');
};

const json = (company: string, summary: ExportedSummary): string => {
  const { mark, body } = summary;
  return `${JSON.stringify({ ...headerOf(company, summary), mark, body }, null, 2)}\n`;
};

/**
 * A summary for another system. The marking stands in it twice, for programs at the head (front matter,
 * header lines, fields) and for people beside the text, so that neither copying the text nor reading
 * the head alone loses it (rulebook §4).
 */
export const exportedSummary = (
  company: string,
  summary: ExportedSummary,
  format: ExportFormat,
): string => {
  switch (format) {
    case 'markdown':
      return markdown(company, summary);
    case 'json':
      return json(company, summary);
    case 'text':
      return text(company, summary);
  }
};
