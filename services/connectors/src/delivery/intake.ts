import { isId } from '@daybook/domain/kernel';
import type { AllPage, EventStore, Position, ReadError, StoredEvent } from '@daybook/event-store';
import { START } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Arrived, Deliveries, Intake } from '../deliveries/deliveries.js';
import { decodeSummaryEvent } from './summary-now.js';

export type IntakeDeps = Readonly<{
  store: Pick<EventStore, 'subscribe' | 'head'>;
  deliveries: Deliveries;
  company: string;
  startAt: 'beginning' | 'now';
  clock: () => number;
}>;

/** What concerns a connector; the store passes the rest over. */
export const summaryChanges = { types: ['SummaryGenerated', 'SummaryEdited', 'SummaryDeleted'] };

const STREAM = /^summary-([^_]+)_(.+)$/;

type Read = Readonly<{ arrived: Arrived; isReadable: boolean }>;

const readEvent = (stored: StoredEvent, company: string): Read | null => {
  const [, of, session] = STREAM.exec(stored.stream) ?? [];
  if (of !== company || session === undefined || !isId(session)) return null;
  const { id: eventId, position, recordedAt } = stored;
  const place = { eventId, company, session, position, recordedAt };
  const decoded = decodeSummaryEvent(stored);
  const event = E.isRight(decoded) ? decoded.right : null;
  if (event?.type === 'SummaryDeleted') {
    const { lastRevision: revision } = event.data;
    return { arrived: { ...place, kind: 'retraction', revision }, isReadable: true };
  }
  if (event?.type === 'SummaryGenerated' || event?.type === 'SummaryEdited') {
    const { revision } = event.data;
    return { arrived: { ...place, kind: 'note', revision }, isReadable: true };
  }
  return { arrived: { ...place, kind: 'note', revision: 0 }, isReadable: false };
};

export const intakeOf = (page: AllPage, company: string, at: number): Intake => {
  const [arrived, unreadable]: [Arrived[], Arrived[]] = [[], []];
  for (const stored of page.events) {
    const read = readEvent(stored, company);
    if (read !== null) (read.isReadable ? arrived : unreadable).push(read.arrived);
  }
  return { arrived, unreadable, position: page.checkpoint, at };
};

/** Where the connector stands in the log; written down the first time, so that a restart changes nothing. */
const placeIn = async (deps: IntakeDeps): Promise<E.Either<ReadError, Position>> => {
  const kept = deps.deliveries.position();
  if (kept !== null) return E.right(kept);
  const head = deps.startAt === 'beginning' ? E.right(START) : await deps.store.head()();
  if (E.isLeft(head)) return head;
  const at = deps.clock();
  deps.deliveries.take({ arrived: [], unreadable: [], position: head.right, at });
  return head;
};

/** Takes summaries' events into the delivery table until the signal; ends with what the log says otherwise. */
export const takeIn = async (
  deps: IntakeDeps,
  on: Readonly<{ signal: AbortSignal; taken: () => void }>,
): Promise<ReadError | undefined> => {
  const place = await placeIn(deps);
  if (E.isLeft(place)) return place.left;
  on.taken();
  const { signal } = on;
  const pages = deps.store.subscribe({ after: place.right, filter: summaryChanges, signal });
  for await (const page of pages) {
    if (E.isLeft(page)) return page.left;
    deps.deliveries.take(intakeOf(page.right, deps.company, deps.clock()));
    on.taken();
  }
  return undefined;
};
