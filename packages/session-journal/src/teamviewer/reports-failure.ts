/** Why reports could not be had. Nothing of what the service said is in it. */
export type ReportsFailure =
  /** The token is not known, or no longer. */
  | Readonly<{ _tag: 'TokenRefused' }>
  /** The token may not read connection reports. */
  | Readonly<{ _tag: 'NotPermitted' }>
  | Readonly<{ _tag: 'RateLimited'; retryAfterMs: number | null }>
  | Readonly<{
      _tag: 'ApiUnavailable';
      reason: 'unreachable' | 'timed-out' | 'server-error';
      status: number | null;
    }>
  /** Not what the API answers: another address, another version, or nothing of ours to ask. */
  | Readonly<{ _tag: 'UnexpectedAnswer'; status: number; reason: string }>
  | Readonly<{ _tag: 'Stopped' }>;
