import { waitAskedFor } from './answers.js';

/** What the answers' headers say of a limit that is nearly used up, so that nothing need be refused. */
export type Quiet = Readonly<{
  onHeaders: (headers: Headers) => void;
  /** Epoch milliseconds; null: go on. */
  until: () => number | null;
  /** What was last said of the day's calls; null where the system says nothing. */
  usage: () => Readonly<{ used: number; limit: number }> | null;
}>;

export type QuietSettings = Readonly<{
  clock: () => number;
  /** Salesforce: part of the organisation's daily calls above which they are left to others. */
  usageShareMax: number;
}>;

const LIMIT_INFO = /(?:^|;\s*)api-usage=(\d+)\/(\d+)/;
/** The count falls as calls of a day ago are forgotten. */
const USAGE_WAIT_MS = 15 * 60_000;

export const makeQuiet = ({ clock, usageShareMax }: QuietSettings): Quiet => {
  let until: number | null = null;
  let usage: Readonly<{ used: number; limit: number }> | null = null;
  return {
    onHeaders: (headers) => {
      const [, used, limit] = LIMIT_INFO.exec(headers.get('sforce-limit-info') ?? '') ?? [];
      if (used !== undefined && limit !== undefined) {
        usage = { used: Number(used), limit: Number(limit) };
        until = usage.used >= usage.limit * usageShareMax ? clock() + USAGE_WAIT_MS : null;
      }
      if (headers.get('x-ratelimit-remaining') === '0')
        until = clock() + waitAskedFor(headers, clock());
    },
    until: () => (until !== null && until > clock() ? until : null),
    usage: () => usage,
  };
};
