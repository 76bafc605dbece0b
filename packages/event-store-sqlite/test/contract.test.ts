import { describeEventStoreContract } from '@daybook/event-store/contract';
import * as E from 'fp-ts/lib/Either.js';
import {
  openSqliteEventReader,
  openSqliteEventStore,
  type SqliteEventStore,
} from '../src/index.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Goes back now and then, as a machine's clock may. */
const unsteadyClock = (): (() => number) => {
  let calls = 0;
  return () => 1_700_000_000_000 + ((calls += 1) % 5) * 10;
};

const open = async (directory: string): Promise<SqliteEventStore> => {
  const clock = unsteadyClock();
  const opened = await openSqliteEventStore({ directory, clock, walBytes: 0 })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

describeEventStoreContract('The SQLite store', async () => {
  const directory = temporaryDirectory();
  const store = await open(directory.path);
  const dispose = async (): Promise<void> => {
    await store.close();
    directory.remove();
  };
  return { store, dispose };
});

/** Appends go through the writer, everything that is read comes from a reader beside it. */
describeEventStoreContract('The SQLite store seen by a reader', async () => {
  const directory = temporaryDirectory();
  const writer = await open(directory.path);
  const opened = await openSqliteEventReader({ directory: directory.path })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const close = async (): Promise<void> => {
    await opened.right.close();
    await writer.close();
  };
  const dispose = async (): Promise<void> => {
    await close();
    directory.remove();
  };
  return { store: { ...opened.right, append: writer.append, close }, dispose };
});
