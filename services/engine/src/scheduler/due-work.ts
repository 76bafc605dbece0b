import type { HandlingFailure } from '@daybook/command-handling';
import {
  creditAccountUnder,
  type CreditAccount,
  type CreditCommand,
} from '@daybook/domain/credits';
import {
  companyStream,
  creditsStream,
  invariant,
  monthAfter,
  monthOf,
  monthStart,
  streamOf,
} from '@daybook/domain/kernel';
import { session as sessionDecider, type SessionState } from '@daybook/domain/session-insights';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../aggregates.js';
import { contextOf, system, type Call } from '../call.js';
import { senders } from '../company-commands.js';
import type { CommandAnswer, CommandDeps } from '../deps.js';
import { readFacts } from '../facts.js';
import type { Due } from './agenda.js';
import { companyAt, companyHistory, grantMonths, monthsDue } from './months-due.js';

/** What became of something that was due: it is over, or it is due again. */
export type Worked = E.Either<HandlingFailure, Readonly<{ againAt: number | null }>>;

const over: Worked = E.right({ againAt: null });

/** Who acts is the system; the id says what is due, so whoever acts on it sends the same command. */
const callFor = (
  due: Due,
  named: Readonly<{ commandId: string; correlationId?: string; at?: number }>,
): Call => {
  const { commandId, correlationId = commandId, at = due.at } = named;
  return { company: due.company, actor: system, commandId, correlationId, at };
};

const worked = (answer: CommandAnswer): Worked => {
  if (E.isRight(answer)) return over;
  invariant(answer.left._tag !== 'Refused', 'what is due is never refused');
  return E.left(answer.left);
};

/** The months up to the row's instant; the next one is due at its first instant, while AI is on. */
const grantMonth = async (deps: CommandDeps, due: Due): Promise<Worked> => {
  const { company, at } = due;
  const history = await companyHistory(deps.store, company);
  if (E.isLeft(history)) return history;
  const granted = await grantMonths(deps, company, monthsDue(history.right, at));
  if (E.isLeft(granted)) {
    invariant(granted.left._tag !== 'Refused', 'a monthly grant is never refused');
    return E.left(granted.left);
  }
  const then = companyAt(history.right, at);
  if (then === null || !then.aiActivated) return over;
  const { timeZone } = then;
  return E.right({ againAt: monthStart(monthAfter(monthOf(at, timeZone)), timeZone) });
};

/** A charge that was settled meanwhile has nothing left to time out, which is no refusal. */
const releaseHold = async (deps: CommandDeps, due: Due): Promise<Worked> => {
  const { key: chargeId, at } = due;
  const command = { type: 'ReleaseHold', chargeId, reason: 'timed-out', releasedAt: at } as const;
  const { decide: decideUnder } = creditAccountUnder(deps.ruleBook);
  const decide = (account: CreditAccount) =>
    account.openHolds.has(chargeId) ? decideUnder(command, account) : E.right([]);
  const commandId = `hold-time-out/${chargeId}`;
  return worked(
    await deps.handler.handle({
      aggregate: aggregates.accounts,
      stream: creditsStream(due.company),
      context: contextOf(callFor(due, { commandId })),
      command: command.type,
      decide,
    })(),
  );
};

const toAccount = async (deps: CommandDeps, call: Call, command: CreditCommand): Promise<Worked> =>
  worked(await senders(deps, call).credits(command));

/** Dated where its time ran out, whenever this runs; an answer that came first stands. */
const timeOutPrompt = async (deps: CommandDeps, due: Due): Promise<Worked> => {
  const { company, key: sessionId, at } = due;
  const stream = streamOf('session', company, sessionId);
  const loaded = await deps.handler.load(aggregates.sessions, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status === 'not-started') return over;
  const read = await readFacts(deps)(company, state.started, at)();
  if (E.isLeft(read)) return read;
  const command = { type: 'TimeOutPrompt', at, read: read.right } as const;
  const isOpen = (now: SessionState): boolean =>
    now.status === 'running' && now.prompt !== null && now.consent === 'not-asked';
  const call = callFor(due, {
    commandId: `prompt-time-out/${sessionId}`,
    correlationId: sessionId,
  });
  return worked(
    await deps.handler.handle({
      aggregate: aggregates.sessions,
      stream,
      context: contextOf(call),
      command: command.type,
      decide: (now) => (isOpen(now) ? sessionDecider.decide(command, now) : E.right([])),
    })(),
  );
};

/** Alerts tell of now: one of a past instant would be about thresholds that have moved since. */
const raiseAlerts = async (deps: CommandDeps, due: Due, now: number): Promise<Worked> => {
  const stream = companyStream(due.company);
  const loaded = await deps.handler.load(aggregates.companies, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status !== 'registered') return over;
  const { timeZone } = state;
  const about = due.kind === 'used-alert' ? `${due.position}` : due.key;
  const call = callFor(due, { commandId: `${due.kind}/${about}`, at: now });
  return toAccount(deps, call, { type: 'RaiseAlerts', now, timeZone });
};

/**
 * Does one thing that is due. Every command's id derives from what is due and its date from when it was
 * due, so it is done once in effect, however many do it and however late; the deciders are the last guard.
 */
export const workOff =
  (deps: CommandDeps) =>
  (due: Due, now: number): Promise<Worked> => {
    switch (due.kind) {
      case 'month':
        return grantMonth(deps, due);
      case 'hold':
        return releaseHold(deps, due);
      case 'lapse': {
        const call = callFor(due, { commandId: `lapse/${due.key}` });
        return toAccount(deps, call, { type: 'RecordLapses', now: due.at });
      }
      case 'prompt':
        return timeOutPrompt(deps, due);
      case 'expiry-alert':
      case 'used-alert':
        return raiseAlerts(deps, due, now);
    }
  };
