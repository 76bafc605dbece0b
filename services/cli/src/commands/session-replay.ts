import {
  beforeSession,
  isWithin,
  momentInWords as stateInWords,
  replaySession,
  viewsOf,
  type Moment,
  type SessionMoment,
  type SessionViews,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, noSuchSession, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { momentFrom, type MomentOptions } from '../data/moment.js';
import { ExitCode, refusal, type Failure, type Outcome } from '../outcome.js';
import type { Style } from '../text/style.js';
import { momentInWords } from '../report/moment.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const PAGE = 1000;

const timelineOf = (asked: Asking, sessionId: string) => {
  const { sessionHistory } = asked.queries.models;
  return sessionHistory.read((history) => {
    const entries = [];
    for (let after = -1; ;) {
      const page = history.timeline(asked.company.id, sessionId, { limit: PAGE, after });
      for (const entry of page) entries.push(entry);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return entries;
      after = last.ordinal;
    }
  });
};

type Entry = ReturnType<typeof timelineOf>['answer'][number];
type Step = Readonly<{ entry: Entry; views: SessionViews; newViews: Partial<SessionViews> }>;
type Replayed = Readonly<{ steps: readonly Step[]; end: SessionMoment }>;

const viewers = ['remoteSide', 'supporter', 'company', 'others'] as const;

/** What somebody sees after a step and did not see before it. */
const changedViews = (before: SessionViews, after: SessionViews): Partial<SessionViews> =>
  Object.fromEntries(
    viewers
      .filter((viewer) => before[viewer] !== after[viewer])
      .map((viewer) => [viewer, after[viewer]]),
  );

const stepThrough = async (
  { queries, when }: Asking,
  entries: readonly Entry[],
): Promise<E.Either<Failure, Replayed>> => {
  const steps: Step[] = [];
  let end = beforeSession();
  let seen = viewsOf(end, { when });
  for await (const replayed of replaySession(queries.reader, entries)) {
    if (E.isLeft(replayed)) return E.left(failureOf(replayed.left));
    end = replayed.right.after;
    const views = viewsOf(end, { when });
    steps.push({ entry: replayed.right.step, views, newViews: changedViews(seen, views) });
    seen = views;
  }
  return E.right({ steps, end });
};

/** Who looks, as the list names them. */
const nameOf = (viewer: (typeof viewers)[number], end: SessionMoment): string => {
  switch (viewer) {
    case 'remoteSide':
      return 'remote side';
    case 'supporter':
      return end.session.status === 'not-started' || end.session.started.supporterId === null
        ? 'supporter'
        : `supporter ${end.session.started.supporterId}`;
    case 'company':
      return 'administrators, auditors';
    case 'others':
      return 'other supporters, other companies';
  }
};

const stepLines = (step: Step, end: SessionMoment, style: Style): string[] =>
  viewers.flatMap((viewer) => {
    const sees = step.newViews[viewer];
    return sees === undefined ? [] : [style.dim(`        ${nameOf(viewer, end)}: ${sees}`)];
  });

const tell = (context: Context, asked: Asking, { steps, end }: Replayed): void => {
  const { output } = context;
  const { style } = output;
  const { when } = asked;
  const heads = table(
    steps.map(({ entry }) => [
      style.dim(`#${entry.position}`),
      when(entry.occurredAt),
      entry.what,
      style.dim(`${entry.actor.kind} ${entry.actor.id}`),
    ]),
    { align: ['right'], indent: '  ' },
  ).split('\n');
  for (const [index, step] of steps.entries()) {
    output.line(heads[index] ?? '');
    for (const line of stepLines(step, end, style)) output.line(line);
  }
  output.line(style.bold('How it stands then'));
  const state = stateInWords(end, { when }).map(([part, words]) => [part, words]);
  output.line(table(state, { indent: '  ' }));
  output.line(style.bold('What each can see then'));
  const views = viewsOf(end, { when });
  output.line(
    table(
      viewers.map((viewer) => [nameOf(viewer, end), views[viewer]]),
      { indent: '  ' },
    ),
  );
};

const notThere = (
  { when }: Asking,
  sessionId: string,
  { moment, end }: Readonly<{ moment: Moment | null; end: number }>,
): Failure => {
  const at = momentInWords(moment, { when, end }) ?? '';
  return refusal(
    `Nothing of session ${sessionId} was there ${at}. See all of it: daybook session replay ${sessionId}`,
  );
};

/** `daybook session replay ID [--at POSITION | --as-of TIME | --known-at TIME]` */
export const sessionReplayCommand = async (
  context: Context,
  word: string,
  options: MomentOptions,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  const moment = momentFrom(options);
  if (E.isLeft(moment)) return moment;
  return asking(context, async (asked) => {
    const { answer: all, position } = timelineOf(asked, id.right);
    const entries = all.filter((entry) => isWithin(moment.right, entry));
    if (all.length === 0) return E.left(noSuchSession(asked.company.id, id.right));
    if (entries.length === 0)
      return E.left(notThere(asked, id.right, { moment: moment.right, end: position }));
    const replayed = await stepThrough(asked, entries);
    if (E.isLeft(replayed)) return replayed;
    const { output } = context;
    const { steps, end } = replayed.right;
    const company = asked.company.id;
    output.json({
      company,
      sessionId: id.right,
      position,
      moment: moment.right,
      timeline: steps.map(({ entry, views }) => ({ ...entry, views })),
      state: end,
    });
    output.line(output.style.bold(`Session ${id.right} of ${company}, as it was recorded`));
    tell(context, asked, replayed.right);
    const shown = { when: asked.when, end: position };
    const upTo = momentInWords(moment.right, shown) ?? `read at log position ${position}`;
    output.line(output.style.dim(`${counted(entries.length, 'event')}, ${upTo}.`));
    return E.right(ExitCode.fine);
  });
};
