import type { HandlingFailure, Loaded, Refusal, Refused } from '@daybook/command-handling';
import { liveCharge, type InsufficientCredits, type LiveCharge } from '@daybook/domain/credits';
import {
  companyStream,
  creditsStream,
  invariant,
  monthAfter,
  monthOf,
  type Instant,
} from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf, type Call } from './call.js';
import { senders } from './company-commands.js';
import type { CommandDeps } from './deps.js';
import { companyHistory, grantMonths, monthsDue } from './scheduler/months-due.js';

type Failed = HandlingFailure | Refused<Refusal>;

/** The charge that pays for a session, or why there is none. `position` is at or after the answer. */
export type HoldAnswer =
  | Readonly<{ held: true; chargeId: string; position: number }>
  | Readonly<{ held: false; refusal: InsufficientCredits; position: number }>;

const isInsufficient = (refusal: Refusal): refusal is InsufficientCredits =>
  refusal._tag === 'InsufficientCredits';

/** Is a month between the first granted one and that of `at` without its grant? */
const isMonthMissing = (granted: ReadonlySet<string>, timeZone: string, at: Instant): boolean => {
  const first = [...granted].sort()[0];
  if (first === undefined) return false;
  const last = monthOf(at, timeZone);
  for (let month = first; month <= last; month = monthAfter(month))
    if (!granted.has(month)) return true;
  return false;
};

/**
 * Issues the free credits of every month up to `at` that AI was on in and that has none, with their own
 * dates (rulebook §5), once however often it is asked: the command's id is the month. The first grant
 * of all is that of the activation, and the grants process's to issue.
 */
export const ensureMonthlyGrants =
  (deps: CommandDeps) =>
  async (company: string, at: Instant): Promise<E.Either<Failed, void>> => {
    const [ofCompany, ofAccount] = await Promise.all([
      deps.handler.load(aggregates.companies, companyStream(company))(),
      deps.handler.read(
        aggregates.accounts,
        creditsStream(company),
        ({ months }) => new Set(months.keys()),
      )(),
    ]);
    if (E.isLeft(ofCompany)) return ofCompany;
    if (E.isLeft(ofAccount)) return ofAccount;
    const registered = ofCompany.right.state;
    const granted = ofAccount.right.state;
    if (registered.status !== 'registered') return E.right(undefined);
    if (!isMonthMissing(granted, registered.timeZone, at)) return E.right(undefined);
    const history = await companyHistory(deps.store, company);
    if (E.isLeft(history)) return history;
    const missing = monthsDue(history.right, at).filter(({ month }) => !granted.has(month));
    return grantMonths(deps, company, missing);
  };

const chargeIn = (
  events: readonly Readonly<{ type: string; data: unknown }>[],
): string | undefined => {
  const event = events.find(({ type }) => type === 'CreditsHeld');
  return (event?.data as Readonly<{ chargeId: string }> | undefined)?.chargeId;
};

/** The charge of a session that is held or captured, from the account as it is now. */
export const liveChargeOf = (
  deps: CommandDeps,
  company: string,
  sessionId: string,
): Promise<E.Either<HandlingFailure, Loaded<LiveCharge | undefined>>> =>
  deps.handler.read(aggregates.accounts, creditsStream(company), (account) =>
    liveCharge(account, sessionId),
  )();

/**
 * Sets aside the credit of a session's first AI use; a session that is charged already keeps its
 * charge. The command is queued before this returns, so holds are decided in the order of the calls.
 */
export const placeHold =
  (deps: CommandDeps) =>
  async (call: Call, sessionId: string): Promise<E.Either<Failed, HoldAnswer>> => {
    const held = await senders(deps, stepOf(call, 'hold')).credits({
      type: 'HoldCredits',
      sessionId,
      heldAt: call.at,
    });
    const live = await liveChargeOf(deps, call.company, sessionId);
    if (E.isLeft(live)) return live;
    const { state: charge, position } = live.right;
    if (E.isLeft(held)) {
      if (held.left._tag !== 'Refused' || !isInsufficient(held.left.refusal)) return held;
      return E.right({ held: false, refusal: held.left.refusal, position });
    }
    if (charge !== undefined) {
      const { chargeId } = charge;
      return E.right({ held: true, chargeId, position: Math.max(position, held.right.position) });
    }
    // The first answer was a hold that has been released since: a new AI use charges again (rulebook §5).
    const released = chargeIn(held.right.events);
    invariant(released !== undefined, 'a hold that was accepted names its charge');
    return placeHold(deps)(stepOf(call, `again/${released}`), sessionId);
  };

/** The same, after the free credits of every month up to the use have been issued. */
export const holdForSession =
  (deps: CommandDeps) =>
  async (call: Call, sessionId: string): Promise<E.Either<Failed, HoldAnswer>> => {
    const granted = await ensureMonthlyGrants(deps)(call.company, call.at);
    return E.isLeft(granted) ? granted : placeHold(deps)(call, sessionId);
  };

/** The AI use succeeded: the credit is spent. Repeated, it changes nothing. */
export const captureCharge =
  (deps: CommandDeps) =>
  async (call: Call, chargeId: string): Promise<E.Either<Failed, number>> => {
    const captured = await senders(deps, stepOf(call, 'capture')).credits({
      type: 'CaptureHold',
      chargeId,
      capturedAt: call.at,
    });
    return E.isLeft(captured) ? captured : E.right(captured.right.position);
  };

/** Captures the session's hold if one is open. The position is at or after the session's last charge. */
export const captureIfHeld =
  (deps: CommandDeps) =>
  async (call: Call, sessionId: string): Promise<E.Either<Failed, number>> => {
    const live = await liveChargeOf(deps, call.company, sessionId);
    if (E.isLeft(live)) return live;
    const { state: charge, position } = live.right;
    return charge?.status === 'held'
      ? captureCharge(deps)(call, charge.chargeId)
      : E.right(position);
  };

/** Nothing succeeded: the credit goes back to its lots. A charge that was captured before stays. */
export const releaseCharge =
  (deps: CommandDeps) =>
  async (call: Call, chargeId: string): Promise<E.Either<Failed, number>> => {
    const released = await senders(deps, stepOf(call, 'release')).credits({
      type: 'ReleaseHold',
      chargeId,
      reason: 'nothing-succeeded',
      releasedAt: call.at,
    });
    if (E.isRight(released)) return E.right(released.right.position);
    const { left } = released;
    return left._tag === 'Refused' && left.refusal._tag === 'HoldAlreadyCaptured'
      ? E.right(0)
      : released;
  };
