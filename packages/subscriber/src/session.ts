import {
  AckPolicy,
  connect,
  type Consumer,
  type ConsumerInfo,
  type ConsumerMessages,
  type JsMsg,
  millis,
  type NatsConnection,
} from 'nats';
import { deliver, type Delivering } from './deliver.js';
import { type Lanes, makeLanes } from './lanes.js';
import { isNotFound } from './message-of.js';
import { makeSettledFloor, type SettledFloor } from './settled-floor.js';
import { connectionOptions } from './settings.js';
import { makeTurn } from './turn.js';

const WINDOW_MAX = 10_000;

/** The durable cannot be used as it is; waiting alone does not mend it. */
export class Unsuited extends Error {
  override readonly name = 'Unsuited';
}

export type SessionDeps<Tx, Done> = Omit<
  Delivering<Tx, Done>,
  'client' | 'deliveriesMax' | 'signal'
> &
  Readonly<{ order: 'company' | 'all'; stopping: AbortSignal; onInfo: (ask: AskInfo) => void }>;

export type AskInfo = () => Promise<
  Readonly<{ pending: number; oldestHeldMs: number | undefined }>
>;

const check = (info: ConsumerInfo): void => {
  const { ack_policy: policy, max_ack_pending: window = 0 } = info.config;
  if (policy !== AckPolicy.Explicit)
    throw new Unsuited('The consumer must ask for explicit acknowledgements.');
  if (window < 1 || window > WINDOW_MAX)
    throw new Unsuited(`The consumer must allow 1 to ${WINDOW_MAX} messages under way.`);
};

const openConsumer = async <Tx, Done>(
  connection: NatsConnection,
  { place }: SessionDeps<Tx, Done>,
): Promise<Readonly<{ consumer: Consumer; info: ConsumerInfo }>> => {
  try {
    const client = connection.jetstream({ timeout: place.timeoutMs });
    const consumer = await client.consumers.get(place.stream, place.durable);
    const info = await consumer.info();
    check(info);
    return { consumer, info };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Unsuited(`There is no consumer ${place.durable} on stream ${place.stream}.`);
  }
};

type Session<Tx, Done> = Readonly<{
  deps: SessionDeps<Tx, Done>;
  connection: NatsConnection;
  delivering: Delivering<Tx, Done>;
  info: ConsumerInfo;
  lanes: Lanes;
  held: Map<number, JsMsg>;
  floor: SettledFloor;
  /** The session has ended or is to end. */
  over: AbortSignal;
}>;

/** 0 for a message that no relay wrote. */
const positionOf = (message: JsMsg): number => {
  const position = Number(message.headers?.get('Nats-Msg-Id') ?? '');
  return Number.isSafeInteger(position) ? position : 0;
};

/** `<prefix>.<company>.<context>.<event>`: the company is known before the message is decoded. */
const laneOf = (message: JsMsg, order: 'company' | 'all'): string =>
  order === 'all' ? '' : (message.subject.split('.')[1] ?? '');

const toLane = <Tx, Done>(session: Session<Tx, Done>, message: JsMsg): void => {
  const { deps, lanes, delivering, held, floor } = session;
  lanes.push(laneOf(message, deps.order), async () => {
    const delivered = await deliver(delivering, message);
    if (delivered === 'left') return;
    held.delete(message.seq);
    floor.settled({ sequence: message.seq, position: positionOf(message) });
  });
};

/** Without a filter the sequences of what is delivered have no gaps but those that were removed. */
const watchGaps = <Tx, Done>({ deps, info }: Session<Tx, Done>): ((message: JsMsg) => void) => {
  const { filter_subject: one, filter_subjects: several } = info.config;
  let last = info.delivered.stream_seq;
  if (one !== undefined || several !== undefined) return () => undefined;
  return ({ seq }) => {
    if (seq > last + 1) {
      deps.progress.missing(seq - last - 1);
      deps.notice({ _tag: 'MessagesMissing', first: last + 1, last: seq - 1 });
    }
    last = Math.max(last, seq);
  };
};

