import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import {
  type EventStoreServer,
  type EventStoreServerOptions,
  startEventStoreServer,
} from '../src/index.js';

export type OpenStore = Readonly<{ store: EventStore; dispose: () => Promise<void> }>;
export type MakeStore = () => Promise<OpenStore>;

export const inMemory: MakeStore = () => {
  const store = makeInMemoryEventStore({ clock: Date.now });
  return Promise.resolve({ store, dispose: () => store.close() });
};

export const inSqlite: MakeStore = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-served-'));
  const opened = await openSqliteEventStore({ directory, clock: Date.now, walBytes: 0 })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const store = opened.right;
  const dispose = async (): Promise<void> => {
    await store.close();
    rmSync(directory, { recursive: true });
  };
  return { store, dispose };
};

export type Served = Readonly<{
  store: EventStore;
  server: EventStoreServer;
  /** For a client without TLS, after its scheme. */
  address: string;
  dispose: () => Promise<void>;
}>;

type Options = Partial<Omit<EventStoreServerOptions, 'store'>>;

export const serve = async (make: MakeStore = inMemory, options: Options = {}): Promise<Served> => {
  const { store, dispose } = await make();
  const started = await startEventStoreServer({ store, host: '127.0.0.1', port: 0, ...options })();
  if (E.isLeft(started)) throw new Error(started.left.message);
  const server = started.right;
  return {
    store,
    server,
    address: `127.0.0.1:${String(server.port)}?tls=false`,
    dispose: async () => {
      await server.close();
      await dispose();
    },
  };
};

/** Resolves when `isSo` holds; fails loudly when it never does. */
export const eventually = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It never came about: ${what}.`);
};

export const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
