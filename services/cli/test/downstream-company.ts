export const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** Of today: what is told afterwards is paid with what is left today. */
const BEGUN = Date.now() - 240_000;
const at = (minute: number): string => new Date(BEGUN + minute * 60_000).toISOString();

/** A company with an administrator and two supporters. */
export const setup: readonly object[] = [
  { command: 'RegisterCompany', companyId: 'acme', plan: 'business', timeZone: 'UTC' },
  { command: 'ActivateAi', termsVersion: '2026-01' },
  { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
  { command: 'RegisterUser', userId: 'anna', role: 'administrator' },
  { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
  { command: 'RegisterUser', userId: 'u-2', role: 'supporter' },
].map((command) => ({
  ...command,
  at: at(0),
  by: { kind: 'administrator', id: 'anna' },
}));

/** A session with standing permission in which one thing is said. */
export const session = (said: string): readonly object[] => [
  {
    entry: 'session-started',
    session: 's1',
    at: at(1),
    direction: 'outgoing',
    supporter: 'u-1',
    signedIn: true,
    device: null,
    module: 'full',
    platform: 'windows',
    method: 'session-code',
    attended: true,
    accessControl: { supporter: 'allowed', remote: 'allowed' },
  },
  {
    entry: 'chat',
    session: 's1',
    at: at(2),
    speaker: 'supporter',
    text: `I restarted the ${said} and the printer works again.`,
    item: 'c1',
  },
  { entry: 'session-ended', session: 's1', at: at(3) },
];
