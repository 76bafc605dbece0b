import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { setTimeout as delay } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { connect } from 'nats';
import {
  type Broker,
  type BrokerSession,
  defaultRelaySettings,
  defaultStream,
  makeNatsBroker,
  type Relay,
  type RelaySettings,
  startRelay,
  type StreamSettings,
} from '../src/index.js';
import type { NatsServer } from '../src/nats-server/index.js';
import { metadataOf, OCCURRED, RECORDED, uuidOf } from './stored-events.js';

export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`unexpected: ${JSON.stringify(either.left)}`);
  return either.right;
};

let numbers = 0;

const STORED = [
  { type: 'SessionEnded', data: JSON.stringify({ endedAt: OCCURRED }) },
  // Stays inside: positions in the stream have gaps.
  {
    type: 'CommandRefused',
    data: JSON.stringify({ command: 'EndSession', refusal: 'AlreadyEnded', detail: {} }),
  },
] as const;

/** Appends so many events of two companies in turn; every fourth stays inside. Gives the published positions. */
export const appendEvents = async (
  store: Pick<EventStore, 'append'>,
  count: number,
): Promise<readonly number[]> => {
  const positions: number[] = [];
  for (let index = 0; index < count; index += 1) {
    numbers += 1;
    const company = numbers % 2 === 0 ? 'acme' : 'b.eu';
    const stored = STORED[numbers % 4 === 3 ? 1 : 0];
    const event = { ...stored, id: uuidOf(numbers), metadata: metadataOf(company) };
    const done = right(
      await store.append(`session-${company}_s-${numbers}`, 'no-stream', [event])(),
    );
    if (stored.type === 'SessionEnded') positions.push(done.position);
  }
  return positions;
};

export const emptyLog = (): EventStore => makeInMemoryEventStore({ clock: () => RECORDED });

export const brokerOn = (
  server: Pick<NatsServer, 'url'>,
  options: Readonly<{
    stream?: Partial<StreamSettings>;
    writer?: string;
    vocabulary?: number;
  }> = {},
): Broker =>
  makeNatsBroker({
    servers: [server.url],
    credentials: { kind: 'none' },
    stream: { ...defaultStream, ...options.stream },
    writer: options.writer ?? 'relay-a',
    ...(options.vocabulary === undefined ? {} : { vocabulary: options.vocabulary }),
    timeoutMs: 2_000,
  });

export const quick: RelaySettings = {
  ...defaultRelaySettings,
  backoffMs: { first: 10, longest: 100 },
  standBackMs: 50,
  standBackFromNewerMs: 50,
};

export const relayOn = (
  store: EventStore,
  broker: Broker,
  rest: Readonly<{ writer?: string; settings?: Partial<RelaySettings> }> = {},
): Relay =>
  startRelay({
    store,
    broker,
    writer: rest.writer ?? 'relay-a',
    settings: { ...quick, ...rest.settings },
    clock: () => Date.now(),
    random: () => 0.5,
  });

const PATIENCE_MS = 30_000;

/** Waits for what must become true, and ends the wait loudly so that no test run hangs. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('what was waited for did not become true');
    await delay(5);
  }
};

/** Waits until the relay has passed the log's end. */
export const untilDone = async (store: EventStore, relay: Relay): Promise<void> => {
  const head = right(await store.head()());
  await until(() => relay.health().position === head);
};

export const withSession = async <A>(
  broker: Broker,
  work: (session: BrokerSession) => Promise<A>,
): Promise<A> => {
  const session = right(await broker.connect());
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};

/** Positions in the stream, in its order. */
export const positionsIn = (broker: Broker): Promise<readonly number[]> =>
  withSession(broker, async (session) => {
    const ids: number[] = [];
    for await (const page of session.read(1))
      for (const { id } of right(page)) ids.push(Number(id));
    return ids;
  });

/** The broker as an operator sees it, beside the adapter. */
export const asOperator = async <A>(
  server: Pick<NatsServer, 'url'>,
  work: (connection: Awaited<ReturnType<typeof connect>>) => Promise<A>,
): Promise<A> => {
  const connection = await connect({ servers: server.url });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
};
