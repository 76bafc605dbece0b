import { setTimeout as delay } from 'node:timers/promises';
import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { backfill, defaultStream, makeNatsBroker, type NatsCredentials } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import { connect, type JetStreamManager } from 'nats';

export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`unexpected: ${JSON.stringify(either.left)}`);
  return either.right;
};

const AT = Date.UTC(2026, 5, 30, 22);

export const emptyLog = (): EventStore => makeInMemoryEventStore({ clock: () => AT });

let numbers = 0;

const event = (company: string, type: string, data: unknown) => {
  numbers += 1;
  return {
    id: `6f2c1d7a-0b3e-5c41-9a57-${numbers.toString(16).padStart(12, '0')}`,
    type,
    data: JSON.stringify(data),
    metadata: JSON.stringify({
      schema: 1,
      company,
      actor: { kind: 'system', id: 'daybook' },
      commandId: `command-${numbers}`,
      correlationId: `correlation-${numbers}`,
      occurredAt: AT,
      ruleVersion: '2023-01-01',
    }),
  };
};

/** Sessions that end, one after the other; every third append leaves a hole in what is published. */
export const endSessions = async (
  store: EventStore,
  sessions: readonly (readonly [company: string, session: string])[],
): Promise<void> => {
  for (const [company, session] of sessions) {
    const ended = event(company, 'SessionEnded', { endedAt: AT });
    const inside = event(company, 'CommandRefused', {
      command: 'EndSession',
      refusal: 'AlreadyEnded',
      detail: {},
    });
    const stream = `session-${company}_${session}`;
    const events = numbers % 3 === 0 ? ([ended, inside] as const) : ([ended] as const);
    right(await store.append(stream, 'no-stream', [...events] as [typeof ended])());
  }
};

/** Sessions `<company>1` to `<company>n`. */
export const sessionsOf = (
  company: string,
  from: number,
  to: number,
): readonly (readonly [string, string])[] =>
  Array.from({ length: to - from + 1 }, (_, index) => [company, `${company}${from + index}`]);

/** Brings the log to the stream that the relay keeps. */
export const relay = async (
  url: string,
  store: EventStore,
  credentials: NatsCredentials = { kind: 'none' },
): Promise<void> => {
  const broker = makeNatsBroker({
    servers: [url],
    credentials,
    stream: defaultStream,
    writer: 'test',
  });
  right(await backfill({ store, broker, window: 64 }));
};

export const asOperator = async <A>(
  url: string,
  work: (manager: JetStreamManager) => Promise<A>,
): Promise<A> => {
  const connection = await connect({ servers: url });
  try {
    return await work(await connection.jetstreamManager());
  } finally {
    await connection.close();
  }
};

const PATIENCE_MS = 30_000;

/** Waits for what must become true, and ends the wait loudly so that no test run hangs. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('what was waited for did not become true');
    await delay(5);
  }
};

/** A promise that is kept when the test says so. */
export const gate = (): Readonly<{ opened: Promise<void>; open: () => void }> => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};
