/**
 * The credit ledger: what each lot was granted and gave, each charge and where it stands, and balances as of
 * any instant (rulebook §5). Lapse is computed from dates, so no answer waits for a job.
 */
import { creditEvents } from '@daybook/domain/credits';
import type { ProjectionDefinition } from '@daybook/projection';
import { prepareAccounts, type AccountsQuery } from './accounts.js';
import { prepareBalance, type BalanceQuery } from './balance.js';
import { prepareChargeCounts, type ChargeCountsQuery } from './charge-counts.js';
import { prepareChargedTwice, type ChargedTwiceQuery } from './charged-twice.js';
import { prepareChargesOfSession, type ChargesOfSessionQuery } from './charges.js';
import { prepareEntriesOfMonth, type EntriesOfMonthQuery } from './entries.js';
import { openLedger } from './handle-events.js';
import { schema } from './schema.js';

export type { Account } from './accounts.js';
export type { BalanceAsOf, LotAsOf } from './balance.js';
export type { ChargeCounts } from './charge-counts.js';
export type { ChargedTwice } from './charged-twice.js';
export type { Charge } from './charges.js';
export type { EntriesOfMonth, LedgerEntry } from './entries.js';
export type { EntryKind } from './movements.js';
export type { ChargeStatus } from './rows.js';

export type CreditLedgerQueries = Readonly<{
  balance: BalanceQuery;
  entriesOfMonth: EntriesOfMonthQuery;
  chargesOfSession: ChargesOfSessionQuery;
  chargeCounts: ChargeCountsQuery;
  chargedTwice: ChargedTwiceQuery;
  accounts: AccountsQuery;
}>;

export type CreditLedgerEvent = keyof typeof creditEvents;

export const creditLedger: ProjectionDefinition<CreditLedgerEvent, CreditLedgerQueries> = {
  name: 'credit-ledger',
  version: 2,
  handles: Object.keys(creditEvents) as readonly CreditLedgerEvent[],
  schema,
  open: openLedger,
  queries: (db) => ({
    balance: prepareBalance(db),
    entriesOfMonth: prepareEntriesOfMonth(db),
    chargesOfSession: prepareChargesOfSession(db),
    chargeCounts: prepareChargeCounts(db),
    chargedTwice: prepareChargedTwice(db),
    accounts: prepareAccounts(db),
  }),
};
