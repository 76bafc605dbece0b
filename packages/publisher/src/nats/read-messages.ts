import * as E from 'fp-ts/lib/Either.js';
import { type JetStreamClient, type JetStreamManager, type JsMsg } from 'nats';
import type { BrokerFailure, InboundMessage } from '../relay/broker.js';
import { toFailure } from './failure.js';

export type Reading = Readonly<{
  client: JetStreamClient;
  manager: JetStreamManager;
  stream: string;
  fromSequence: number;
}>;

const PAGE = 500;
const decoder = new TextDecoder();

const inbound = (message: JsMsg): InboundMessage => ({
  sequence: message.seq,
  subject: message.subject,
  id: message.headers?.get('Nats-Msg-Id') ?? '',
  body: decoder.decode(message.data),
});

/** An ordered consumer notices a gap by itself and starts again where it was. */
async function* messagesOf(reading: Reading): AsyncGenerator<JsMsg, void, undefined> {
  const { client, manager, stream, fromSequence } = reading;
  const { state } = await manager.streams.info(stream);
  if (state.messages === 0 || state.last_seq < fromSequence) return;
  const consumer = await client.consumers.get(stream, { opt_start_seq: Math.max(1, fromSequence) });
  const messages = await consumer.consume({ max_messages: PAGE });
  for await (const message of messages) {
    yield message;
    // What is appended meanwhile is the next reading's.
    if (message.seq >= state.last_seq || message.info.pending === 0) return;
  }
}

/** What the stream holds from a sequence up to its end as it is now, by page; memory holds one page. */
export async function* readMessages(
  reading: Reading,
): AsyncGenerator<E.Either<BrokerFailure, readonly InboundMessage[]>, void, undefined> {
  let page: InboundMessage[] = [];
  try {
    for await (const message of messagesOf(reading)) {
      page.push(inbound(message));
      if (page.length === PAGE) {
        yield E.right(page);
        page = [];
      }
    }
  } catch (error) {
    yield E.left(toFailure(error, reading.stream));
    return;
  }
  if (page.length > 0) yield E.right(page);
}
