import { allEvents, type StoredEventType } from '@daybook/domain/all-events';
import { decodeWith, EventMetadata, partsOf, type EventTable } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { ProjectedEvent } from './definition.js';
import type { CorruptEvent } from './failure.js';

/** Carries a corrupt event out of a fold; the runner turns it into a value. */
export class CorruptEventFound extends Error {
  constructor(
    readonly event: StoredEvent,
    readonly path: string,
  ) {
    super(`Corrupt ${event.type} at ${event.stream} revision ${event.revision}: ${path}`);
  }

  toFailure(projection: string): CorruptEvent {
    const { type, stream, revision, position } = this.event;
    return { _tag: 'CorruptEvent', projection, type, stream, revision, position, path: this.path };
  }
}

const parsed = (event: StoredEvent, part: 'data' | 'metadata'): unknown => {
  try {
    return JSON.parse(event[part]);
  } catch {
    // The parser's own message quotes the text.
    throw new CorruptEventFound(event, `${part} (not JSON)`);
  }
};

const parsedObject = (event: StoredEvent, part: 'data' | 'metadata'): object => {
  const value = parsed(event, part);
  if (typeof value === 'object' && value !== null) return value;
  throw new CorruptEventFound(event, `${part} (whole value)`);
};

/** A stored event with its payload parsed; metadata waits until somebody asks. */
class ArrivedEvent {
  readonly type: string;
  readonly position: number;
  readonly data: object;
  #metadata: EventMetadata | undefined;
  #parts: ReturnType<typeof partsOf> | undefined;

  constructor(readonly stored: StoredEvent) {
    this.type = stored.type;
    this.position = stored.position;
    this.data = parsedObject(stored, 'data');
  }

  get id(): string {
    return this.stored.id;
  }

  get stream(): string {
    return this.stored.stream;
  }

  get revision(): number {
    return this.stored.revision;
  }

  get recordedAt(): number {
    return this.stored.recordedAt;
  }

  get company(): string {
    return (this.#parts ??= partsOf(this.stored.stream)).company;
  }

  get subject(): string {
    return (this.#parts ??= partsOf(this.stored.stream)).id ?? '';
  }

  get metadata(): EventMetadata {
    return (this.#metadata ??= parsedObject(this.stored, 'metadata') as EventMetadata);
  }
}

/** Parses a payload and trusts its shape: it was validated when it was written (engines study, §6). */
export const arrived = <Type extends StoredEventType>(stored: StoredEvent): ProjectedEvent<Type> =>
  new ArrivedEvent(stored) as unknown as ProjectedEvent<Type>;

const codecs: EventTable = allEvents;

/** Full decode through the codecs of the event and its metadata; throws `CorruptEventFound`. */
export const verifyEvent = (stored: StoredEvent): void => {
  const codec = Object.hasOwn(codecs, stored.type) ? codecs[stored.type] : undefined;
  if (codec === undefined) throw new CorruptEventFound(stored, 'type (unknown)');
  const data = decodeWith(codec, parsed(stored, 'data'));
  if (E.isLeft(data)) throw new CorruptEventFound(stored, `data: ${data.left}`);
  const metadata = decodeWith(EventMetadata, parsed(stored, 'metadata'));
  if (E.isLeft(metadata)) throw new CorruptEventFound(stored, `metadata: ${metadata.left}`);
};

/** The first event of a page that its codec refuses, looked for after a fold has stumbled. */
export const corruptAmong = (events: readonly StoredEvent[]): CorruptEventFound | undefined => {
  for (const event of events) {
    try {
      verifyEvent(event);
    } catch (thrown) {
      if (thrown instanceof CorruptEventFound) return thrown;
      throw thrown;
    }
  }
  return undefined;
};
