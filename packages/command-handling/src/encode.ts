import type { CommandContext, DomainEvent, EventTable } from '@daybook/domain/kernel';
import { decodeWith, invariant } from '@daybook/domain/kernel';
import { commandEvents } from '@daybook/domain/all-events';
import type { EventToAppend, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { CorruptEvent, Refusal } from './aggregate.js';
import { eventIdOf } from './event-id.js';

/** Version of the stored metadata and payload envelope. */
const SCHEMA = 1;

export type Envelope = Readonly<{ stream: string; context: CommandContext; ruleVersion: string }>;

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

/** The events of one command as the store keeps them: strict codecs, so nothing else leaks out. */
export const encodeEvents = (
  envelope: Envelope,
  table: EventTable,
  events: readonly DomainEvent[],
): readonly EventToAppend[] => {
  const metadata = metadataOf(envelope);
  return events.map((event, index) => {
    const codec = table[event.type];
    invariant(codec !== undefined, `event ${event.type} belongs to the stream's context`);
    return {
      id: eventIdOf(envelope.stream, envelope.context.commandId, index),
      type: event.type,
      data: JSON.stringify(codec.encode(event.data)),
      metadata,
    };
  });
};

/** The refusal as an event of its stream, so that the same command is refused again for ever. */
export const refusalEvent = (command: string, refusal: Refusal): DomainEvent => {
  const { _tag, ...detail } = refusal;
  return { type: 'CommandRefused', data: { command, refusal: _tag, detail } };
};

export const tableWithRefusals = (table: EventTable): EventTable => ({
  ...table,
  ...commandEvents,
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const decodeEvent = (
  table: EventTable,
  stored: StoredEvent,
): E.Either<CorruptEvent, DomainEvent> => {
  const corrupt = (paths: string): E.Either<CorruptEvent, never> =>
    E.left({
      _tag: 'CorruptEvent',
      stream: stored.stream,
      revision: stored.revision,
      type: stored.type,
      paths,
    });
  const codec = table[stored.type];
  if (codec === undefined) return corrupt('(unknown event type)');
  const decoded = decodeWith(codec, parsed(stored.data));
  return E.isLeft(decoded)
    ? corrupt(decoded.left)
    : E.right({ type: stored.type, data: decoded.right as unknown });
};
