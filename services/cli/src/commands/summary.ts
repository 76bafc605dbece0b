import * as E from 'fp-ts/lib/Either.js';
import type { VisibleSummaries } from '@daybook/engine';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { idFrom, instantFrom, wholeNumberFrom } from '../data/at.js';
import { askCatalog, viewerOf } from '../data/viewer.js';
import { ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { provenanceInWords, summaryText, type CatalogSummary } from '../report/summary.js';
import { table, wrap } from '../text/table.js';
import { counted } from '../text/words.js';

export type SummaryFilterOptions = Readonly<{
  supporter?: string;
  device?: string;
  tag?: string;
  language?: string;
  from?: string;
  to?: string;
  deleted?: boolean;
  limit: string;
  /** The user who looks; left out: the operator. */
  as?: string;
}>;

const LIMIT_MAX = 10_000;

type Filter = NonNullable<
  Parameters<
    Parameters<Parameters<Asking['queries']['models']['summaryCatalog']['read']>[0]>[0]['list']
  >[1]['filter']
>;

const created = (
  options: SummaryFilterOptions,
): E.Either<Failure, Pick<Filter, 'createdFrom' | 'createdTo'>> => {
  const from = options.from === undefined ? null : instantFrom('--from', options.from);
  if (from !== null && E.isLeft(from)) return from;
  const to = options.to === undefined ? null : instantFrom('--to', options.to);
  if (to !== null && E.isLeft(to)) return to;
  return E.right({
    ...(from === null ? {} : { createdFrom: from.right }),
    ...(to === null ? {} : { createdTo: to.right }),
  });
};

/** The filter and the limit that the flags mean. */
const filterFrom = (
  options: SummaryFilterOptions,
): E.Either<Failure, Readonly<{ filter: Filter; limit: number }>> => {
  const limit = wholeNumberFrom('--limit', options.limit, 1);
  if (E.isLeft(limit)) return limit;
  const bounds = created(options);
  if (E.isLeft(bounds)) return bounds;
  const { supporter, device, tag, language, deleted = false } = options;
  const filter: Filter = {
    ...bounds.right,
    ...(supporter === undefined ? {} : { supporterId: supporter }),
    ...(device === undefined ? {} : { deviceId: device }),
    ...(tag === undefined ? {} : { tag }),
    ...(language === undefined ? {} : { language }),
    ...(deleted ? {} : { status: 'active' as const }),
  };
  return E.right({ filter, limit: Math.min(limit.right, LIMIT_MAX) });
};

/** `daybook summary list` */
export const summaryListCommand = async (
  context: Context,
  options: SummaryFilterOptions,
): Promise<Outcome> => {
  const request = filterFrom(options);
  if (E.isLeft(request)) return request;
  return asking(context, async (asked) => {
    const { company, when } = asked;
    const viewer = await viewerOf(asked, options.as);
    if (E.isLeft(viewer)) return viewer;
    const { answer, position } = askCatalog(asked, viewer.right, ({ list }) => list(request.right));
    if ('_tag' in answer) throw new Error('A list without a cursor has a readable one');
    const { output } = context;
    const { style } = output;
    output.json({ company: company.id, position, ...answer });
    const rows = answer.items.map((summary) => [
      style.cyan(summary.sessionId),
      when(summary.createdAt),
      `revision ${summary.revision}`,
      summary.body?.title ?? style.dim('deleted'),
      style.dim(summary.mark.statement),
    ]);
    if (rows.length > 0)
      output.line(table([['Session', 'Made', 'Revision', 'Title', ''].map(style.dim), ...rows]));
    const more = answer.next === null ? '' : ' There are more; see --limit.';
    output.line(
      style.dim(
        `${counted(rows.length, 'summary', 'summaries')}, log position ${position}.${more}`,
      ),
    );
    return E.right(ExitCode.fine);
  });
};

/** `daybook summary search WORDS...` */
export const summarySearchCommand = async (
  context: Context,
  words: readonly string[],
  options: SummaryFilterOptions,
): Promise<Outcome> => {
  const request = filterFrom(options);
  if (E.isLeft(request)) return request;
  return asking(context, async (asked) => {
    const { company, when } = asked;
    const viewer = await viewerOf(asked, options.as);
    if (E.isLeft(viewer)) return viewer;
    const { answer, position } = askCatalog(asked, viewer.right, ({ search }) =>
      search({ words: words.join(' '), ...request.right }),
    );
    if ('_tag' in answer) throw new Error('A search without a cursor has a readable one');
    const { output } = context;
    const { style } = output;
    output.json({ company: company.id, position, ...answer });
    for (const { summary, snippet } of answer.items) {
      output.line(`${style.cyan(summary.sessionId)}  ${style.dim(when(summary.createdAt))}`);
      output.line(`  ${style.bold(summary.body?.title ?? '')}`);
      output.line(wrap(snippet, 100, '  '));
      output.line(`  ${style.dim(summary.mark.statement)}`);
    }
    output.line(
      style.dim(
        `${counted(answer.items.length, 'summary', 'summaries')} found, log position ${position}.`,
      ),
    );
    return E.right(ExitCode.fine);
  });
};

export const noSuchSummary = (company: string, sessionId: string): Failure =>
  refusal(
    `${company} has no summary of session ${sessionId}. Why: daybook explain ${sessionId}   Which there are: daybook summary list`,
  );

type FoundSummary = Readonly<{
  summary: CatalogSummary;
  revisions: ReturnType<VisibleSummaries['revisions']>;
  position: number;
}>;

/** The summary of a session as a viewer finds it in the catalog. */
export const findSummary = async (
  asked: Asking,
  sessionId: string,
  viewedAs: string | undefined,
): Promise<E.Either<Failure, FoundSummary>> => {
  const viewer = await viewerOf(asked, viewedAs);
  if (E.isLeft(viewer)) return viewer;
  const { answer, position } = askCatalog(asked, viewer.right, ({ show, revisions }) => ({
    summary: show(sessionId),
    revisions: revisions(sessionId),
  }));
  const { summary, revisions } = answer;
  return summary === undefined
    ? E.left(noSuchSummary(asked.company.id, sessionId))
    : E.right({ summary, revisions, position });
};

/** `daybook summary show SESSION [--revisions]` */
export const summaryShowCommand = async (
  context: Context,
  word: string,
  options: Readonly<{ revisions?: boolean; as?: string }>,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return E.left(usage(id.left.message));
  return asking(context, async (asked) => {
    const found = await findSummary(asked, id.right, options.as);
    if (E.isLeft(found)) return found;
    const { output } = context;
    const { summary, revisions, position } = found.right;
    output.json({ ...summary, revisions, position });
    output.line(summaryText(summary, output.style, asked.when));
    if (options.revisions === true) {
      output.line(`  ${output.style.bold('Revisions')}`);
      const rows = revisions.map((revision) => [
        String(revision.revision),
        asked.when(revision.at),
        provenanceInWords(revision),
        revision.author === null ? '' : `by ${revision.author}`,
        revision.changedRevision === null ? '' : `changes revision ${revision.changedRevision}`,
      ]);
      output.line(table(rows, { indent: '    ' }));
    }
    return E.right(ExitCode.fine);
  });
};
