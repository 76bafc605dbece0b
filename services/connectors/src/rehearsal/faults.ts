/** What a rehearsal's server does instead of, or after, what it was asked. */
export type Fault = Readonly<{
  /** Of the request that it happens to: the first that matches. */
  method: string;
  path: RegExp;
  /** How many such requests go well before. */
  after?: number;
  /** An answer in place of the effect, or the connection cut once the effect is there. */
  does:
    | Readonly<{ status: number; body: unknown; headers?: Readonly<Record<string, string>> }>
    | 'cut-before-effect'
    | 'cut-after-effect';
}>;

export type Faults = Readonly<{
  /** Each happens once. */
  add: (...faults: readonly Fault[]) => void;
  take: (method: string, url: string) => Fault['does'] | null;
  left: () => number;
}>;

export const makeFaults = (): Faults => {
  let waiting: (Fault & { after: number })[] = [];
  return {
    add: (...faults) => {
      for (const fault of faults) waiting.push({ after: 0, ...fault });
    },
    take: (method, url) => {
      const found = waiting.find((one) => one.method === method && one.path.test(url));
      if (found === undefined) return null;
      if (found.after > 0) {
        waiting = waiting.map((one) => (one === found ? { ...one, after: one.after - 1 } : one));
        return null;
      }
      waiting = waiting.filter((one) => one !== found);
      return found.does;
    },
    left: () => waiting.length,
  };
};
