import type { CommandContext, DomainEvent, EventTable } from '@daybook/domain/kernel';
import { decodeWith, invariant } from '@daybook/domain/kernel';
import { commandEvents } from '@daybook/domain/all-events';
import type { EventToAppend, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { CorruptEvent, Refusal } from './aggregate.js';
import { eventIdOf } from './event-id.js';

/** Version of the stored metadata and payload envelope. */
const SCHEMA = 1;

export type Envelope = Readonly<{
  stream: string;
  context: CommandContext;
  ruleVersion: string;
  firstEventId: string;
}>;

const metadataOf = ({ context, ruleVersion }: Envelope): string =>
  JSON.stringify({
    schema: SCHEMA,
    company: context.company,
    actor: context.actor,
    commandId: context.commandId,
    correlationId: context.correlationId,
    ...(context.causationId === undefined ? {} : { causationId: context.causationId }),
    occurredAt: context.now,
    ruleVersion,
  });

const anywhere: EventTable = commandEvents;

/** Codec of a stored type; what tells of a command alone stands in every stream. Own names only: `constructor` is no event. */
const codecOf = (table: EventTable, type: string): t.Mixed | undefined => {
  if (Object.hasOwn(table, type)) return table[type];
  return Object.hasOwn(anywhere, type) ? anywhere[type] : undefined;
};

/**
 * The events of one command as the store keeps them: strict codecs, so nothing else leaks out. What
 * could not be read back is a bug and must never reach the log: it would close its stream for good.
 */
export const encodeEvents = (
  envelope: Envelope,
  table: EventTable,
  events: readonly DomainEvent[],
): readonly EventToAppend[] => {
  const metadata = metadataOf(envelope);
  const { stream, context, firstEventId } = envelope;
  return events.map((event, index) => {
    const { type } = event;
    const codec = codecOf(table, type);
    invariant(codec !== undefined, `event ${type} belongs to the stream's context`);
    invariant(codec.is(event.data), `event ${type} has the shape that its codec reads`);
    const id = index === 0 ? firstEventId : eventIdOf(stream, context.commandId, index);
    return { id, type, data: JSON.stringify(codec.encode(event.data)), metadata };
  });
};

/** The refusal as an event of its stream, so that the same command is refused again for ever. */
export const refusalEvent = (command: string, refusal: Refusal): DomainEvent => {
  const { _tag, ...detail } = refusal;
  return { type: 'CommandRefused', data: { command, refusal: _tag, detail } };
};

/** Its answer as an event of its stream, so that the same command never finds something to change. */
export const changedNothing = (command: string): DomainEvent => ({
  type: 'CommandChangedNothing',
  data: { command },
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** A stored event by its codec, or by that of a command's answer; what does not decode is named, never shown. */
export const decodeEvent = (
  table: EventTable,
  stored: StoredEvent,
): E.Either<CorruptEvent, DomainEvent> => {
  const { stream, revision, type } = stored;
  const corrupt = (paths: string): E.Either<CorruptEvent, never> =>
    E.left({ _tag: 'CorruptEvent', stream, revision, type, paths });
  const codec = codecOf(table, type);
  if (codec === undefined) return corrupt('(unknown event type)');
  const decoded = decodeWith(codec, parsed(stored.data));
  return E.isLeft(decoded)
    ? corrupt(decoded.left)
    : E.right({ type, data: decoded.right as unknown });
};
