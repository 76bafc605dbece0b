import * as E from 'fp-ts/lib/Either.js';
import { assertNever, plain, type Actor, type Decider } from '../kernel/index.js';
import { mayChangeSummary } from './authority.js';
import type {
  DeleteSummary,
  EditSummary,
  GenerateSummary,
  RecordSummaryFailure,
  SummaryCommand,
  SummaryRefusal,
  SummaryState,
} from './commands.js';
import type { SummaryBody, SummaryEvent } from './events.js';
import { originAfter } from './origin.js';

type Decision = E.Either<SummaryRefusal, readonly SummaryEvent[]>;
type Visible = Extract<SummaryState, { status: 'visible' }>;

const edited = (body: SummaryBody, changes: Partial<SummaryBody>): SummaryBody => ({
  title: changes.title ?? body.title,
  problem: changes.problem ?? body.problem,
  steps: changes.steps ?? body.steps,
  result: changes.result ?? body.result,
  followUps: changes.followUps ?? body.followUps,
  tags: changes.tags ?? body.tags,
});

/** Field by field, in one order: a body may come from a model, a form or the log. */
const sameText = (left: SummaryBody, right: SummaryBody): boolean =>
  JSON.stringify(edited(left, {})) === JSON.stringify(edited(right, {}));

const stale = (changedRevision: number, currentRevision: number): Decision =>
  E.left({ _tag: 'StaleRevision', changedRevision, currentRevision });

/**
 * The first summary is asked for by a process that may run twice: once there is one, asking changes
 * nothing. A later one names the revision that it replaces, and is recognised when it comes again.
 */
const isGenerated = (command: GenerateSummary, state: Visible): boolean =>
  command.changedRevision === 0 ||
  (state.revision === command.changedRevision + 1 &&
    state.author === null &&
    state.language === command.summary.language &&
    sameText(state.body, command.body));

const generateSummary = (command: GenerateSummary, state: SummaryState): Decision => {
  if (state.status === 'deleted') return E.left({ _tag: 'SummaryIsDeleted' });
  const current = state.status === 'visible' ? state.revision : 0;
  if (state.status === 'visible' && isGenerated(command, state)) return E.right([]);
  if (command.changedRevision !== current) return stale(command.changedRevision, current);
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

const isRepeatOf = (command: EditSummary, state: Visible): boolean =>
  state.revision === command.changedRevision + 1 &&
  state.author === command.actor.id &&
  sameText(state.body, edited(state.body, command.changes));

const notTheirs = (actor: Actor): Decision =>
  E.left({ _tag: 'SummaryNotTheirs', actorKind: actor.kind });

/** An edit that changes no word is no revision: it would turn an AI text into a person's. */
const editSummary = (command: EditSummary, state: SummaryState): Decision => {
  const { changedRevision, actor, editedAt } = command;
  if (state.status === 'none') return E.left({ _tag: 'SummaryNotFound' });
  if (!mayChangeSummary(actor, state.supporterId)) return notTheirs(actor);
  if (state.status === 'deleted') return E.left({ _tag: 'SummaryIsDeleted' });
  if (isRepeatOf(command, state)) return E.right([]);
  if (changedRevision !== state.revision) return stale(changedRevision, state.revision);
  const body = edited(state.body, command.changes);
  if (sameText(state.body, body)) return E.right([]);
  return E.right([
    {
      type: 'SummaryEdited',
      data: {
        revision: state.revision + 1,
        changedRevision,
        origin: originAfter(state, body),
        author: actor.id,
        editedAt,
        language: state.language,
        body: plain(body),
      },
    },
  ]);
};

const deleteSummary = (command: DeleteSummary, state: SummaryState): Decision => {
  const { actor, deletedAt } = command;
  if (state.status === 'none') return E.left({ _tag: 'SummaryNotFound' });
  if (!mayChangeSummary(actor, state.supporterId)) return notTheirs(actor);
  if (state.status === 'deleted') return E.right([]);
  const data = { by: actor.id, deletedAt, lastRevision: state.revision };
  return E.right([{ type: 'SummaryDeleted', data }]);
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

/** The session's supporter, as the text's own event says; an edit changes nobody's session. */
const supporterOf = (
  state: Exclude<SummaryState, { status: 'deleted' }>,
  event: SummaryEvent,
): string | null => {
  if (event.type === 'SummaryGenerated') return event.data.supporterId;
  return state.status === 'visible' ? state.supporterId : null;
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
        supporterId: supporterOf(state, event),
        origin: event.data.origin,
        author: event.type === 'SummaryEdited' ? event.data.author : null,
        language: event.data.language,
        body: event.data.body.value,
        failures: state.failures,
      };
    case 'SummaryFailed':
      return { ...state, failures: event.data.attempt };
    case 'SummaryDeleted':
      return {
        status: 'deleted',
        revision: event.data.lastRevision,
        supporterId: supporterOf(state, event),
      };
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
