import { connect, type JetStreamManager, type JsMsg, type NatsConnection } from 'nats';
import * as E from 'fp-ts/lib/Either.js';
import type { TransactionalCheckpoint } from './checkpoint.js';
import { readEvent } from './event.js';
import { kindOf } from './message-of.js';
import type { Handler } from './options.js';
import { HEADER } from './park.js';
import { parkedStreamOf } from './prepare.js';
import { connectionOptions, inFull, type Place, type PlaceInFull } from './settings.js';

/** A message that was set aside, without its content. */
export type ParkedLetter = Readonly<{
  /** In the stream of parked messages. */
  letter: number;
  subject: string;
  /** In the stream that it came from. */
  sequence: number;
  reason: string;
  error: string;
  attempts: number;
  /** ISO-8601. */
  at: string;
}>;

const letterOf = (message: JsMsg): ParkedLetter => {
  const said = (name: string): string => message.headers?.get(name) ?? '';
  return {
    letter: message.seq,
    subject: said(HEADER.subject),
    sequence: Number(said(HEADER.sequence)),
    reason: said(HEADER.reason),
    error: said(HEADER.error),
    attempts: Number(said(HEADER.attempts)),
    at: said(HEADER.at),
  };
};

type Opened = Readonly<{
  connection: NatsConnection;
  manager: JetStreamManager;
  place: PlaceInFull;
}>;

const withManager = async <A>(at: Place, work: (opened: Opened) => Promise<A>): Promise<A> => {
  const place = inFull(at);
  const connection = await connect(connectionOptions(place));
  try {
    const manager = await connection.jetstreamManager({ timeout: place.timeoutMs });
    return await work({ connection, manager, place });
  } finally {
    await connection.close();
  }
};

/** Letters of one subscriber that are there now, one after the other. */
async function* lettersOf(opened: Opened): AsyncGenerator<JsMsg, void, undefined> {
  const { connection, manager, place } = opened;
  const stream = parkedStreamOf(place);
  const filter = `${place.parkedPrefix}.${place.durable}.>`;
  const { state } = await manager.streams.info(stream, { subjects_filter: filter });
  if (Object.keys(state.subjects ?? {}).length === 0) return;
  const consumer = await connection
    .jetstream({ timeout: place.timeoutMs })
    .consumers.get(stream, { filterSubjects: filter });
  for await (const message of await consumer.consume({ max_messages: 100 })) {
    yield message;
    if (message.info.pending === 0) return;
  }
}

/** What is parked for a subscriber, oldest first; for operators, whose permissions reach further. */
export const listParked = (at: Place): Promise<readonly ParkedLetter[]> =>
  withManager(at, async (opened) => {
    const letters: ParkedLetter[] = [];
    for await (const message of lettersOf(opened)) letters.push(letterOf(message));
    return letters;
  });

export type Retried = Readonly<{ done: number; failed: readonly ParkedLetter[] }>;

/** Marks of letters are kept apart: that an event was passed by when it was parked says nothing here. */
const markName = (durable: string): string => `${durable}/parked`;

const retryOne = async <Tx, Done>(
  how: Readonly<{ handle: Handler<Tx, Done>; checkpoint: TransactionalCheckpoint<Tx, Done> }>,
  durable: string,
  message: JsMsg,
): Promise<string | undefined> => {
  const event = readEvent(message.string());
  if (E.isLeft(event)) return event.left._tag;
  const mark = { subscriber: markName(durable), position: event.right.position };
  try {
    await how.handle(event.right, {
      attempt: 1,
      signal: new AbortController().signal,
      checkpoint: (effect) => how.checkpoint.runOnce(mark, effect),
    });
    return undefined;
  } catch (error) {
    return kindOf(error);
  }
};

/**
 * Handles what is parked once more, oldest first, each effect once; a letter that succeeds is removed, one
 * that fails stays with the new kind of error in the answer. Later events of its company went before it.
 */
export const retryParked = <Tx, Done>(
  at: Place,
  how: Readonly<{ handle: Handler<Tx, Done>; checkpoint: TransactionalCheckpoint<Tx, Done> }>,
): Promise<Retried> =>
  withManager(at, async (opened) => {
    const { manager, place } = opened;
    const failed: ParkedLetter[] = [];
    let done = 0;
    for await (const message of lettersOf(opened)) {
      const error = await retryOne(how, place.durable, message);
      if (error !== undefined) failed.push({ ...letterOf(message), error });
      else {
        await manager.streams.deleteMessage(parkedStreamOf(place), message.seq);
        done += 1;
      }
    }
    return { done, failed };
  });
