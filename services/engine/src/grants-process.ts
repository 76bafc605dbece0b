import { decodeWith, EventMetadata, invariant, monthOf, partsOf } from '@daybook/domain/kernel';
import { companyEvents, type CompanyState } from '@daybook/domain/organization';
import type { HandlingFailure } from '@daybook/command-handling';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf, system, type Call } from './call.js';
import { senders } from './company-commands.js';
import { ensureMonthlyGrants } from './credit-flow.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { stateAt } from './fold-stream.js';
import type { ProcessDefinition, ProcessFailure } from './process-runner.js';

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

/** The company as it was when the event was written: a process that runs late grants what was due then. */
const companyAt = (
  deps: CommandDeps,
  event: StoredEvent,
): Promise<E.Either<HandlingFailure, CompanyState>> =>
  stateAt(deps.store, aggregates.companies, { stream: event.stream, revision: event.revision });

/** AI activated in mid-month grants that month's credits at once, from that instant on (rulebook §5). */
const grantAtActivation = async (deps: CommandDeps, call: Call, event: StoredEvent): Handled => {
  const at = await companyAt(deps, event);
  if (E.isLeft(at)) return at;
  const company = at.right;
  if (company.status !== 'registered') return E.right(undefined);
  const { plan, timeZone } = company;
  const instant = call.at;
  return done(
    await senders(deps, { ...call, commandId: `grant/${monthOf(instant, timeZone)}` }).credits({
      type: 'GrantMonthlyCredits',
      plan,
      timeZone,
      instant,
      effectiveAt: instant,
    }),
  );
};

/** An upgrade adds the difference for the rest of the month; the account knows that a downgrade adds nothing. */
const raiseAtChange = async (deps: CommandDeps, call: Call, event: StoredEvent): Handled => {
  // The second shape takes everything that the first does.
  const change = decodeWith(companyEvents.PlanChangedV2, JSON.parse(event.data) as unknown);
  invariant(E.isRight(change), 'a plan change in the log has readable data');
  const at = await companyAt(deps, event);
  if (E.isLeft(at)) return at;
  const company = at.right;
  if (company.status !== 'registered' || !company.aiActivated) return E.right(undefined);
  const granted = await ensureMonthlyGrants(deps)(call.company, call.at, change.right.from);
  if (E.isLeft(granted)) return done(granted);
  return done(
    await senders(deps, stepOf(call, 'raise')).credits({
      type: 'RaiseMonthlyGrant',
      fromPlan: change.right.from,
      toPlan: change.right.to,
      timeZone: company.timeZone,
      raisedAt: call.at,
    }),
  );
};

const handle =
  (deps: CommandDeps) =>
  async (events: readonly StoredEvent[]): Handled => {
    for (const event of events) {
      const call = callFor(event);
      const handled =
        event.type === 'PlanChanged' || event.type === 'PlanChangedV2'
          ? await raiseAtChange(deps, call, event)
          : await grantAtActivation(deps, call, event);
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
