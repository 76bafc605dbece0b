/** So many at once; the others wait their turn. */
export type Slots = Readonly<{ use: <A>(work: () => Promise<A>) => Promise<A> }>;

export const makeSlots = (count: number): Slots => {
  let free = count;
  const queue = new Set<() => void>();
  const take = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      queue.add(resolve);
    });
  };
  /** A slot goes from one to the next without being free between. */
  const give = (): void => {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    queue.delete(next);
    next();
  };
  return {
    use: async (work) => {
      await take();
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
};
