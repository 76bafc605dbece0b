import { explainCompany, type CompanyExplanation } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { failureOf } from '../data/failure.js';
import { headOf } from '../data/head.js';
import { momentFrom, type MomentOptions } from '../data/moment.js';
import { refusal, type Outcome } from '../outcome.js';
import { changesText, lastSet } from '../report/changes.js';
import { momentInWords } from '../report/moment.js';
import { table } from '../text/table.js';
import { verdict } from './explain.js';

type Change = CompanyExplanation['changes'][number];

const sayChange = ({ event }: Change): string => {
  switch (event.type) {
    case 'CompanyRegistered':
      return `Registered, plan ${event.data.plan}, time zone ${event.data.timeZone}`;
    case 'PlanChanged':
    case 'PlanChangedV2':
      return `Plan changed from ${event.data.from} to ${event.data.to}`;
    case 'AiActivated':
      return `AI activated, terms ${event.data.termsVersion} accepted`;
    case 'AiDeactivated':
      return 'AI deactivated';
    case 'SummariesOptionSet':
      return `Summaries for ${event.data.path} connections switched ${event.data.enabled ? 'on' : 'off'}`;
  }
};

const rowsOf = ({ state, changes }: CompanyExplanation, when: Asking['when']): string[][] => {
  if (state.status === 'not-registered') return [['Registered', 'not yet']];
  const last = (is: (change: Change) => boolean): string => lastSet(changes, is, when);
  const isPlan = ({ event }: Change): boolean =>
    /^(CompanyRegistered|PlanChanged)/.test(event.type);
  const isAi = ({ event }: Change): boolean => /^Ai/.test(event.type);
  const isOption =
    (path: 'outgoing' | 'incoming') =>
    ({ event }: Change): boolean =>
      event.type === 'SummariesOptionSet' && event.data.path === path;
  const ai = state.aiActivated ? `activated, terms ${state.termsVersion ?? '?'}` : 'not activated';
  const option = (path: 'outgoing' | 'incoming'): string[] => [
    `Summaries, ${path} (§2.2)`,
    `${state[path] ? 'on' : 'off'}; ${last(isOption(path))}`,
  ];
  return [
    ['Plan (§3)', `${state.plan}; ${last(isPlan)}`],
    ['Time zone (§5)', state.timeZone],
    ['AI (§2.1)', `${ai}; ${last(isAi)}`],
    option('outgoing'),
    option('incoming'),
  ];
};

/** `daybook explain company`: plan, AI activation and the two options, who set them, each decided again. */
export const explainCompanyCommand = async (
  context: Context,
  options: MomentOptions,
): Promise<Outcome> => {
  const moment = momentFrom(options);
  if (E.isLeft(moment)) return moment;
  return asking(context, async (asked) => {
    const { company, when, queries } = asked;
    const position = await headOf(asked);
    if (E.isLeft(position)) return position;
    const explained = await explainCompany(queries.reader)(company.id, moment.right);
    if (E.isLeft(explained)) return E.left(failureOf(explained.left));
    const found = explained.right;
    const at = momentInWords(moment.right, { when, end: position.right });
    if (found === null)
      return E.left(refusal(`There was no company ${company.id} yet, ${at ?? 'at all'}.`));
    const { output } = context;
    const { style } = output;
    output.json({ position: position.right, moment: moment.right, ...found });
    output.line(style.bold(at === null ? `Company ${company.id}` : `Company ${company.id}, ${at}`));
    output.line(table(rowsOf(found, when), { indent: '  ' }));
    output.line(style.bold('How it came to that'));
    output.line(changesText(found.changes, { style, when, say: sayChange }));
    output.line(style.dim(`Read at log position ${position.right}.`));
    return E.right(verdict(context, found.agrees));
  });
};
