import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeInMemoryEventStore } from '@daybook/event-store';
import { describeEventStoreContract } from '@daybook/event-store/contract';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import { rightOf, servedStore, unsteadyClock } from './served.js';

describeEventStoreContract('The store in memory, served and reached over a socket', () =>
  servedStore(makeInMemoryEventStore({ clock: unsteadyClock() })),
);

describeEventStoreContract('The SQLite store, served and reached over a socket', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-esdb-'));
  const clock = unsteadyClock();
  const sqlite = rightOf(await openSqliteEventStore({ directory, clock, walBytes: 0 })());
  const { store, dispose } = await servedStore(sqlite);
  return {
    store,
    dispose: async () => {
      await dispose();
      rmSync(directory, { recursive: true });
    },
  };
});
