import { isDeepStrictEqual } from 'node:util';
import { decodeEvent, type HandlingFailure } from '@daybook/command-handling';
import { commandEvents } from '@daybook/domain/all-events';
import {
  balanceAt,
  creditAccount,
  creditAccountUnder,
  creditEvents,
  type Balance,
  type CreditAccount,
  type CreditEvent,
  type CreditEventData,
  type LotAmount,
} from '@daybook/domain/credits';
import { creditsStream, decodeWith } from '@daybook/domain/kernel';
import type { RuleBook } from '@daybook/domain/rules';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { StreamReader } from '../fold-stream.js';
import { metadataOf } from './moment.js';

/** Where a credit decision stands, and the account that it rested on. */
type Decided = Readonly<{
  at: number;
  position: number;
  eventId: string;
  ruleVersion: string;
  /** The account's last revision before the decision: what its balance was evaluated from. */
  accountRevision: number;
  /** What could pay at that instant, lots in the order in which they pay (rulebook §5). */
  balance: Balance;
  /** The same rules on the same account give the same answer. */
  agrees: boolean;
}>;

/** Credits that were set aside for a session, from which lots, and what became of them. */
export type ExplainedCharge = Decided &
  Readonly<{
    chargeId: string;
    generation: number;
    amount: number;
    tariff: string;
    allocations: readonly LotAmount[];
    timesOutAt: number;
    status: 'held' | 'captured' | 'released' | 'reversed';
    settledAt: number | null;
    reason: string | null;
  }>;

/** Credits that a session asked for and did not get. */
export type RefusedCharge = Decided & Readonly<{ needed: number; missing: number }>;

export type ExplainedCredits = Readonly<{
  stream: string;
  charges: readonly ExplainedCharge[];
  refusals: readonly RefusedCharge[];
}>;

type Deps = Readonly<{ reader: StreamReader; ruleBook: RuleBook }>;
type Explaining = {
  readonly sessionId: string;
  account: CreditAccount;
  revision: number;
  readonly charges: ExplainedCharge[];
  readonly refusals: RefusedCharge[];
};

/** The hold decided again on the account before it; a later block of assistant messages names what it owes. */
const heldAgain = (
  deps: Deps,
  explaining: Explaining,
  asked: Readonly<{ heldAt: number; ruleVersion: string; amount?: number }>,
) => {
  const rules = deps.ruleBook.filter(({ version }) => version === asked.ruleVersion);
  const { sessionId, account } = explaining;
  const { heldAt, amount } = asked;
  const command = { type: 'HoldCredits', sessionId, heldAt } as const;
  return creditAccountUnder(rules).decide(
    amount === undefined ? command : { ...command, amount },
    account,
  );
};

const decidedFrom = (
  explaining: Explaining,
  stored: StoredEvent,
  at: number,
): Omit<Decided, 'agrees'> => ({
  at,
  position: stored.position,
  eventId: stored.id,
  ruleVersion: metadataOf(stored).ruleVersion,
  accountRevision: explaining.revision,
  balance: balanceAt(explaining.account, at),
});

const explainHold = (
  deps: Deps,
  explaining: Explaining,
  found: Readonly<{ stored: StoredEvent; data: CreditEventData['CreditsHeld'] }>,
): void => {
  const { stored, data } = found;
  const { heldAt, amount, generation, chargeId, tariff, allocations, timesOutAt } = data;
  const decided = decidedFrom(explaining, stored, heldAt);
  const { ruleVersion } = decided;
  const owed = tariff === 'per-session' ? {} : { amount };
  const again = heldAgain(deps, explaining, { heldAt, ruleVersion, ...owed });
  const agrees =
    E.isRight(again) &&
    again.right.some(
      (event) => event.type === 'CreditsHeld' && isDeepStrictEqual(event.data, data),
    );
  const settled = { status: 'held', settledAt: null, reason: null } as const;
  const charge = { chargeId, generation, amount, tariff, allocations, timesOutAt };
  explaining.charges.push({ ...decided, ...charge, ...settled, agrees });
};

