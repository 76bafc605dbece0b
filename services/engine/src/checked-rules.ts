import { AnyPlan } from '@daybook/domain/organization';
import {
  checkRuleBook,
  ruleBookProblemInWords,
  type RuleBook,
  type RuleBookProblem,
} from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';

export type RuleBookInvalid = Readonly<{
  _tag: 'RuleBookInvalid';
  problems: readonly RuleBookProblem[];
  message: string;
}>;

/** A covered plan that no company can have is a slip of the pen: its companies would be left out. */
const unknownPlans = (ruleBook: RuleBook): readonly RuleBookProblem[] =>
  ruleBook.flatMap(({ version: entry, plansCovered }) =>
    plansCovered
      .filter((plan) => !AnyPlan.is(plan))
      .map((plan) => {
        const remedy = `name one of ${Object.keys(AnyPlan.keys).join(', ')}`;
        return { entry, field: 'plansCovered', value: JSON.stringify(plan), remedy };
      }),
  );

/** The rules that an engine starts with; it does not start with rules that may not decide. */
export const checkedRules = (ruleBook: RuleBook): E.Either<RuleBookInvalid, RuleBook> => {
  const problems = [...checkRuleBook(ruleBook), ...unknownPlans(ruleBook)];
  if (problems.length === 0) return E.right(ruleBook);
  const lines = problems.map((problem) => `  ${ruleBookProblemInWords(problem)}`);
  const message = ['The rule book cannot be used:', ...lines].join('\n');
  return E.left({ _tag: 'RuleBookInvalid', problems, message });
};
