import { decodeEvent } from '@daybook/command-handling';
import { decodeWith, EventMetadata, invariant, partsOf } from '@daybook/domain/kernel';
import { companyEvents } from '@daybook/domain/organization';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { stepOf, system, type Call } from './call.js';
import { senders } from './company-commands.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import type { ProcessDefinition, ProcessFailure } from './process-runner.js';
import {
  callForMonth,
  companyAt,
  companyHistory,
  monthsDue,
  type CompanyChange,
  type MonthDue,
} from './scheduler/months-due.js';

type Handled = Promise<E.Either<ProcessFailure, void>>;

const callFor = (event: StoredEvent): Call => {
  const metadata = decodeWith(EventMetadata, JSON.parse(event.metadata) as unknown);
  invariant(E.isRight(metadata), `${event.type} in the log has readable metadata`);
  const { company } = partsOf(event.stream);
  const { correlationId, occurredAt } = metadata.right;
  const commandId = `grants/${event.id}`;
  return {
    company,
    actor: system,
    commandId,
    correlationId,
    causationId: event.id,
    at: occurredAt,
  };
};

const done = (answer: CommandAnswer): E.Either<ProcessFailure, void> => {
  if (E.isRight(answer)) return E.right(undefined);
  invariant(answer.left._tag !== 'Refused', 'a monthly grant is never refused');
  return E.left(answer.left);
};

/** A month that is earned in the same instant as the event is granted by its call: the event is the cause. */
const callToGrant = (call: Call, event: StoredEvent, month: MonthDue): Call => {
  const usual = callForMonth(call.company, month);
  const isCause = event.type === 'AiActivated' && month.effectiveAt === call.at;
  return isCause ? { ...call, commandId: usual.commandId } : usual;
};

/**
 * Everything that the company had earned by the event, seen from its revision: a process that runs
 * late grants what was due then.
 */
const grantUpTo = async (
  deps: CommandDeps,
  event: StoredEvent,
  history: readonly CompanyChange[],
): Handled => {
  const call = callFor(event);
  for (const month of monthsDue(history, call.at)) {
    const { plan, timeZone, effectiveAt } = month;
    const answer = await senders(deps, callToGrant(call, event, month)).credits({
      type: 'GrantMonthlyCredits',
      plan,
      timeZone,
      instant: effectiveAt,
      effectiveAt,
    });
    if (E.isLeft(answer)) return done(answer);
  }
  return E.right(undefined);
};

/** An upgrade adds the difference for the rest of the month; the account knows that a downgrade adds nothing. */
const raiseAtChange = async (
  deps: CommandDeps,
  event: StoredEvent,
  history: readonly CompanyChange[],
): Handled => {
  const change = decodeEvent(companyEvents, event);
  if (E.isLeft(change)) return change;
  const { from, to } = change.right.data as Readonly<{ from: string; to: string }>;
  const call = callFor(event);
  const company = companyAt(history, call.at);
  if (company === null || !company.aiActivated) return E.right(undefined);
  return done(
    await senders(deps, stepOf(call, 'raise')).credits({
      type: 'RaiseMonthlyGrant',
      fromPlan: from,
      toPlan: to,
      timeZone: company.timeZone,
      raisedAt: call.at,
    }),
  );
};

const react = async (deps: CommandDeps, event: StoredEvent): Handled => {
  const { company } = partsOf(event.stream);
  const history = await companyHistory(deps.store, company, event.revision);
  if (E.isLeft(history)) return history;
  const granted = await grantUpTo(deps, event, history.right);
  if (E.isLeft(granted) || event.type === 'AiActivated') return granted;
  return raiseAtChange(deps, event, history.right);
};

const handle =
  (deps: CommandDeps) =>
  async (events: readonly StoredEvent[]): Handled => {
    for (const event of events) {
      const handled = await react(deps, event);
      if (E.isLeft(handled)) return handled;
    }
    return E.right(undefined);
  };

/** Issues free credits when AI is activated or the plan is raised (rulebook §5). */
export const grantsProcess = (deps: CommandDeps): ProcessDefinition => ({
  name: 'grants',
  types: ['AiActivated', 'PlanChanged', 'PlanChangedV2'],
  handle: handle(deps),
});
