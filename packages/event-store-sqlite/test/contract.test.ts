import { describeEventStoreContract } from '@daybook/event-store/contract';
import * as E from 'fp-ts/lib/Either.js';
import { openSqliteEventStore } from '../src/index.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Goes back now and then, as a machine's clock may. */
const unsteadyClock = (): (() => number) => {
  let calls = 0;
  return () => 1_700_000_000_000 + ((calls += 1) % 5) * 10;
};

describeEventStoreContract('The SQLite store', async () => {
  const directory = temporaryDirectory();
  const opened = await openSqliteEventStore({
    directory: directory.path,
    clock: unsteadyClock(),
  })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const store = opened.right;
  const dispose = async (): Promise<void> => {
    await store.close();
    directory.remove();
  };
  return { store, dispose };
});
