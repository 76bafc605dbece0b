/**
 * Keeps the most recently used entries, between `size` and twice that: the young generation becomes the old
 * one when it is full, and what nobody touched since goes. Cheaper than an exact LRU, and as bounded.
 */
export type BoundedCache<Key, Value> = Readonly<{
  get: (key: Key) => Value | undefined;
  set: (key: Key, value: Value) => void;
  clear: () => void;
}>;

export const makeBoundedCache = <Key, Value>(size: number): BoundedCache<Key, Value> => {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();
  const set = (key: Key, value: Value): void => {
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    get: (key) => {
      const found = young.get(key);
      if (found !== undefined) return found;
      const aged = old.get(key);
      if (aged !== undefined) set(key, aged);
      return aged;
    },
    set,
    clear: () => {
      young = new Map();
      old = new Map();
    },
  };
};
