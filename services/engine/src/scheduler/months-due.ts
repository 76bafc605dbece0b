import {
  decodeEvent,
  type HandlingFailure,
  type Refusal,
  type Refused,
} from '@daybook/command-handling';
import { isCommandEvent } from '@daybook/domain/all-events';
import {
  companyStream,
  monthAfter,
  monthBounds,
  monthOf,
  type Month,
} from '@daybook/domain/kernel';
import { company as decider, companyEvents, type CompanyEvent } from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import { system, type Call } from '../call.js';
import { senders } from '../company-commands.js';
import type { CommandDeps } from '../deps.js';

/** One change of a company, and when it was true. */
export type CompanyChange = Readonly<{ at: number; event: CompanyEvent }>;

/** A month's free credits: with which plan, and from when in the month. */
export type MonthDue = Readonly<{
  month: Month;
  plan: string;
  timeZone: string;
  effectiveAt: number;
}>;

type Registered = Extract<ReturnType<typeof decider.initialState>, { status: 'registered' }>;

/** The company as it was at an instant, whatever order its changes were recorded in. */
export const companyAt = (
  history: readonly CompanyChange[],
  instant: number,
): Registered | null => {
  let state = decider.initialState();
  for (const { at, event } of history)
    if (event.type === 'CompanyRegistered' || at <= instant) state = decider.evolve(state, event);
  return state.status === 'registered' ? state : null;
};

/** First instant of the month at which AI was on; null: it never was. */
const activeFrom = (
  history: readonly CompanyChange[],
  { start, end }: Readonly<{ start: number; end: number }>,
): number | null => {
  if (companyAt(history, start)?.aiActivated === true) return start;
  const activated = history
    .filter(({ at, event }) => event.type === 'AiActivated' && start < at && at < end)
    .map(({ at }) => at);
  return activated.length === 0 ? null : Math.min(...activated);
};

const monthDue = (
  history: readonly CompanyChange[],
  timeZone: string,
  month: Month,
): MonthDue | null => {
  const effectiveAt = activeFrom(history, monthBounds(month, timeZone));
  if (effectiveAt === null) return null;
  const plan = companyAt(history, effectiveAt)?.plan;
  return plan === undefined ? null : { month, plan, timeZone, effectiveAt };
};

/**
 * Free credits that a company has earned by `until` (rulebook §5), oldest first: one for each month at
 * whose first instant AI was on, with the plan of that instant; one from the activation on for a month in
 * which AI was switched on; none for a month in which AI was off throughout *(ours)*. It rests on what was
 * true then and not on who ran when, so an engine that was down issues the same months.
 */
export const monthsDue = (
  history: readonly CompanyChange[],
  until: number,
): readonly MonthDue[] => {
  const first = history.find(({ event }) => event.type === 'AiActivated');
  const registered = companyAt(history, until);
  if (first === undefined || registered === null) return [];
  const { timeZone } = registered;
  const last = monthOf(until, timeZone);
  const due: MonthDue[] = [];
  for (let month = monthOf(first.at, timeZone); month <= last; month = monthAfter(month)) {
    const found = monthDue(history, timeZone, month);
    if (found !== null && found.effectiveAt <= until) due.push(found);
  }
  return due;
};

/** A company's changes up to a revision of its stream, or all of them. */
export const companyHistory = async (
  store: CommandDeps['store'],
  company: string,
  upTo = Infinity,
): Promise<E.Either<HandlingFailure, readonly CompanyChange[]>> => {
  const history: CompanyChange[] = [];
  for await (const page of store.readStream(companyStream(company))) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (stored.revision > upTo) return E.right(history);
      if (isCommandEvent(stored.type)) continue;
      const decoded = decodeEvent(companyEvents, stored);
      if (E.isLeft(decoded)) return decoded;
      const { occurredAt } = JSON.parse(stored.metadata) as Readonly<{ occurredAt: number }>;
      history.push({ at: occurredAt, event: decoded.right as CompanyEvent });
    }
  }
  return E.right(history);
};

/** The call that grants a month: its id is the month, so whoever asks sends the same command. */
export const callForMonth = (company: string, { month, effectiveAt }: MonthDue): Call => {
  const commandId = `grant/${month}`;
  return { company, actor: system, commandId, correlationId: commandId, at: effectiveAt };
};

type Failed = HandlingFailure | Refused<Refusal>;

/** Grants months, in their order, once however often and by whom. */
export const grantMonths = async (
  deps: CommandDeps,
  company: string,
  months: readonly MonthDue[],
): Promise<E.Either<Failed, void>> => {
  for (const month of months) {
    const { plan, timeZone, effectiveAt } = month;
    const granted = await senders(deps, callForMonth(company, month)).credits({
      type: 'GrantMonthlyCredits',
      plan,
      timeZone,
      instant: effectiveAt,
      effectiveAt,
    });
    if (E.isLeft(granted)) return granted;
  }
  return E.right(undefined);
};
