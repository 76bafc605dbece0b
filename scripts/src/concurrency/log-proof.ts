/** Reads the log once and compares it with every answer that a client was given. */
import { openLogReader, type Place } from '@daybook/engine';
import { right } from '../synthetic/company.js';

export type SessionAnswer = Readonly<{
  session: string;
  status: number;
  refusal?: string;
  /** Position that an accepted answer named. */
  position?: number;
  /** Status of the same request sent once more. */
  again: number;
}>;

export type LogProof = Readonly<{
  captured: number;
  refusals: number;
  /** Prefixes of the log at which more was held than there was. */
  overdrawn: number;
  /** Refusals written while credits were available. */
  refusedInVain: number;
  /** Sessions with more than one charge. */
  chargedTwice: number;
  /** Accepted answers whose charge is not in the log, or after the position that the answer named. */
  unprovenAnswers: number;
  /** Refused answers of sessions that have a charge. */
  chargedThoughRefused: number;
}>;

type Charge = { holds: number; capturedAt: number | null };
type Data = Readonly<{ amount?: number; sessionId?: string; refusal?: string }>;

/** Alerts, which housekeeping may raise while the run goes on. */
const WITHOUT_CREDITS = new Set(['CreditThresholdCrossed', 'CreditThresholdRearmed']);
const GRANTS = new Set(['CreditsPurchased', 'MonthlyCreditsGranted', 'MonthlyGrantRaised']);

/** The balance at each prefix, and each session's charge. Nothing here lapses or is given back. */
class Ledger {
  available = 0;
  overdrawn = 0;
  refusals = 0;
  refusedInVain = 0;
  readonly charges = new Map<string, Charge>();

  add(type: string, data: Data, position: number): void {
    if (GRANTS.has(type)) this.available += data.amount ?? 0;
    else if (type === 'CreditsHeld') {
      this.available -= data.amount ?? 0;
      this.chargeOf(data).holds += 1;
    } else if (type === 'HoldCaptured') this.chargeOf(data).capturedAt = position;
    else if (type === 'CommandRefused' && data.refusal === 'InsufficientCredits') {
      this.refusals += 1;
      if (this.available > 0) this.refusedInVain += 1;
    } else if (!WITHOUT_CREDITS.has(type)) throw new Error(`the run has no place for ${type}`);
    if (this.available < 0) this.overdrawn += 1;
  }

  private chargeOf({ sessionId = '' }: Data): Charge {
    const charge = this.charges.get(sessionId) ?? { holds: 0, capturedAt: null };
    this.charges.set(sessionId, charge);
    return charge;
  }
}

const ledgerOf = async (place: Place): Promise<Ledger> => {
  const log = right(await openLogReader(place));
  const ledger = new Ledger();
  for await (const page of log.readAll({ filter: { categories: ['credits'] } }))
    for (const { type, data, position } of right(page).events)
      ledger.add(type, JSON.parse(data) as Data, position);
  await log.close();
  return ledger;
};

export const proveLog = async (
  place: Place,
  answers: readonly SessionAnswer[],
): Promise<LogProof> => {
  const ledger = await ledgerOf(place);
  const { overdrawn, refusals, refusedInVain } = ledger;
  const charges = [...ledger.charges.values()];
  const isProven = ({ session, position = 0 }: SessionAnswer): boolean =>
    (ledger.charges.get(session)?.capturedAt ?? Infinity) <= position;
  return {
    captured: charges.filter(({ capturedAt }) => capturedAt !== null).length,
    refusals,
    overdrawn,
    refusedInVain,
    chargedTwice: charges.filter(({ holds }) => holds > 1).length,
    unprovenAnswers: answers.filter((one) => one.status === 200 && !isProven(one)).length,
    chargedThoughRefused: answers.filter(
      ({ status, session }) => status !== 200 && ledger.charges.has(session),
    ).length,
  };
};
