import * as E from 'fp-ts/lib/Either.js';
import { assertNever, plain, type Decider, type Instant } from '../kernel/index.js';
import type { SummaryBody, SummaryEvent } from './events.js';

type Generated = Extract<SummaryEvent, { type: 'SummaryGenerated' }>['data'];

export type SummaryState =
  | Readonly<{ status: 'none'; failures: number }>
  | Readonly<{
      status: 'visible';
      revision: number;
      /** The revision that the latest edit replaced; 0 when nothing was edited. */
      changedRevision: number;
      author: string | null;
      language: string;
      body: SummaryBody;
      failures: number;
    }>
  | Readonly<{ status: 'deleted'; revision: number }>;

export type GenerateSummary = Readonly<{
  type: 'GenerateSummary';
  /** Revision that it replaces; 0 for the first. */
  changedRevision: number;
  summary: Omit<Generated, 'revision' | 'origin' | 'body'>;
  body: SummaryBody;
}>;
export type RecordSummaryFailure = Readonly<{
  type: 'RecordSummaryFailure';
  sessionId: string;
  reason: string;
  failedAt: Instant;
  attempt: number;
}>;
export type EditSummary = Readonly<{
  type: 'EditSummary';
  changedRevision: number;
  author: string;
  editedAt: Instant;
  /** Fields to replace; the others stay as they are. */
  changes: Partial<SummaryBody>;
}>;
export type DeleteSummary = Readonly<{ type: 'DeleteSummary'; by: string; deletedAt: Instant }>;

export type SummaryCommand = GenerateSummary | RecordSummaryFailure | EditSummary | DeleteSummary;

export type SummaryRefusal =
  | Readonly<{ _tag: 'SummaryNotFound' }>
  | Readonly<{ _tag: 'SummaryIsDeleted' }>
  /** Somebody changed it in between; nothing is lost: read the current revision and edit that. */
  | Readonly<{ _tag: 'StaleRevision'; changedRevision: number; currentRevision: number }>;

type Decision = E.Either<SummaryRefusal, readonly SummaryEvent[]>;
type Visible = Extract<SummaryState, { status: 'visible' }>;

const generateSummary = (command: GenerateSummary, state: SummaryState): Decision => {
  if (state.status === 'deleted') return E.left({ _tag: 'SummaryIsDeleted' });
  const current = state.status === 'visible' ? state.revision : 0;
  if (current > 0 && command.changedRevision < current) {
    // The first summary is asked for by a process that may run twice; a later one names what it replaces.
    return command.changedRevision === 0
      ? E.right([])
      : E.left({
          _tag: 'StaleRevision',
          changedRevision: command.changedRevision,
          currentRevision: current,
        });
  }
  return E.right([
    {
      type: 'SummaryGenerated',
      data: { ...command.summary, revision: current + 1, origin: 'ai', body: plain(command.body) },
    },
  ]);
};

const recordFailure = (command: RecordSummaryFailure, state: SummaryState): Decision => {
  if (state.status === 'deleted' || state.failures >= command.attempt) return E.right([]);
  const { sessionId, attempt, reason, failedAt } = command;
  return E.right([{ type: 'SummaryFailed', data: { sessionId, attempt, reason, failedAt } }]);
};

const sameText = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

const edited = (body: SummaryBody, changes: Partial<SummaryBody>): SummaryBody => ({
  title: changes.title ?? body.title,
  problem: changes.problem ?? body.problem,
  steps: changes.steps ?? body.steps,
  result: changes.result ?? body.result,
  followUps: changes.followUps ?? body.followUps,
  tags: changes.tags ?? body.tags,
});

/** `human` when no line of the earlier text is left, `mixed` otherwise: the AI marking must survive. */
const originOf = (before: SummaryBody, after: SummaryBody): 'human' | 'mixed' => {
  const text = (body: SummaryBody): readonly string[] =>
    [body.title, body.problem, ...body.steps, body.result, ...body.followUps].filter(
      (line) => line !== '',
    );
  const earlier = new Set(text(before));
  return text(after).some((line) => earlier.has(line)) ? 'mixed' : 'human';
};

const isRepeatOf = (command: EditSummary, state: Visible): boolean =>
  state.changedRevision === command.changedRevision &&
  state.revision === command.changedRevision + 1 &&
  state.author === command.author &&
  sameText(state.body, edited(state.body, command.changes));

const editSummary = (command: EditSummary, state: SummaryState): Decision => {
  if (state.status === 'none') return E.left({ _tag: 'SummaryNotFound' });
  if (state.status === 'deleted') return E.left({ _tag: 'SummaryIsDeleted' });
  if (isRepeatOf(command, state)) return E.right([]);
  const { changedRevision, author, editedAt } = command;
  if (changedRevision !== state.revision)
    return E.left({ _tag: 'StaleRevision', changedRevision, currentRevision: state.revision });
  const body = edited(state.body, command.changes);
  return E.right([
    {
      type: 'SummaryEdited',
      data: {
        revision: state.revision + 1,
        changedRevision,
        origin: originOf(state.body, body),
        author,
        editedAt,
        language: state.language,
        body: plain(body),
      },
    },
  ]);
};

const deleteSummary = (command: DeleteSummary, state: SummaryState): Decision => {
  if (state.status === 'none') return E.left({ _tag: 'SummaryNotFound' });
  if (state.status === 'deleted') return E.right([]);
  const { by, deletedAt } = command;
  return E.right([
    { type: 'SummaryDeleted', data: { by, deletedAt, lastRevision: state.revision } },
  ]);
};

const decide = (command: SummaryCommand, state: SummaryState): Decision => {
  switch (command.type) {
    case 'GenerateSummary':
      return generateSummary(command, state);
    case 'RecordSummaryFailure':
      return recordFailure(command, state);
    case 'EditSummary':
      return editSummary(command, state);
    case 'DeleteSummary':
      return deleteSummary(command, state);
    default:
      return assertNever(command);
  }
};

const evolve = (state: SummaryState, event: SummaryEvent): SummaryState => {
  // Nothing brings a deleted summary back, whatever the log holds after the deletion.
  if (state.status === 'deleted') return state;
  switch (event.type) {
    case 'SummaryGenerated':
    case 'SummaryEdited':
      return {
        status: 'visible',
        revision: event.data.revision,
        changedRevision: event.type === 'SummaryEdited' ? event.data.changedRevision : 0,
        author: event.type === 'SummaryEdited' ? event.data.author : null,
        language: event.data.language,
        body: event.data.body.value,
        failures: state.failures,
      };
    case 'SummaryFailed':
      return { ...state, failures: event.data.attempt };
    case 'SummaryDeleted':
      return { status: 'deleted', revision: event.data.lastRevision };
    default:
      return assertNever(event);
  }
};

/** The summary of one session and its revisions (rulebook §4). */
export const summary: Decider<SummaryState, SummaryCommand, SummaryEvent, SummaryRefusal> = {
  initialState: () => ({ status: 'none', failures: 0 }),
  evolve,
  decide,
};
