import * as E from 'fp-ts/lib/Either.js';
import { type Consumer, type JetStreamClient, type JetStreamManager, type JsMsg } from 'nats';
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

/** How long a page may take before what has come of it is all; asked again then. */
const PAGE_MS = 10_000;
const EMPTY_PAGES_MAX = 2;

type Page = Readonly<{ messages: InboundMessage[]; isLast: boolean }>;

const readPage = async (consumer: Consumer, lastSequence: number): Promise<Page> => {
  const messages: InboundMessage[] = [];
  for await (const message of await consumer.fetch({ max_messages: PAGE, expires: PAGE_MS })) {
    messages.push(inbound(message));
    // What is appended meanwhile is the next reading's.
    if (message.seq >= lastSequence || message.info.pending === 0)
      return { messages, isLast: true };
  }
  return { messages, isLast: false };
};

/**
 * Asks for each page when the one before is used up: a consumer that flows by itself takes whatever the server can
 * send, and memory would hold the stream. The client's ordered consumer notices a gap and goes on where it was.
 */
async function* pagesOf(reading: Reading): AsyncGenerator<InboundMessage[], void, undefined> {
  const { client, manager, stream, fromSequence } = reading;
  const { state } = await manager.streams.info(stream);
  if (state.messages === 0 || state.last_seq < fromSequence) return;
  const consumer = await client.consumers.get(stream, { opt_start_seq: Math.max(1, fromSequence) });
  let emptyPages = 0;
  for (;;) {
    const { messages, isLast } = await readPage(consumer, state.last_seq);
    emptyPages = messages.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages === EMPTY_PAGES_MAX)
      throw new Error('the stream gives no more of what it holds');
    if (messages.length > 0) yield messages;
    if (isLast) return;
  }
}

/** What the stream holds from a sequence up to its end as it is now, by page; memory holds one page. */
export async function* readMessages(
  reading: Reading,
): AsyncGenerator<E.Either<BrokerFailure, readonly InboundMessage[]>, void, undefined> {
  try {
    for await (const page of pagesOf(reading)) yield E.right(page);
  } catch (error) {
    yield E.left(toFailure(error, reading.stream));
  }
}
