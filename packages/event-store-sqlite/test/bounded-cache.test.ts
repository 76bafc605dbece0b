import fc from 'fast-check';
import { makeBoundedCache } from '../src/bounded-cache.js';

describe('A bounded cache', () => {
  it('answers with the last value set, or forgets; the most recent keys are never forgotten', () => {
    const steps = fc.array(fc.record({ key: fc.nat(20), isRead: fc.boolean() }), { maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (found, size) => {
        const cache = makeBoundedCache<number, number>(size);
        const values = new Map<number, number>();
        const recent: number[] = [];
        for (const [index, { key, isRead }] of found.entries()) {
          const cached = cache.get(key);
          if (cached !== undefined) expect(cached).toBe(values.get(key));
          const isRecent = new Set(recent.slice(-size)).has(key);
          if (isRecent) expect(cached).toBe(values.get(key));
          if (!isRead) {
            cache.set(key, index);
            values.set(key, index);
          }
          if (!isRead || cached !== undefined) recent.push(key);
        }
      }),
    );
  });

  it('holds no more than twice its size', () => {
    const cache = makeBoundedCache<number, number>(10);
    for (let n = 0; n < 1_000; n += 1) cache.set(n, n);
    const held = Array.from({ length: 1_000 }, (_, n) => cache.get(n)).filter(
      (value) => value !== undefined,
    );
    expect(held.length).toBeLessThanOrEqual(20);
    cache.clear();
    expect(cache.get(999)).toBe(undefined);
  });
});
