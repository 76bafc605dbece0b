import type { EventStore } from '@daybook/event-store';
import { type EventStoreServer, startEventStoreServer } from '@daybook/event-store-server';
import * as E from 'fp-ts/lib/Either.js';
import { type EsdbEventStoreOptions, makeEsdbEventStore } from '../src/index.js';

/** Goes back now and then, as a machine's clock may. */
export const unsteadyClock = (): (() => number) => {
  let calls = 0;
  return () => 1_700_000_000_000 + ((calls += 1) % 5) * 10;
};

export const rightOf = <Failure, A>(answer: E.Either<Failure, A>): A => {
  if (E.isLeft(answer)) throw new Error(`Failed, unexpectedly: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

/** A server on a free port of loopback, or on the one that an earlier server had. */
export const serve = async (store: EventStore, port = 0): Promise<EventStoreServer> =>
  rightOf(await startEventStoreServer({ store, host: '127.0.0.1', port })());

export const urlOf = ({ port }: Readonly<{ port: number }>): string =>
  `esdb://127.0.0.1:${String(port)}?tls=false`;

/** Short waits, so that a test of a lost server takes no longer than the server. */
export const clientOf = (
  server: Readonly<{ port: number }>,
  options: Partial<EsdbEventStoreOptions> = {},
): EventStore =>
  rightOf(
    makeEsdbEventStore({
      connectionString: urlOf(server),
      clock: Date.now,
      random: () => 0.5,
      retryDelayMsFirst: 20,
      retryDelayMsMax: 200,
      ...options,
    }),
  );

export type Served = Readonly<{ store: EventStore; dispose: () => Promise<void> }>;

/** The store seen through the wire: client, real socket, server, store. */
export const servedStore = async (inner: EventStore): Promise<Served> => {
  const server = await serve(inner);
  const store = clientOf(server);
  return {
    store,
    dispose: async () => {
      await store.close();
      await server.close();
      await inner.close();
    },
  };
};
