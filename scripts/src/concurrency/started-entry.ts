/** The start of a session that may be summarised without asking, as a journal line or a request carries it. */
export const startedEntry = (session: string, at: string): Readonly<Record<string, unknown>> => ({
  entry: 'session-started',
  session,
  at,
  direction: 'outgoing',
  supporter: 'u-lena',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
  accessControl: { supporter: 'allowed', remote: 'allowed' },
});
