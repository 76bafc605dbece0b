/** Work that is done in turn within a lane, and side by side in different ones. */
export type Lanes = Readonly<{
  /** `work` must not reject. */
  push: (lane: string, work: () => Promise<void>) => void;
  /** Resolves when nothing that was pushed is left to do. */
  idle: () => Promise<void>;
}>;

export const makeLanes = (): Lanes => {
  const ends = new Map<string, Promise<void>>();
  return {
    push: (lane, work) => {
      const end = (ends.get(lane) ?? Promise.resolve()).then(work);
      ends.set(lane, end);
      void end.then(() => {
        if (ends.get(lane) === end) ends.delete(lane);
      });
    },
    idle: async () => {
      while (ends.size > 0) await Promise.all(ends.values());
    },
  };
};
