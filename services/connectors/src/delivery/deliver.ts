import * as E from 'fp-ts/lib/Either.js';
import type { Deliveries, Settled } from '../deliveries/deliveries.js';
import type { Delivery } from '../deliveries/rows.js';
import { reachOf, type DeliveryFailure } from '../failure.js';
import { retractionNote, summaryNote, type NoteForm } from '../note/note-text.js';
import type { Remote, Retracted, SessionReference } from '../remote.js';
import type { ReadSummary, SummaryNow, SummaryProblem } from './summary-now.js';

export type DeliverDeps = Readonly<{
  deliveries: Deliveries;
  remote: Remote;
  readSummary: ReadSummary;
  form: NoteForm;
}>;

/** The log cannot be read now: nothing is the matter with this delivery. */
export type LogFailure = Readonly<{ _tag: 'StoreUnavailable' | 'CorruptStore' }>;

type Outcome = Omit<Settled, 'at'>;
type Answer<A> = Promise<E.Either<DeliveryFailure | LogFailure, A>>;

const problemOf = (problem: SummaryProblem): DeliveryFailure | LogFailure => {
  switch (problem._tag) {
    case 'SummaryUnreadable':
    case 'NotVisible':
      return { _tag: problem._tag };
    case 'StoreUnavailable':
    case 'CorruptStore':
      return { _tag: problem._tag };
  }
};

const aboutOf = ({ company, session, eventId }: Delivery) => ({
  company,
  sessionId: session,
  eventId,
});

const referenceOf = (delivery: Delivery, summary: SummaryNow): SessionReference => {
  const { supporterId, deviceId } = summary;
  return { sessionId: delivery.session, supporterId, deviceId };
};

const cancelled = (reason: string): E.Either<never, Outcome> =>
  E.right({ state: 'cancelled', reason });

/** Where a note of this session already stands, the next one goes, whatever the mapping says by now. */
const knownRecord = (rows: readonly Delivery[]): string | null =>
  rows.findLast(({ state, recordId }) => state === 'delivered' && recordId !== null)?.recordId ??
  null;

const deliverNote = async (
  deps: DeliverDeps,
  delivery: Delivery,
  summary: SummaryNow,
): Answer<Outcome> => {
  // Cancelled also where the deletion is not in the table yet: no text of a deleted summary goes out.
  if (summary.status === 'deleted') return cancelled('deleted-before-sent');
  const rows = deps.deliveries.ofSession(delivery.company, delivery.session);
  const isReplaced = rows.some(
    ({ kind, state, position }) =>
      kind === 'note' && state === 'delivered' && position > delivery.position,
  );
  if (isReplaced) return cancelled('replaced-by-later-revision');
  const known = knownRecord(rows);
  const record =
    known === null ? await deps.remote.find(referenceOf(delivery, summary)) : E.right(known);
  if (E.isLeft(record)) return record;
  deps.deliveries.placed(delivery.eventId, record.right);
  const note = summaryNote(aboutOf(delivery), summary.text, deps.form);
  const posted = await deps.remote.post(record.right, note);
  if (E.isLeft(posted)) return posted;
  const { noteId, how } = posted.right;
  return E.right({ state: 'delivered', reason: null, how, noteId, recordId: record.right });
};

type Places = Readonly<{ records: readonly string[]; noteIds: readonly string[] }>;

const NOWHERE: readonly DeliveryFailure['_tag'][] = [
  'RecordNotFound',
  'NotMapped',
  'RecordAmbiguous',
];

/** Every record in which a note may stand: those that are known, and the one that the mapping names. */
const placesOf = async (
  deps: DeliverDeps,
  delivery: Delivery,
  summary: SummaryNow,
): Answer<Places> => {
  const rows = deps.deliveries.ofSession(delivery.company, delivery.session);
  const notes = rows.filter(({ kind }) => kind === 'note');
  const known = notes.flatMap(({ recordId }) => (recordId === null ? [] : [recordId]));
  const noteIds = notes.flatMap(({ noteId }) => (noteId === null ? [] : [noteId]));
  const found = await deps.remote.find(referenceOf(delivery, summary));
  if (E.isRight(found)) return E.right({ records: [...new Set([...known, found.right])], noteIds });
  const { _tag } = found.left;
  // A mapping that no longer works does not keep what is known from being taken back.
  const isPassedOver =
    NOWHERE.includes(_tag) || (known.length > 0 && reachOf(found.left) === 'final');
  return isPassedOver ? E.right({ records: [...new Set(known)], noteIds }) : found;
};

/** A record that does not answer any more may be gone with its notes, or hidden from the integration with them. */
const unseen = (record: string): Retracted => ({
  noteId: null,
  recalled: 0,
  unrecalled: [
    { what: 'record', id: record, why: 'it is gone, or the integration may not see it any more' },
  ],
  isTextLeft: true,
});

const together = (retracted: readonly Retracted[], recordId: string | null): Outcome => {
  const unrecalled = retracted.flatMap((one) => one.unrecalled);
  const isAnything = retracted.some((one) => one.noteId !== null || one.recalled > 0);
  const noteId = retracted.find((one) => one.noteId !== null)?.noteId ?? null;
  if (retracted.some((one) => one.isTextLeft))
    return { state: 'parked', reason: 'NotRecalled', recordId, noteId, unrecalled };
  return isAnything || unrecalled.length > 0
    ? { state: 'delivered', reason: null, recordId, noteId, unrecalled }
    : { state: 'skipped', reason: 'nothing-was-sent', recordId };
};

const deliverRetraction = async (
  deps: DeliverDeps,
  delivery: Delivery,
  summary: SummaryNow,
): Answer<Outcome> => {
  const places = await placesOf(deps, delivery, summary);
  if (E.isLeft(places)) return places;
  const note = retractionNote(aboutOf(delivery), delivery.revision);
  const retracted: Retracted[] = [];
  for (const record of places.right.records) {
    const one = await deps.remote.retract(record, { note, noteIds: places.right.noteIds });
    if (E.isLeft(one) && one.left._tag !== 'NotFound') return one;
    retracted.push(E.isRight(one) ? one.right : unseen(record));
  }
  return E.right(together(retracted, places.right.records[0] ?? null));
};

/** Does one delivery. It may be done again at any time: what is there already is found and left as it is. */
export const deliver = async (deps: DeliverDeps, delivery: Delivery): Answer<Outcome> => {
  const { company, session: sessionId, revision } = delivery;
  const summary = await deps.readSummary({ company, sessionId, revision });
  if (E.isLeft(summary)) return E.left(problemOf(summary.left));
  return delivery.kind === 'note'
    ? deliverNote(deps, delivery, summary.right)
    : deliverRetraction(deps, delivery, summary.right);
};
