import { decodeWith, streamOf, type Actor } from '@daybook/domain/kernel';
import { summaryEvents, visibilityFor, type SummaryEvent } from '@daybook/domain/summaries';
import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { RevisionText } from '../note/note-text.js';

/** Who reads summaries for a connector: an actor of the company who may see all of them (rulebook §4). */
export type ConnectorActor = Actor;

/**
 * A summary at the moment in which its note is written, from its own stream: never a copy that lags behind
 * a deletion. `text` is the wanted revision's.
 */
export type SummaryNow = Readonly<{ supporterId: string | null; deviceId: string | null }> &
  (Readonly<{ status: 'deleted' }> | Readonly<{ status: 'visible'; text: RevisionText }>);

export type SummaryProblem =
  ReadError | Readonly<{ _tag: 'SummaryUnreadable' }> | Readonly<{ _tag: 'NotVisible' }>;

export type WantedRevision = Readonly<{ company: string; sessionId: string; revision: number }>;

/** Where connectors get summaries; another reader can stand in its place where texts are sealed. */
export type ReadSummary = (wanted: WantedRevision) => Promise<E.Either<SummaryProblem, SummaryNow>>;

const unreadable: SummaryProblem = { _tag: 'SummaryUnreadable' };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isSummaryType = (type: string): type is SummaryEvent['type'] =>
  Object.hasOwn(summaryEvents, type);

/** The event, decoded; null for a refused command, which a stream holds, too. */
export const decodeSummaryEvent = (
  stored: Pick<StoredEvent, 'type' | 'data'>,
): E.Either<SummaryProblem, SummaryEvent | null> => {
  const { type } = stored;
  if (!isSummaryType(type)) return E.right(null);
  const codec: t.Mixed = summaryEvents[type];
  const data: E.Either<string, unknown> = decodeWith(codec, parsed(stored.data));
  return E.isLeft(data) ? E.left(unreadable) : E.right({ type, data: data.right } as SummaryEvent);
};

type Reading = {
  isDeleted: boolean;
  supporterId: string | null;
  deviceId: string | null;
  model: string | null;
  promptVersion: string | null;
  text: RevisionText | null;
};

const readOne = (reading: Reading, event: SummaryEvent, wanted: number): void => {
  if (event.type === 'SummaryDeleted') reading.isDeleted = true;
  if (event.type === 'SummaryGenerated') {
    const { supporterId, deviceId, model, promptVersion } = event.data;
    Object.assign(reading, { supporterId, deviceId, model, promptVersion });
  }
  if (event.type !== 'SummaryGenerated' && event.type !== 'SummaryEdited') return;
  const { revision, origin, body } = event.data;
  const { model, promptVersion } = reading;
  if (revision === wanted)
    reading.text = { revision, origin, model, promptVersion, body: body.value };
};

const isVisibleTo = (actor: ConnectorActor, supporterId: string | null): boolean => {
  const seen = visibilityFor(actor);
  return seen.of === 'everybody' || (seen.of === 'supporter' && seen.supporterId === supporterId);
};

export const summaryReader =
  (store: Pick<EventStore, 'readStream'>, actor: ConnectorActor): ReadSummary =>
  async ({ company, sessionId, revision }) => {
    const reading: Reading = {
      isDeleted: false,
      supporterId: null,
      deviceId: null,
      model: null,
      promptVersion: null,
      text: null,
    };
    for await (const page of store.readStream(streamOf('summary', company, sessionId))) {
      if (E.isLeft(page)) return page;
      for (const stored of page.right.events) {
        const event = decodeSummaryEvent(stored);
        if (E.isLeft(event)) return event;
        if (event.right !== null) readOne(reading, event.right, revision);
      }
    }
    const { isDeleted, text, supporterId, deviceId } = reading;
    if (isDeleted) return E.right({ status: 'deleted', supporterId, deviceId });
    if (text === null) return E.left(unreadable);
    return isVisibleTo(actor, supporterId)
      ? E.right({ status: 'visible', supporterId, deviceId, text })
      : E.left({ _tag: 'NotVisible' });
  };
