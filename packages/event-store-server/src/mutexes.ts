/** One task at a time per name, in the order of arrival. Holds nothing for names that nobody works on. */
export type Mutexes = Readonly<{
  alone: <A>(name: string, task: () => Promise<A>) => Promise<A>;
}>;

export const makeMutexes = (): Mutexes => {
  const last = new Map<string, Promise<void>>();
  return {
    alone: async (name, task) => {
      const before = last.get(name) ?? Promise.resolve();
      const running = before.then(task);
      const settled = running.then(
        () => undefined,
        () => undefined,
      );
      last.set(name, settled);
      try {
        return await running;
      } finally {
        if (last.get(name) === settled) last.delete(name);
      }
    },
  };
};