const settle = (
  explaining: Explaining,
  chargeId: string,
  settled: Pick<ExplainedCharge, 'status' | 'settledAt' | 'reason'>,
): void => {
  const index = explaining.charges.findIndex((charge) => charge.chargeId === chargeId);
  const charge = explaining.charges[index];
  if (charge !== undefined) explaining.charges[index] = { ...charge, ...settled };
};

const look = (
  deps: Deps,
  explaining: Explaining,
  { stored, event }: Readonly<{ stored: StoredEvent; event: CreditEvent }>,
): void => {
  switch (event.type) {
    case 'CreditsHeld':
      if (event.data.sessionId === explaining.sessionId)
        explainHold(deps, explaining, { stored, data: event.data });
      return;
    case 'HoldCaptured': {
      const { chargeId, capturedAt: settledAt } = event.data;
      settle(explaining, chargeId, { status: 'captured', settledAt, reason: null });
      return;
    }
    case 'HoldReleased': {
      const { chargeId, releasedAt: settledAt, reason } = event.data;
      settle(explaining, chargeId, { status: 'released', settledAt, reason });
      return;
    }
    case 'ChargeReversed': {
      const { chargeId, reversedAt: settledAt, reason } = event.data;
      settle(explaining, chargeId, { status: 'reversed', settledAt, reason });
      return;
    }
    default:
  }
};

type Refused = Readonly<{
  command: string;
  refusal: string;
  detail: Readonly<Record<string, unknown>>;
}>;

const numberIn = (detail: Refused['detail'], key: string): number => {
  const value = detail[key];
  return typeof value === 'number' ? value : 0;
};

/** A refusal is written down with its own data; the same account must refuse the same for the same numbers. */
const explainRefusal = (
  deps: Deps,
  explaining: Explaining,
  found: Readonly<{ stored: StoredEvent; refused: Refused }>,
): void => {
  const { stored, refused } = found;
  const { detail, refusal } = refused;
  if (refusal !== 'InsufficientCredits' || detail['sessionId'] !== explaining.sessionId) return;
  const heldAt = metadataOf(stored).occurredAt;
  const decided = decidedFrom(explaining, stored, heldAt);
  const needed = numberIn(detail, 'needed');
  const again = heldAgain(deps, explaining, { heldAt, ruleVersion: decided.ruleVersion });
  const agrees =
    E.isLeft(again) && isDeepStrictEqual({ ...again.left }, { _tag: refusal, ...detail });
  explaining.refusals.push({ ...decided, needed, missing: numberIn(detail, 'missing'), agrees });
};

const table = { ...creditEvents, ...commandEvents };

const lookAt = (
  deps: Deps,
  explaining: Explaining,
  stored: StoredEvent,
): E.Either<HandlingFailure, void> => {
  const { stream, revision, type } = stored;
  const decoded = decodeEvent(table, stored);
  if (E.isLeft(decoded)) return decoded;
  if (type === 'CommandRefused') {
    const refused = decodeWith(commandEvents.CommandRefused, decoded.right.data);
    if (E.isLeft(refused))
      return E.left({ _tag: 'CorruptEvent', stream, revision, type, paths: refused.left });
    explainRefusal(deps, explaining, { stored, refused: refused.right });
  } else {
    const event = decoded.right as CreditEvent;
    look(deps, explaining, { stored, event });
    explaining.account = creditAccount.evolve(explaining.account, event);
  }
  explaining.revision = revision;
  return E.right(undefined);
};

/**
 * The credit side of a session (rulebook §5): every hold and every refusal of it, each decided again on
 * the account as it was just before, under the rules of then. Reads the account from its beginning, one
 * page at a time.
 */
export const explainCharges =
  (deps: Deps) =>
  async (
    company: string,
    sessionId: string,
  ): Promise<E.Either<HandlingFailure, ExplainedCredits>> => {
    const stream = creditsStream(company);
    const account = creditAccount.initialState();
    const explaining: Explaining = { sessionId, account, revision: -1, charges: [], refusals: [] };
    for await (const page of deps.reader.readStream(stream)) {
      if (E.isLeft(page)) return page;
      for (const stored of page.right.events) {
        const looked = lookAt(deps, explaining, stored);
        if (E.isLeft(looked)) return looked;
      }
    }
    const { charges, refusals } = explaining;
    return E.right({ stream, charges, refusals });
  };
