import * as E from 'fp-ts/lib/Either.js';
import { criterionFor, type Mapping, type ReadTable } from '../config/mapping.js';
import { reachOf, type DeliveryFailure } from '../failure.js';
import { markerOf, type NoteMarker } from '../note/marker.js';
import type { Note, Posted, Remote, Retracted, SessionReference, Unrecalled } from '../remote.js';
import { encodedQuery } from './encoded-query.js';
import type { JournalRow, TableApi } from './table-api.js';

export type ServiceNowDeps = Readonly<{
  api: TableApi;
  mapping: Mapping;
  readTable: ReadTable;
  /** May entries be deleted from the journal? It needs a right that few integrations have. */
  deletesEntries: boolean;
  quietUntil: () => number | null;
}>;

type Answer<A> = Promise<E.Either<DeliveryFailure, A>>;

const find = async (deps: ServiceNowDeps, session: SessionReference): Answer<string> => {
  const criterion = criterionFor(deps.mapping, session, deps.readTable);
  if (E.isLeft(criterion)) return criterion;
  const query = encodedQuery(criterion.right);
  if (query === null) return E.left({ _tag: 'NotMapped' });
  const compared = criterion.right.kind === 'condition' ? null : criterion.right;
  const found = await deps.api.records(query, compared === null ? [] : [compared.field]);
  if (E.isLeft(found)) return found;
  const [first, second] = found.right;
  if (first === undefined) return E.left({ _tag: 'RecordNotFound' });
  if (second !== undefined) return E.left({ _tag: 'RecordAmbiguous' });
  // An instance passes over a condition on a field that it does not have, and answers with any record.
  const isMeant = compared === null || first[compared.field] === compared.value;
  return isMeant ? E.right(first.sys_id) : E.left({ _tag: 'RecordNotFound' });
};

type Entry = Readonly<{ id: string; marker: NoteMarker }>;

const entriesOf = (rows: readonly JournalRow[]): readonly Entry[] => {
  const entries: Entry[] = [];
  for (const { sys_id: id, value } of rows) {
    const marker = markerOf(value);
    if (marker !== null) entries.push({ id, marker });
  }
  return entries;
};

/** The entry that was written for an event, when there is one. */
const entryFor = async (
  { api }: ServiceNowDeps,
  recordId: string,
  event: string,
): Answer<Entry | undefined> => {
  const rows = await api.journal(recordId, event);
  if (E.isLeft(rows)) return rows;
  return E.right(entriesOf(rows.right).find(({ marker }) => marker.event === event));
};

/**
 * One entry for each event. It is looked for before it is written, because an answer may have been lost; and
 * after it, because an instance drops a field in silence that the user may not write.
 */
const post = async (deps: ServiceNowDeps, recordId: string, note: Note): Answer<Posted> => {
  const { event } = note.marker;
  const there = await entryFor(deps, recordId, event);
  if (E.isLeft(there)) return there;
  if (there.right !== undefined) return E.right({ noteId: there.right.id, how: 'found' });
  const added = await deps.api.addJournalEntry(recordId, note.text);
  if (E.isLeft(added)) return added;
  const kept = await entryFor(deps, recordId, event);
  if (E.isLeft(kept)) return kept;
  return kept.right === undefined
    ? E.left({ _tag: 'NoteNotKept' })
    : E.right({ noteId: kept.right.id, how: 'created' });
};

/** What no call of the API reaches, once an entry was written. */
const beyondReach = (recordId: string): readonly Unrecalled[] => [
  { what: 'audit history', id: recordId, why: 'the instance keeps what was in the field' },
  { what: 'notifications', id: recordId, why: 'e-mails may have been sent to watchers' },
];

type Taken = Readonly<{ recalled: number; unrecalled: Unrecalled[]; isTextLeft: boolean }>;

const takeBack = async (deps: ServiceNowDeps, entries: readonly Entry[]): Answer<Taken> => {
  const unrecalled: Unrecalled[] = [];
  let [recalled, isTextLeft] = [0, false];
  for (const { id } of entries) {
    if (!deps.deletesEntries) {
      unrecalled.push({ what: 'journal entry', id, why: 'the configuration deletes none' });
      continue;
    }
    const deleted = await deps.api.deleteJournalEntry(id);
    if (E.isRight(deleted)) recalled += 1;
    else if (deleted.left._tag === 'Forbidden' || deleted.left._tag === 'Rejected') {
      unrecalled.push({ what: 'journal entry', id, why: 'the instance refuses to delete it' });
      isTextLeft = true;
    } else return deleted;
  }
  return E.right({ recalled, unrecalled, isTextLeft });
};

/** Text may be deleted though nothing may be written: what can be taken back is. */
const isRefused = (failure: DeliveryFailure): boolean =>
  failure._tag !== 'NotFound' && reachOf(failure) === 'final';

const retract = async (
  deps: ServiceNowDeps,
  recordId: string,
  retraction: Readonly<{ note: Note; noteIds: readonly string[] }>,
): Answer<Retracted> => {
  const { note, noteIds } = retraction;
  const rows = await deps.api.journal(recordId, 'daybook-note');
  if (E.isLeft(rows)) return rows;
  const { company, session } = note.marker;
  const ours = entriesOf(rows.right).filter(
    ({ marker }) => marker.company === company && marker.session === session,
  );
  const notes = ours.filter(({ marker }) => marker.kind === 'summary');
  const isSaid = ours.some(({ marker }) => marker.kind === 'retraction');
  if (notes.length === 0 && !isSaid && noteIds.length === 0)
    return E.right({ noteId: null, recalled: 0, unrecalled: [], isTextLeft: false });
  const posted = await post(deps, recordId, note);
  if (E.isLeft(posted) && !isRefused(posted.left)) return posted;
  const taken = await takeBack(deps, notes);
  if (E.isLeft(taken)) return taken;
  const unrecalled = [...taken.right.unrecalled, ...beyondReach(recordId)];
  if (E.isRight(posted))
    return E.right({ ...taken.right, noteId: posted.right.noteId, unrecalled });
  const unsaid = { what: 'retraction note', id: recordId, why: 'the instance refuses to take it' };
  return E.right({
    ...taken.right,
    noteId: null,
    unrecalled: [unsaid, ...unrecalled],
    isTextLeft: true,
  });
};

/** Summaries as work notes. An entry of a journal cannot be changed, so each revision has its own. */
export const makeServiceNow = (deps: ServiceNowDeps): Remote => ({
  find: (session) => find(deps, session),
  post: (recordId, note) => post(deps, recordId, note),
  retract: (recordId, retraction) => retract(deps, recordId, retraction),
  quietUntil: deps.quietUntil,
});
