/// <reference lib="es2024.string" />
import type {
  AppendRejected,
  EventToAppend,
  ExpectedRevision,
  Revision,
  StoredEvent,
} from './event-store.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const rejected = (message: string): AppendRejected => ({ _tag: 'AppendRejected', message });

const faultOfEvent = (event: EventToAppend): string | undefined => {
  if (!uuid.test(event.id)) return 'its id is not a UUID in lower case';
  if (event.type === '' || !event.type.isWellFormed()) return 'its type is empty or not text';
  // A lone surrogate has no UTF-8 form: it would come back as another character.
  if (!event.data.isWellFormed()) return 'its data is not well-formed Unicode';
  if (!event.metadata.isWellFormed()) return 'its metadata is not well-formed Unicode';
  return undefined;
};

const isExpectedRevision = (expected: ExpectedRevision): boolean =>
  expected === 'no-stream' || (Number.isSafeInteger(expected) && expected >= 0);

/** What makes an append malformed, the same in every adapter; the message holds no event data. */
export const rejectionOf = (
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): AppendRejected | undefined => {
  // Clients of the served protocol name streams as they like; the domain keeps its own stricter law.
  if (stream === '' || !stream.isWellFormed()) {
    return rejected('The stream name is empty or not text.');
  }
  if (!isExpectedRevision(expected)) return rejected('The expected revision is not 0 or more.');
  if (events.length === 0) return rejected('There is no event to append.');
  if (events.length > 1 && new Set(events.map((event) => event.id)).size !== events.length) {
    return rejected('Two events of the append have the same id.');
  }
  for (const [index, event] of events.entries()) {
    const fault = faultOfEvent(event);
    if (fault !== undefined) return rejected(`Event ${String(index)} is malformed: ${fault}.`);
  }
  return undefined;
};

/** Revision that the first event of an append gets when its expectation holds. */
export const firstRevisionAfter = (expected: ExpectedRevision): Revision =>
  expected === 'no-stream' ? 0 : expected + 1;

/** Whether `stored`, what is found from the revision on that the append asks for, is that same append. */
export const isRepeat = (
  stored: readonly Pick<StoredEvent, 'id'>[],
  events: readonly EventToAppend[],
): boolean => events.every(({ id }, index) => stored[index]?.id === id);
