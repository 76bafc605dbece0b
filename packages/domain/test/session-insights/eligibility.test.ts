import {
  decideEligibility,
  decisionTable,
  type DecisionRule,
  type EligibilityFacts,
  type IncomingFacts,
  type OutgoingFacts,
} from '../../src/session-insights/index.js';
import { asking, both, byPolicy, incoming, outgoing } from './builders.js';

/*
 * Goal: rulebook §3, stated a second time as a table, agrees with the decision on every combination of
 * facts. Method: enumerate them all; read `decision-table.json` row by row, with none of the decision's
 * code; compare outcome, bases, first reason and every failing reason, in order.
 */
type Common = Pick<EligibilityFacts, 'aiActivated' | 'planCovered' | 'platformSupported'>;
type Conditions = DecisionRule['fails'];
type Values = Readonly<Record<string, unknown>>;

const fits = (conditions: Conditions, values: Values): boolean => {
  for (const fact in conditions)
    if (!(conditions[fact] ?? []).some((value) => value === values[fact])) return false;
  return true;
};

type ByTheTable = Readonly<{ failing: readonly string[]; basis: string | null }>;

/** What the rows of one path say; a path that the session has not says nothing. */
const readPath = (path: 'outgoing' | 'incoming', facts: EligibilityFacts): ByTheTable => {
  if (facts[path] === null) return { failing: [], basis: null };
  const { rules, bases } = decisionTable[path];
  const values: Values = { ...facts, ...facts[path] };
  const failing = rules.filter((row) => fits(row.fails, values)).map(({ reason }) => reason);
  const basis = bases.find((row) => fits(row.when, values))?.basis ?? null;
  return { failing, basis: failing.length === 0 ? basis : null };
};

const inOneLine = (parts: readonly (string | readonly string[] | null)[]): string =>
  parts.map((part) => (Array.isArray(part) ? part.join('+') : (part ?? '-'))).join(' | ');

const byTheTable = (facts: EligibilityFacts): string => {
  const paths = { outgoing: readPath('outgoing', facts), incoming: readPath('incoming', facts) };
  const found = [paths.outgoing.basis, paths.incoming.basis];
  const bases = decisionTable.basisOrder.filter((basis) => found.includes(basis));
  const asks = found.includes('ask') ? 'awaiting-consent' : 'not-eligible';
  const outcome = bases.length > 0 ? 'eligible' : asks;
  const failing = [
    ...paths.outgoing.failing.map((reason) => `outgoing ${reason}`),
    ...paths.incoming.failing.map((reason) => `incoming ${reason}`),
  ];
  const first = paths.outgoing.failing[0] ?? paths.incoming.failing[0] ?? null;
  const reason = outcome === 'not-eligible' ? first : null;
  return inOneLine([outcome, bases[0] ?? null, bases, reason, failing]);
};

const byTheDecision = (facts: EligibilityFacts): string => {
  const { outcome, basis, bases, reason, reasons } = decideEligibility(facts);
  const failing = reasons.map((each) => `${each.path} ${each.reason}`);
  return inOneLine([outcome, basis, bases, reason, failing]);
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
    const seen = new Set<string>();
    let compared = 0;
    for (const facts of everyCase()) {
      compared += 1;
      const [expected, actual] = [byTheTable(facts), byTheDecision(facts)];
      seen.add(actual);
      if (expected !== actual) differences.push({ facts, expected, actual });
    }
    process.stdout.write(
      `eligibility: ${compared.toLocaleString('en')} combinations of facts against the table: ` +
        `${differences.length} differences, ${seen.size.toLocaleString('en')} distinct answers\n`,
    );
    expect(differences.slice(0, 5)).toStrictEqual([]);
    expect({ compared }).toStrictEqual({ compared: 250_112 });
  });
  it('is stated by a table in which every row decides some case, and no case is without a row', () => {
    const decided = new Map<string, number>();
    for (const facts of everyCase())
      for (const path of ['outgoing', 'incoming'] as const) {
        const { failing, basis } = readPath(path, facts);
        const verdict = facts[path] === null ? 'no such path' : (failing[0] ?? basis ?? 'hole');
        const row = `${path} ${verdict}`;
        decided.set(row, (decided.get(row) ?? 0) + 1);
      }
    for (const path of ['outgoing', 'incoming'] as const) {
      const { rules, bases } = decisionTable[path];
      const rows = [...rules.map(({ reason }) => reason), ...bases.map(({ basis }) => basis)];
      const unused = rows.filter((row) => !decided.has(`${path} ${row}`));
      expect({ path, unused, hole: decided.has(`${path} hole`) }).toStrictEqual({
        path,
        unused: [],
        hole: false,
      });
    }
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
