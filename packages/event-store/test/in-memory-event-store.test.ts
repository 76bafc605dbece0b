import { describeEventStoreContract } from '../src/contract/index.js';
import { makeInMemoryEventStore } from '../src/index.js';

/** Goes back now and then, as a machine's clock may. */
const unsteadyClock = (): (() => number) => {
  let calls = 0;
  return () => 1_700_000_000_000 + ((calls += 1) % 5) * 10;
};

describeEventStoreContract('The store in memory', () => {
  const store = makeInMemoryEventStore({ clock: unsteadyClock() });
  return Promise.resolve({ store, dispose: () => store.close() });
});
