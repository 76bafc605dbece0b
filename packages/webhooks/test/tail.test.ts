import { makeInMemoryEventStore } from '@daybook/event-store';
import { makeTail, type Resting } from '../src/runner/tail.js';
import { makeSlots } from '../src/runner/slots.js';
import { append, NOW, right, until } from './set-up.js';

const resting = (company: string, reached: number): Resting & { woken: number } => {
  const one = {
    company,
    storedTypes: new Set(['SessionEnded']),
    reached,
    woken: 0,
    wake: () => {
      one.woken += 1;
    },
  };
  return one;
};

describe('The log’s end, watched once for all endpoints', () => {
  test('wakes those whose company an event is of, and lets the others skip it', async () => {
    const store = makeInMemoryEventStore({ clock: () => NOW });
    const tail = makeTail(store, 0);
    const stopping = new AbortController();
    const done = tail.watch(stopping.signal);
    const [acme, other, ahead] = [resting('acme', 0), resting('other', 0), resting('acme', 7)];
    expect([acme, other, ahead].map(tail.rest)).toStrictEqual([true, true, true]);
    await append(store);
    await append(store, { type: 'UserRegistered', category: 'user' });
    await until(() => tail.position() >= 1 && acme.woken === 1);
    expect([acme.reached, other.woken, ahead.woken]).toStrictEqual([0, 0, 0]);
    const head = right(await store.head()());
    await until(async () => {
      await append(store, { company: 'third' });
      return tail.position() > head;
    });
    tail.rise(other);
    expect(other.reached).toBeGreaterThanOrEqual(head);
    // What lies between was not looked at for it: it has to read for itself.
    expect(tail.rest(acme)).toBe(false);
    stopping.abort();
    expect(await done).toBeUndefined();
  });

  test('tells when the log cannot be read', async () => {
    const store = makeInMemoryEventStore({ clock: () => NOW });
    await store.close();
    const failure = await makeTail(store, 0).watch(new AbortController().signal);
    expect(failure).toMatchObject({ _tag: 'StoreUnavailable', reason: 'closed' });
  });
});

describe('Slots', () => {
  test('let so many work at once, and the others in their turn, also when work fails', async () => {
    const slots = makeSlots(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (index: number): Promise<void> =>
      slots.use(() => {
        begun.push(index);
        return new Promise<void>((resolve, reject) => {
          ends.push(index === 0 ? () => reject(new Error('failed')) : resolve);
        });
      });
    const all = [0, 1, 2, 3].map((index) => work(index).catch(() => undefined));
    await until(() => begun.length === 2);
    ends[0]?.();
    await until(() => begun.length === 3);
    ends[1]?.();
    await until(() => begun.length === 4);
    expect(begun).toStrictEqual([0, 1, 2, 3]);
    ends.slice(2).forEach((end) => end());
    await Promise.all(all);
  });
});
