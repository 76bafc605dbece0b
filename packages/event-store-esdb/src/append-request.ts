import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, { type BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { EventToAppend, ExpectedRevision } from '@daybook/event-store';

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: readonly EventToAppend[];
}>;

/** What one message of an append may hold before the next begins; the server takes about 16 MiB in one. */
const MESSAGE_BYTES_MAX = 3 * 1024 * 1024;
/** The record limit of the server, beyond which nothing is written; so no read meets the client's 17 MiB. */
const EVENT_BYTES_MAX = 16 * 1024 * 1024 - 10_000;

type Proposed = InstanceType<typeof streams.BatchAppendReq.ProposedMessage>;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const bytesOf = ({ type, data, metadata }: EventToAppend): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * Buffer.byteLength(type);

/** Why the adapter does not even send it. Messages name no content. */
export const unsendable = ({ events }: AppendRequest): string | undefined => {
  for (const [index, event] of events.entries()) {
    if (event.type.startsWith('$')) {
      return `Event ${String(index)} has a type that the database keeps for itself: it begins with a dollar.`;
    }
    if (bytesOf(event) > EVENT_BYTES_MAX) {
      return `Event ${String(index)} is larger than the ${String(EVENT_BYTES_MAX)} bytes that the database takes.`;
    }
  }
  return undefined;
};

const proposed = (event: EventToAppend): Proposed => {
  const message = new streams.BatchAppendReq.ProposedMessage();
  const id = new shared.UUID();
  id.setString(event.id);
  message.setId(id);
  message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
  message.setData(base64(event.data));
  message.setCustomMetadata(base64(event.metadata));
  return message;
};

const optionsOf = ({
  stream,
  expected,
}: AppendRequest): InstanceType<typeof streams.BatchAppendReq.Options> => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(base64(stream));
  // No deadline: this generation of the protocol can only send an instant, and where the clocks of the two
  // machines differ by more than the time that is left, every append would be refused. The server's own limit holds.
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(identifier);
  if (expected === 'no-stream') options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));
  return options;
};

const messageOf = (correlation: string): BatchAppendReq => {
  const id = new shared.UUID();
  id.setString(correlation);
  const message = new streams.BatchAppendReq();
  message.setCorrelationId(id);
  return message;
};

/** The messages of one append: the first says where to, the last that it is complete. */
export const appendMessages = (
  request: AppendRequest,
  correlation: string,
): readonly BatchAppendReq[] => {
  const messages: BatchAppendReq[] = [];
  let message = messageOf(correlation);
  message.setOptions(optionsOf(request));
  let bytes = 0;
  for (const event of request.events) {
    const size = bytesOf(event);
    if (bytes > 0 && bytes + size > MESSAGE_BYTES_MAX) {
      messages.push(message);
      message = messageOf(correlation);
      bytes = 0;
    }
    message.addProposedMessages(proposed(event));
    bytes += size;
  }
  message.setIsFinal(true);
  messages.push(message);
  return messages;
};
