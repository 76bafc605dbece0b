import * as E from 'fp-ts/lib/Either.js';
import {
  creditAccountUnder,
  lotFiguresAt,
  type CreditAccount,
  type CreditCommand,
  type CreditEvent,
  type CreditRefusal,
  type LotFigures,
  type StatementEntry,
} from '../../src/credits/index.js';
import { ruleBook, type RuleBook } from '../../src/rules/index.js';

/** An account that commands are run against one after the other, with the events that it keeps. */
export type Ledger = Readonly<{
  /** Runs a command: its events, already folded in. A refusal throws. */
  run: (command: CreditCommand) => readonly CreditEvent[];
  refusalOf: (command: CreditCommand) => CreditRefusal;
  account: () => CreditAccount;
  events: () => readonly CreditEvent[];
  /** The events as a stream: revision by order, recorded an hour apart from `since`. */
  entries: (since?: number) => readonly StatementEntry[];
  lot: (lotId: string, at: number) => LotFigures;
}>;

export const openLedger = (rules: RuleBook = ruleBook): Ledger => {
  const decider = creditAccountUnder(rules);
  const kept: CreditEvent[] = [];
  let account = decider.initialState();
  return {
    run: (command) => {
      const decision = decider.decide(command, account);
      if (E.isLeft(decision)) throw new Error(`refused: ${decision.left._tag}`);
      for (const event of decision.right) {
        account = decider.evolve(account, event);
        kept.push(event);
      }
      return decision.right;
    },
    refusalOf: (command) => {
      const decision = decider.decide(command, account);
      if (E.isRight(decision)) throw new Error('not refused');
      return decision.left;
    },
    account: () => account,
    events: () => kept,
    entries: (since = 0) =>
      kept.map((event, revision) => ({
        event,
        eventId: `e${revision}`,
        revision,
        recordedAt: since + revision * 3_600_000,
      })),
    lot: (lotId, at) => {
      const found = lotFiguresAt(account, at).find((lot) => lot.lotId === lotId);
      if (found === undefined) throw new Error(`no lot ${lotId}`);
      return found;
    },
  };
};

/** The lots that a hold took from, and how much of each. */
export const paidBy = (events: readonly CreditEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'CreditsHeld'
      ? event.data.allocations.map(({ lotId, amount }) => `${lotId}=${amount}`)
      : [],
  );

export const typesOf = (events: readonly CreditEvent[]): readonly string[] =>
  events.map(({ type }) => type);
