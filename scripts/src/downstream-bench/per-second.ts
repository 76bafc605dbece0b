/** Events per second of work on so many, rounded. */
export const perSecond = async (events: number, work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return Math.round((events * 1_000) / (performance.now() - started));
};
