import {
  decideEligibility,
  type Basis,
  type EligibilityFacts,
  type FailingReason,
  type IncomingFacts,
  type OutgoingFacts,
} from '../../src/session-insights/index.js';
import { asking, both, byPolicy, incoming, outgoing } from './builders.js';

/*
 * Goal: rulebook §3, stated a second time as tables, agrees with the decision on every combination of
 * facts. Method: enumerate them all; look each up in the tables; compare outcome, bases and first reasons.
 */
type Common = Pick<EligibilityFacts, 'aiActivated' | 'planCovered' | 'platformSupported'>;
type Verdict = Basis | 'ask' | FailingReason;

/** What the remote side's setting and answer lead to; the first row that fits. */
const ACCESS: readonly (readonly [
  OutgoingFacts['accessControl'] | 'any',
  OutgoingFacts['consent'],
  boolean | 'any',
  Verdict,
])[] = [
  ['denied', 'not-asked', 'any', 'denied-by-access-control'],
  ['denied', 'granted', 'any', 'denied-by-access-control'],
  ['denied', 'refused', 'any', 'denied-by-access-control'],
  ['denied', 'timed-out', 'any', 'denied-by-access-control'],
  ['denied', 'withdrawn', 'any', 'denied-by-access-control'],
  ['any', 'refused', 'any', 'consent-refused'],
  ['any', 'timed-out', 'any', 'consent-timed-out'],
  ['any', 'withdrawn', 'any', 'consent-withdrawn'],
  ['allowed', 'not-asked', 'any', 'standing-permission'],
  ['allowed', 'granted', 'any', 'standing-permission'],
  ['after-confirmation', 'granted', 'any', 'consent'],
  ['after-confirmation', 'not-asked', true, 'ask'],
  ['after-confirmation', 'not-asked', false, 'nobody-to-ask'],
];

const fits = (cell: unknown, value: unknown): boolean => cell === 'any' || cell === value;

const accessVerdict = (facts: OutgoingFacts): Verdict => {
  const row = ACCESS.find(
    ([setting, consent, attended]) =>
      fits(setting, facts.accessControl) &&
      consent === facts.consent &&
      fits(attended, facts.attended),
  );
  if (row === undefined) throw new Error('The table has a hole');
  return row[3];
};

type Row<Facts> = readonly [FailingReason, (facts: Facts, common: Common) => boolean];

/** The chain of each path, in the rulebook's order: reason, and whether it fails. */
const OUTGOING: readonly Row<OutgoingFacts>[] = [
  ['ai-not-activated', (_, common) => !common.aiActivated],
  ['plan-not-covered', (_, common) => !common.planCovered],
  ['outgoing-off', ({ optionOn }) => !optionOn],
  ['not-signed-in', ({ signedIn }) => !signedIn],
  ['session-logging-off', ({ logsSessions }) => !logsSessions],
  ['quicksupport-not-covered', ({ quickSupportExcluded }) => quickSupportExcluded],
  ...(
    [
      'denied-by-access-control',
      'consent-refused',
      'consent-timed-out',
      'consent-withdrawn',
      'nobody-to-ask',
    ] as const
  ).map((reason): Row<OutgoingFacts> => [reason, (facts) => accessVerdict(facts) === reason]),
  ['platform-not-supported', (_, common) => !common.platformSupported],
];
const INCOMING: readonly Row<IncomingFacts>[] = [
  ['ai-not-activated', (_, common) => !common.aiActivated],
  ['plan-not-covered', (_, common) => !common.planCovered],
  ['incoming-off', ({ optionOn }) => !optionOn],
  ['device-not-managed', ({ deviceManaged }) => !deviceManaged],
  ['no-applied-policy', ({ policyApplied }) => !policyApplied],
  ['reporting-off', ({ reportingOn }) => !reportingOn],
  ['insights-off', ({ insightsOn }) => !insightsOn],
  ['switched-off-locally', ({ switchedOffLocally }) => switchedOffLocally],
  ['platform-not-supported', (_, common) => !common.platformSupported],
];

const firstFailing = <Facts>(
  table: readonly Row<Facts>[],
  facts: Facts | null,
  common: Common,
): FailingReason | null | 'no-path' => {
  if (facts === null) return 'no-path';
  return table.find(([, fails]) => fails(facts, common))?.[0] ?? null;
};

/** Outcome, bases in the order in which they win, and the first failing reason of each path. */
const byTheTables = (facts: EligibilityFacts): string => {
  const outgoingFirst = firstFailing(OUTGOING, facts.outgoing, facts);
  const incomingFirst = firstFailing(INCOMING, facts.incoming, facts);
  const verdict =
    facts.outgoing === null || outgoingFirst !== null ? null : accessVerdict(facts.outgoing);
  const bases = [
    ...(incomingFirst === null ? ['policy'] : []),
    ...(verdict === null || verdict === 'ask' ? [] : [verdict]),
  ];
  const firsts = [outgoingFirst, incomingFirst].filter((first) => first !== 'no-path');
  const outcome =
    bases.length > 0 ? 'eligible' : verdict === 'ask' ? 'awaiting-consent' : 'not-eligible';
  const reason = outcome === 'not-eligible' ? firsts[0] : null;
  return [outcome, bases.join('+'), reason, outgoingFirst, incomingFirst].join(' | ');
};