const startReading = async <Tx, Done>(
  session: Session<Tx, Done>,
  consumer: Consumer,
): Promise<Readonly<{ messages: ConsumerMessages; lift: () => void }>> => {
  const { info, held, deps } = session;
  const turn = makeTurn<JsMsg>({
    outstanding: info.num_ack_pending,
    delivered: info.delivered.stream_seq,
  });
  const watch = watchGaps(session);
  const feed = (ready: readonly JsMsg[]): void => {
    for (const message of ready) toLane(session, message);
  };
  const messages = await consumer.consume({
    max_messages: info.config.max_ack_pending ?? 1,
    abort_on_missing_resource: true,
    callback: (message) => {
      deps.progress.received();
      watch(message);
      if (session.floor.has(message.seq)) {
        message.ack();
        return;
      }
      // One that is in hand came again because its wait was over: its turn is coming.
      const isInHand = held.has(message.seq);
      held.set(message.seq, message);
      if (!isInHand) feed(turn.take(message));
    },
  });
  return { messages, lift: () => feed(turn.lift()) };
};

const replyOf = (message: JsMsg): string => String(Reflect.get(message, 'reply'));

/**
 * Lets the next session have at once what this one has not begun. Server 2.9 drops the first that is given
 * back while it still knows a request that nobody listens to any more, until the wait is over; said twice, it
 * is kept.
 */
const giveBack = async <Tx, Done>(session: Session<Tx, Done>): Promise<void> => {
  const { connection, held, floor } = session;
  if (connection.isClosed()) return;
  const left = [...held.values()].sort((one, other) => one.seq - other.seq);
  for (const message of left) message.nak();
  await connection.flush();
  const [first] = left;
  if (first !== undefined) connection.publish(replyOf(first), '-NAK');
  await floor.lower();
};

const until = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const read = async <Tx, Done>(session: Session<Tx, Done>, consumer: Consumer): Promise<void> => {
  const { info, held, lanes, deps, over } = session;
  const ackWaitMs = Math.max(30, millis(info.config.ack_wait ?? 30e9));
  const { messages, lift } = await startReading(session, consumer);
  const oldestMs = (): number | undefined => {
    const [first] = held.values();
    return first === undefined ? undefined : millis(first.info.timestampNanos);
  };
  deps.onInfo(async () => ({
    pending: await consumer.info().then((now) => now.num_pending + held.size),
    oldestHeldMs: oldestMs(),
  }));
  deps.progress.enter({ _tag: 'Reading' });
  const beating = setInterval(() => {
    if (!session.connection.isClosed()) for (const message of held.values()) message.working();
  }, ackWaitMs / 3);
  // What has not come again by then never will: it was given up, or removed.
  const lifting = setTimeout(lift, 2 * ackWaitMs);
  const ended = messages.closed();
  await Promise.race([ended, until(over)]);
  clearTimeout(lifting);
  await messages.close();
  await lanes.idle();
  clearInterval(beating);
};

/**
 * One connection from its beginning to its end. Resolves when the subscriber is to stop, or with the reason
 * for which the session ended; throws what kept it from beginning.
 */
export const runSession = async <Tx, Done>(deps: SessionDeps<Tx, Done>): Promise<string> => {
  const connection = await connect(connectionOptions(deps.place));
  const ended = new AbortController();
  const over = AbortSignal.any([ended.signal, deps.stopping]);
  const closed = connection.closed().then((error) => {
    ended.abort();
    return error === undefined ? 'The connection was closed.' : 'The connection was lost.';
  });
  try {
    const { consumer, info } = await openConsumer(connection, deps);
    deps.progress.session();
    const { max_deliver: deliveries = -1 } = info.config;
    const delivering: Delivering<Tx, Done> = {
      ...deps,
      client: connection.jetstream({ timeout: deps.place.timeoutMs }),
      deliveriesMax: deliveries > 0 ? deliveries : undefined,
      signal: over,
    };
    const session: Session<Tx, Done> = {
      deps,
      connection,
      delivering,
      info,
      lanes: makeLanes(),
      held: new Map(),
      floor: makeSettledFloor(consumer, deps.checkpoint, deps.place.durable),
      over,
    };
    await read(session, consumer);
    await giveBack(session);
    if (!connection.isClosed() && !deps.stopping.aborted) return 'The consumer is gone.';
  } finally {
    await connection.close();
  }
  return closed;
};
