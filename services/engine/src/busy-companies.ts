/** Companies that are being read in: counted, because several inputs may come at one time. */
export type BusyCompanies = Readonly<{
  isBusy: (company: string) => boolean;
  /** `whenOver` is called when nothing of the company is being read in any more. */
  during: <A>(company: string, work: () => Promise<A>) => Promise<A>;
}>;

export const makeBusyCompanies = (whenOver: () => void): BusyCompanies => {
  const counts = new Map<string, number>();
  return {
    isBusy: (company) => counts.has(company),
    during: async (company, work) => {
      counts.set(company, (counts.get(company) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (counts.get(company) ?? 1) - 1;
        if (left > 0) counts.set(company, left);
        else {
          counts.delete(company);
          whenOver();
        }
      }
    },
  };
};
