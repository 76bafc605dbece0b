import * as E from 'fp-ts/lib/Either.js';
import { criterionFor, type Criterion, type Mapping, type ReadTable } from '../config/mapping.js';
import { reachOf, type DeliveryFailure } from '../failure.js';
import { markerOf, type NoteMarker } from '../note/marker.js';
import type { Note, Posted, Remote, Retracted, SessionReference, Unrecalled } from '../remote.js';
import type { Comment, Outcomes, RestApi } from './rest-api.js';
import { soqlCondition } from './soql.js';

export type SalesforceDeps = Readonly<{
  api: RestApi;
  mapping: Mapping;
  readTable: ReadTable;
  quietUntil: () => number | null;
}>;

type Answer<A> = Promise<E.Either<DeliveryFailure, A>>;

const MULTIPLE_CHOICES = 300;

const byExternalId = async (api: RestApi, field: string, value: string): Answer<string> => {
  const found = await api.caseByExternalId(field, value);
  if (E.isRight(found)) return found;
  if (found.left._tag === 'NotFound') return E.left({ _tag: 'RecordNotFound' });
  const isSeveral = found.left._tag === 'Rejected' && found.left.status === MULTIPLE_CHOICES;
  return isSeveral ? E.left({ _tag: 'RecordAmbiguous' }) : found;
};

const byCondition = async (api: RestApi, criterion: Criterion): Answer<string> => {
  const condition = soqlCondition(criterion);
  if (condition === null) return E.left({ _tag: 'NotMapped' });
  const found = await api.cases(condition);
  if (E.isLeft(found)) return found;
  const [first, second] = found.right;
  if (first === undefined) return E.left({ _tag: 'RecordNotFound' });
  return second === undefined ? E.right(first) : E.left({ _tag: 'RecordAmbiguous' });
};

const find = async (deps: SalesforceDeps, session: SessionReference): Answer<string> => {
  const criterion = criterionFor(deps.mapping, session, deps.readTable);
  if (E.isLeft(criterion)) return criterion;
  return criterion.right.kind === 'external-id'
    ? byExternalId(deps.api, criterion.right.field, criterion.right.value)
    : byCondition(deps.api, criterion.right);
};

type Ours = Readonly<{ id: string; marker: NoteMarker }>;

const isOurs = ({ CommentBody: body }: Comment, about: NoteMarker): boolean => {
  const marker = markerOf(body ?? '');
  return marker?.company === about.company && marker.session === about.session;
};

/** Comments of a case that are notes of this session, whatever any table of ours says. */
const oursOn = async (
  { api }: SalesforceDeps,
  caseId: string,
  about: NoteMarker,
): Answer<readonly Ours[]> => {
  const comments = await api.comments(caseId);
  if (E.isLeft(comments)) return comments;
  const ours: Ours[] = [];
  for (const comment of comments.right) {
    const marker = markerOf(comment.CommentBody ?? '');
    if (marker !== null && isOurs(comment, about)) ours.push({ id: comment.Id, marker });
  }
  return E.right(ours);
};

/** One comment for a session: made with its first revision, changed with each later one. */
const post = async (deps: SalesforceDeps, caseId: string, note: Note): Answer<Posted> => {
  const ours = await oursOn(deps, caseId, note.marker);
  if (E.isLeft(ours)) return ours;
  const { event, revision } = note.marker;
  const there = ours.right.find(
    ({ marker }) => marker.event === event || marker.revision >= revision,
  );
  if (there !== undefined) return E.right({ noteId: there.id, how: 'found' });
  const [older] = ours.right;
  if (older !== undefined) {
    const updated = await deps.api.updateComment(older.id, note.text);
    if (E.isRight(updated)) return E.right({ noteId: older.id, how: 'updated' });
    // Somebody deleted the comment in this moment: the revision still has its own.
    if (updated.left._tag !== 'NotFound') return updated;
  }
  const created = await deps.api.createComment(caseId, note.text);
  return E.isLeft(created) ? created : E.right({ noteId: created.right, how: 'created' });
};

/** The first failure after which all of it is to be tried again. */
const toTryAgain = (outcomes: Outcomes): DeliveryFailure | null =>
  outcomes.find(({ failure }) => failure !== null && reachOf(failure) !== 'final')?.failure ?? null;

const refusedIds = (outcomes: Outcomes): readonly string[] =>
  outcomes.filter(({ failure }) => failure !== null).map(({ id }) => id);

/** What no call of the API reaches, once a comment was written. */
const beyondReach = (caseId: string): readonly Unrecalled[] => [
  { what: 'recycle bin', id: caseId, why: 'deleted comments can be restored for 15 days' },
  { what: 'field history', id: caseId, why: 'history and feed keep what they tracked' },
  { what: 'notifications', id: caseId, why: 'e-mails about the comment may have been sent' },
];

const retract = async (
  deps: SalesforceDeps,
  caseId: string,
  { note, noteIds }: Readonly<{ note: Note; noteIds: readonly string[] }>,
): Answer<Retracted> => {
  const comments = await deps.api.comments(caseId);
  if (E.isLeft(comments)) return comments;
  // A person may have changed a comment, its marker too: it is still the one that was written.
  const ids = comments.right
    .filter((one) => isOurs(one, note.marker) || noteIds.includes(one.Id))
    .map(({ Id }) => Id);
  const none = { noteId: null, recalled: 0, isTextLeft: false };
  if (ids.length === 0)
    return E.right({ ...none, unrecalled: noteIds.length > 0 ? beyondReach(caseId) : [] });
  const deleted = await deps.api.deleteComments(ids);
  if (E.isLeft(deleted)) return deleted;
  const again = toTryAgain(deleted.right);
  if (again !== null) return E.left(again);
  const refused = refusedIds(deleted.right);
  if (refused.length === 0)
    return E.right({ ...none, recalled: ids.length, unrecalled: beyondReach(caseId) });
  // Who may not delete a comment may often still change it: then at least its text goes.
  const replaced = await deps.api.replaceComments(refused, note.text);
  if (E.isLeft(replaced)) return replaced;
  const replaceAgain = toTryAgain(replaced.right);
  if (replaceAgain !== null) return E.left(replaceAgain);
  const left = refusedIds(replaced.right);
  const unrecalled = refused.map((id) => ({
    what: 'comment',
    id,
    why: left.includes(id)
      ? 'its deletion and its change are refused'
      : 'its deletion is refused; its text was replaced by the retraction',
  }));
  return E.right({
    noteId: refused.find((id) => !left.includes(id)) ?? null,
    recalled: ids.length - left.length,
    unrecalled: [...unrecalled, ...beyondReach(caseId)],
    isTextLeft: left.length > 0,
  });
};

/** Summaries as case comments: one comment for a session, at its latest revision. */
export const makeSalesforce = (deps: SalesforceDeps): Remote => ({
  find: (session) => find(deps, session),
  post: (caseId, note) => post(deps, caseId, note),
  retract: (caseId, retraction) => retract(deps, caseId, retraction),
  quietUntil: deps.quietUntil,
});
