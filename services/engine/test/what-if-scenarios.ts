export const AT = '2026-06-10T10:00:00Z';
export const LATER = '2026-06-20T10:00:00Z';

const session = 's-1';

/** One of each operation, and every field that there is. */
export const everything = {
  about: 'One of each.',
  timeZone: 'Europe/Berlin',
  ruleVersion: '2023-01-01',
  tariff: 'per-session',
  rules: {
    from: '2026-07-01T00:00:00+02:00',
    tariff: 'assistant-blocks',
    assistantBlockMessages: 10,
    monthlyCredits: { business: 7 },
    purchaseLifeMonths: 6,
    holdTimeoutMs: 3_600_000,
  },
  lots: [
    { lot: 'f', kind: 'free', credits: 2, effectiveAt: '2026-06-01T00:00:00+02:00' },
    { lot: 'f2', kind: 'free', credits: 1, effectiveAt: '2026-06-02T00:00:00+02:00' },
    { lot: 'g', kind: 'promotional', credits: 1, effectiveAt: AT, expiresAt: LATER, priority: 1 },
    { lot: 'a', kind: 'adjustment', credits: 1, effectiveAt: AT, expiresAt: LATER, priority: 1 },
    { lot: 'p', kind: 'purchased', credits: 9, effectiveAt: AT, priority: 3 },
  ],
  operations: [
    { op: 'use', at: AT, recordedAt: LATER, session, summaries: 1, assistantMessages: 12 },
    { op: 'hold', at: AT, session: 's-2', credits: 1 },
    { op: 'capture', at: AT, session: 's-2' },
    { op: 'reverse', at: AT, session: 's-2', generation: 0, reason: 'nothing-delivered' },
    { op: 'hold', at: AT, session: 's-3' },
    { op: 'release', at: AT, session: 's-3', reason: 'consent-withdrawn' },
    { op: 'purchase', at: AT, order: 'PO-9', credits: 5, priority: 1 },
    { op: 'refund', at: LATER, order: 'PO-9' },
    { op: 'void', at: LATER, lot: 'p', reason: 'dispute' },
    { op: 'promote', at: AT, id: 'spring', credits: 3, expiresAt: LATER, priority: 2 },
    { op: 'adjust', at: AT, id: 'up', credits: 2, expiresAt: LATER, priority: 2 },
    { op: 'adjust', at: AT, id: 'down', credits: -1 },
    { op: 'grant', at: LATER, plan: 'business' },
    { op: 'raise', at: LATER, fromPlan: 'business', toPlan: 'tensor' },
    { op: 'time-out', at: LATER },
    { op: 'lapse', at: LATER },
  ],
  queries: [{ at: AT }, { at: LATER, knownAt: AT, what: 'lots' }, { at: LATER, what: 'charges' }],
} as const;

/** A change of one place of a scenario; `undefined` takes the field away. */
export type Mistake = Readonly<{ path: readonly (string | number)[]; to: unknown; says: string }>;

/** Each makes a scenario wrong in a way that the schema says too. */
export const mistakes: readonly Mistake[] = [
  { path: ['tarif'], to: 'per-session', says: 'tarif' },
  { path: ['ruleVersion'], to: '1999-01-01', says: 'ruleVersion' },
  { path: ['tariff'], to: 'free', says: 'tariff' },
  { path: ['timeZone'], to: 7, says: 'timeZone' },
  { path: ['about'], to: 7, says: 'about' },
  { path: ['rules', 'from'], to: 'tomorrow', says: 'rules.from' },
  { path: ['rules', 'monthlyCredits', 'business'], to: -1, says: 'rules.monthlyCredits.business' },
  { path: ['rules', 'monthlyCredits'], to: [], says: 'rules.monthlyCredits' },
  { path: ['rules', 'holdTimeoutMs'], to: 0, says: 'rules.holdTimeoutMs' },
  { path: ['lots'], to: {}, says: 'lots' },
  { path: ['lots', 4], to: 'p', says: 'lots[4]' },
  { path: ['lots', 4, 'credits'], to: 1.5, says: 'lots[4].credits' },
  { path: ['lots', 4, 'kind'], to: 'gift', says: 'lots[4].kind' },
  { path: ['lots', 4, 'effectiveAt'], to: '2026-06-10 10:00', says: 'lots[4].effectiveAt' },
  { path: ['lots', 4, 'lot'], to: 'a b', says: 'lots[4].lot' },
  { path: ['lots', 0, 'priority'], to: 1, says: 'lots[0].priority' },
  { path: ['operations', 0, 'op'], to: 'spend', says: 'operations[0].op' },
  { path: ['operations', 0, 'session'], to: undefined, says: 'operations[0].session' },
  { path: ['operations', 0, 'order'], to: 'PO-1', says: 'operations[0].order' },
  { path: ['operations', 6, 'credits'], to: 0, says: 'operations[6].credits' },
  { path: ['operations', 11, 'credits'], to: 0, says: 'operations[11].credits' },
  { path: ['queries', 1, 'what'], to: 'all', says: 'queries[1].what' },
  { path: ['queries', 1, 'at'], to: undefined, says: 'queries[1].at' },
];

/** Each makes a scenario wrong in a way that a schema cannot say. */
export const furtherMistakes: readonly Mistake[] = [
  { path: ['timeZone'], to: 'Mars/Olympus', says: 'timeZone' },
  { path: ['lots', 1, 'lot'], to: 'f', says: 'lots[1].lot' },
  { path: ['lots', 2, 'expiresAt'], to: AT, says: 'lots[2].expiresAt' },
  { path: ['lots', 4, 'credits'], to: Number.MAX_SAFE_INTEGER, says: 'lots[4].credits' },
  { path: ['operations', 7, 'recordedAt'], to: AT, says: 'operations[7].recordedAt' },
];

const put = (value: unknown, path: Mistake['path'], to: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string | number, unknown>;
  copy[key] = put(copy[key], rest, to);
  return copy;
};

/** What JSON keeps of the scenario with the mistake in it. */
export const withMistake = ({ path, to }: Mistake): unknown =>
  JSON.parse(JSON.stringify(put(everything, path, to)));
