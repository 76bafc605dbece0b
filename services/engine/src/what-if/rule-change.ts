import { rulesAt, ruleBook as shippedRuleBook } from '@daybook/domain/rules';
import type { RuleBook, RuleSet } from '@daybook/domain/rules';
import type { RuleChange, Scenario } from './scenario.js';

const changed = (rules: RuleSet, change: RuleChange): RuleSet => {
  const values = Object.entries(change).filter(([name]) => name !== 'from');
  return {
    ...rules,
    ...(Object.fromEntries(values) as Omit<RuleChange, 'from'>),
    monthlyCredits: { ...rules.monthlyCredits, ...change.monthlyCredits },
    version: `${rules.version}+what-if`,
  };
};

/** The rule book with a change in it from an instant on, later dated versions included. */
const changedFrom = (ruleBook: RuleBook, change: RuleChange): RuleBook => {
  const { from } = change;
  if (from === undefined) return ruleBook.map((rules) => changed(rules, change));
  const before = ruleBook.filter(({ effectiveFrom }) => effectiveFrom < from);
  const after = ruleBook.filter(({ effectiveFrom }) => effectiveFrom > from);
  const first = { ...changed(rulesAt(ruleBook, from), change), effectiveFrom: from };
  return [
    // Before the first version its own rules hold, so a change that is dated earlier keeps them in front.
    ...(before.length === 0
      ? ruleBook.slice(0, 1).map((r) => ({ ...r, effectiveFrom: 0 }))
      : before),
    first,
    ...after.map((rules) => changed(rules, change)),
  ];
};

/** The dated rules under which a scenario runs: the shipped ones, one of them alone, or a change tried. */
export const ruleBookOf = (scenario: Scenario): RuleBook => {
  const { ruleVersion, tariff, rules } = scenario;
  const pinned = shippedRuleBook.filter(({ version }) => version === ruleVersion);
  const base = ruleVersion === undefined ? shippedRuleBook : pinned;
  const priced = tariff === undefined ? base : changedFrom(base, { tariff });
  return rules === undefined ? priced : changedFrom(priced, rules);
};
