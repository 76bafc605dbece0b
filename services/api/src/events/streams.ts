/** The event streams that are open. */
export type Streams = Readonly<{
  /** A place for one more, undefined when there is none; `release` when it has ended. */
  open: (company: string) => Readonly<{ signal: AbortSignal; release: () => void }> | undefined;
  /** Ends all, and lets nobody in any more. */
  endAll: () => void;
  count: () => number;
}>;

export const makeStreams = ({
  streamsMax,
  streamsOfCompanyMax,
}: Readonly<{ streamsMax: number; streamsOfCompanyMax: number }>): Streams => {
  const ending = new AbortController();
  const ofCompany = new Map<string, number>();
  let all = 0;
  const add = (company: string, change: 1 | -1): void => {
    all += change;
    const count = (ofCompany.get(company) ?? 0) + change;
    if (count === 0) ofCompany.delete(company);
    else ofCompany.set(company, count);
  };
  return {
    open: (company) => {
      const isFull = all >= streamsMax || (ofCompany.get(company) ?? 0) >= streamsOfCompanyMax;
      if (isFull || ending.signal.aborted) return undefined;
      add(company, 1);
      let isOpen = true;
      return {
        signal: ending.signal,
        release: () => {
          if (isOpen) add(company, -1);
          isOpen = false;
        },
      };
    },
    endAll: () => ending.abort(),
    count: () => all,
  };
};
