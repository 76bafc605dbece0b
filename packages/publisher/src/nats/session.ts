import * as E from 'fp-ts/lib/Either.js';
import {
  headers,
  type JetStreamClient,
  type JetStreamManager,
  type KV,
  type KvEntry,
  type MsgHdrs,
  type NatsConnection,
} from 'nats';
import { CLOUD_EVENT_MEDIA_TYPE } from '../contracts/cloud-event.js';
import type {
  BrokerFailure,
  BrokerSession,
  LastMessage,
  Mark,
  OutboundMessage,
  StreamSettings,
  Tail,
} from '../relay/broker.js';
import { subjectOf } from '../relay/subject.js';
import { isNotFound, toFailure } from './failure.js';
import { readMessages } from './read-messages.js';

export type SessionParts = Readonly<{
  connection: NatsConnection;
  manager: JetStreamManager;
  timeout: number;
  stream: StreamSettings;
  writer: string;
  vocabulary: number;
}>;

const WRITER = 'Daybook-Relay';
const VOCABULARY = 'Daybook-Vocabulary';
const MARKS = 'daybook_relay';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The message that cannot be, or the answer; the client throws. */
const attempt = async <A>(
  stream: string,
  work: () => Promise<A>,
): Promise<E.Either<BrokerFailure, A>> => {
  try {
    return E.right(await work());
  } catch (error) {
    return E.left(toFailure(error, stream));
  }
};

const inbound = (
  message: Readonly<{ subject: string; seq: number; header?: MsgHdrs; data: Uint8Array }>,
): LastMessage => ({
  sequence: message.seq,
  subject: message.subject,
  id: message.header?.get('Nats-Msg-Id') ?? '',
  writer: message.header?.get(WRITER) ?? '',
  vocabulary: Number.parseInt(message.header?.get(VOCABULARY) ?? '', 10) || 0,
  body: decoder.decode(message.data),
});

const tailOf = async ({ manager, stream }: SessionParts): Promise<Tail> => {
  const { state } = await manager.streams.info(stream.name);
  const lastSequence = state.last_seq;
  if (lastSequence === 0) return { lastSequence, last: undefined };
  try {
    const last = await manager.streams.getMessage(stream.name, { seq: lastSequence });
    return { lastSequence, last: inbound(last) };
  } catch (error) {
    if (isNotFound(error)) return { lastSequence, last: undefined };
    throw error;
  }
};

/** What the server says when the message was not stored as the next one though nothing was refused. */
const notNext = (sequence: number): BrokerFailure => ({
  _tag: 'FenceBroken',
  message: `the message is there already, as ${sequence}`,
});

type Publish = BrokerSession['publish'];

const publisherOn = (parts: SessionParts, client: JetStreamClient): Publish => {
  const { stream, writer, vocabulary, timeout } = parts;
  const expectedStream = stream.name;
  return async (message: OutboundMessage, expectedLast: number) => {
    const sent = headers();
    sent.set('Content-Type', CLOUD_EVENT_MEDIA_TYPE);
    sent.set(WRITER, writer);
    sent.set(VOCABULARY, String(vocabulary));
    try {
      const stored = await client.publish(
        subjectOf(stream.subjectPrefix, message),
        encoder.encode(message.body),
        {
          msgID: String(message.position),
          headers: sent,
          timeout,
          expect: { streamName: expectedStream, lastSequence: expectedLast },
        },
      );
      const isNext = stored.seq === expectedLast + 1 && !stored.duplicate;
      return isNext ? E.right(undefined) : E.left(notNext(stored.seq));
    } catch (error) {
      return E.left(toFailure(error, expectedStream));
    }
  };
};

const markFrom = (text: string): Mark | undefined => {
  const [, sequence, position] = /^(\d+) (\d+)$/.exec(text) ?? [];
  return sequence === undefined
    ? undefined
    : { sequence: Number(sequence), position: Number(position) };
};

/** Looks without making the bucket: whoever asks for a status changes nothing. */
const findMark = async (client: JetStreamClient, stream: string): Promise<KvEntry | null> => {
  try {
    const bucket = await client.views.kv(MARKS, { bindOnly: true });
    return await bucket.get(stream);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
};

/** One connection as a session of the relay. */
export const makeSession = (
  parts: SessionParts,
): Omit<BrokerSession, 'serverVersion' | 'ensureStream' | 'differences'> => {
  const { connection, manager, stream, timeout, vocabulary } = parts;
  const client = connection.jetstream({ timeout });
  const ended = new AbortController();
  void connection.closed().then(() => ended.abort());
  let bucket: KV | undefined;
  const marks = async (): Promise<KV> =>
    (bucket ??= await client.views.kv(MARKS, { history: 1, replicas: stream.replicas }));
  return {
    vocabulary,
    closed: ended.signal,
    stream: () =>
      attempt(stream.name, async () => {
        const { state } = await manager.streams.info(stream.name);
        return {
          name: stream.name,
          messages: state.messages,
          bytes: state.bytes,
          firstSequence: state.first_seq,
          lastSequence: state.last_seq,
          consumers: state.consumer_count,
        };
      }),
    tail: () => attempt(stream.name, () => tailOf(parts)),
    publish: publisherOn(parts, client),
    read: (fromSequence) => readMessages({ client, manager, stream: stream.name, fromSequence }),
    saveMark: ({ sequence, position }) =>
      attempt(stream.name, async () => {
        await (await marks()).put(stream.name, encoder.encode(`${sequence} ${position}`));
      }),
    loadMark: () =>
      attempt(stream.name, async () => {
        const entry = await findMark(client, stream.name);
        return entry === null ? undefined : markFrom(entry.string());
      }),
    close: () => connection.close(),
  };
};