const byTheDecision = (facts: EligibilityFacts): string => {
  const { outcome, basis, bases, reason, reasons } = decideEligibility(facts);
  if (basis !== (bases[0] ?? null)) return 'the basis is not the first of the bases';
  const first = (path: 'outgoing' | 'incoming'): string | null =>
    facts[path] === null
      ? 'no-path'
      : (reasons.find((failing) => failing.path === path)?.reason ?? null);
  return [outcome, bases.join('+'), reason, first('outgoing'), first('incoming')].join(' | ');
};

type Choices<Facts> = { readonly [Key in keyof Facts]: readonly Facts[Key][] };

const combinations = <Facts extends object>(choices: Choices<Facts>): readonly Facts[] => {
  let found: Partial<Facts>[] = [{}];
  for (const key of Object.keys(choices) as (keyof Facts)[])
    found = found.flatMap((facts) => choices[key].map((value) => ({ ...facts, [key]: value })));
  return found as Facts[];
};

const bool = [true, false] as const;
const commons = combinations<Common>({
  aiActivated: bool,
  planCovered: bool,
  platformSupported: bool,
});
const outgoings = combinations<OutgoingFacts>({
  optionOn: bool,
  signedIn: bool,
  logsSessions: bool,
  quickSupportExcluded: bool,
  accessControl: ['allowed', 'denied', 'after-confirmation'],
  attended: bool,
  consent: ['not-asked', 'granted', 'refused', 'timed-out', 'withdrawn'],
});
const incomings = combinations<IncomingFacts>({
  optionOn: bool,
  deviceManaged: bool,
  policyApplied: bool,
  reportingOn: bool,
  insightsOn: bool,
  switchedOffLocally: bool,
});
function* everyCase(): Generator<EligibilityFacts> {
  for (const common of commons) {
    for (const one of [null, ...outgoings]) {
      for (const other of one === null ? incomings : [null, ...incomings])
        yield { ...common, outgoing: one, incoming: other };
    }
  }
}
const count = commons.length * ((outgoings.length + 1) * (incomings.length + 1) - 1);

describe('eligibility', () => {
  it(`is what rulebook §3 says for all ${count.toLocaleString('en')} combinations of facts`, () => {
    const differences: unknown[] = [];
    let compared = 0;
    for (const facts of everyCase()) {
      compared += 1;
      const [expected, actual] = [byTheTables(facts), byTheDecision(facts)];
      if (expected !== actual && differences.length < 5)
        differences.push({ facts, expected, actual });
    }
    expect(differences).toStrictEqual([]);
    expect({ compared }).toStrictEqual({ compared: 250_112 });
  });
  it('names every failing reason of both paths, the first of the chain first', () => {
    const failing = {
      aiActivated: true,
      planCovered: true,
      platformSupported: false,
      outgoing: { ...outgoing, signedIn: false, attended: false },
      incoming: { ...incoming, reportingOn: false, insightsOn: false },
    };
    expect(decideEligibility(failing)).toStrictEqual({
      outcome: 'not-eligible',
      basis: null,
      bases: [],
      reason: 'not-signed-in',
      reasons: [
        { path: 'outgoing', reason: 'not-signed-in' },
        { path: 'outgoing', reason: 'nobody-to-ask' },
        { path: 'outgoing', reason: 'platform-not-supported' },
        { path: 'incoming', reason: 'reporting-off' },
        { path: 'incoming', reason: 'insights-off' },
        { path: 'incoming', reason: 'platform-not-supported' },
      ],
    });
  });
  it('lists no rule that rests on a failed one: without a policy there is no toggle', () => {
    const none = { ...incoming, policyApplied: false, reportingOn: false, insightsOn: false };
    const { reasons } = decideEligibility({ ...byPolicy, incoming: none });
    expect(reasons).toStrictEqual([{ path: 'incoming', reason: 'no-applied-policy' }]);
  });
  it('knows every answer; a forgotten one is a bug', () => {
    const unknown = { ...outgoing, consent: 'perhaps' } as unknown as OutgoingFacts;
    expect(() => decideEligibility({ ...asking, outgoing: unknown })).toThrow('perhaps');
  });
  it('asks nobody where a policy holds', () => {
    expect(decideEligibility(both).outcome).toBe('eligible');
    expect(decideEligibility(asking).outcome).toBe('awaiting-consent');
  });
});
