import { leftIn, type AuditAccount, type ChargeStatus } from './book.js';
import type { AuditedEvent, Findings } from './findings.js';
import type { ReadModels } from '../read-models.js';

/** One lot as the credit ledger has it. */
export type LedgerLot = Readonly<{
  lotId: string;
  granted: number;
  used: number;
  held: number;
  voided: number;
  lapsed: number;
}>;

/** What the credit ledger's rows say of a company. */
export type LedgerAccount = Readonly<{
  company: string;
  revision: number;
  charges: Readonly<Record<ChargeStatus, number>>;
  lots: readonly LedgerLot[];
}>;

export type LedgerFigures = Readonly<{
  /** Position of the log that the rows were read at. */
  position: number;
  accounts: readonly LedgerAccount[];
}>;

/** Every lot has ended by then, so what is left in it has lapsed. */
const END_OF_YEAR_9999 = 253_402_300_799_999;

/** The ledger's rows of every company, in one snapshot. */
export const ledgerFigures = (models: Pick<ReadModels, 'creditLedger'>): LedgerFigures => {
  const { answer, position } = models.creditLedger.read((ledger) =>
    ledger.accounts().map(({ company, revision }) => ({
      company,
      revision,
      charges: ledger.chargeCounts(company),
      lots: ledger.balance(company, END_OF_YEAR_9999).lots,
    })),
  );
  return { position, accounts: answer };
};

const statuses = ['held', 'captured', 'released', 'reversed'] as const;

const countsOf = (account: AuditAccount): Record<ChargeStatus, number> => {
  const counts = { held: 0, captured: 0, released: 0, reversed: 0 };
  for (const { status } of account.charges.values()) counts[status] += 1;
  return counts;
};

type Told = Readonly<{ account: AuditAccount; findings: Findings }>;

const differ = (
  { account, findings }: Told,
  subject: string,
  what: Readonly<{ detail: string; events: readonly AuditedEvent[] }>,
): void => findings.add({ class: 'ledger-differs', company: account.company, subject, ...what });

const compareLots = (told: Told, ledger: LedgerAccount): void => {
  const rows = new Map(ledger.lots.map((lot) => [lot.lotId, lot]));
  for (const [lotId, lot] of told.account.lots) {
    // A month of a plan without free credits is a lot of nothing, which the ledger does not show.
    if (lot.granted === 0) continue;
    const row = rows.get(lotId);
    rows.delete(lotId);
    const { granted, used, held, voided } = lot;
    const expected = { granted, used, held, voided, lapsed: lot.lapsed + leftIn(lot) };
    const wrong = Object.entries(expected)
      .filter(([figure, amount]) => row?.[figure as keyof typeof expected] !== amount)
      .map(([figure, amount]) => {
        const said = row?.[figure as keyof typeof expected] ?? 'no row';
        return `${figure}: ${amount} by the events, ${said} in the ledger`;
      });
    if (wrong.length > 0) differ(told, lotId, { detail: wrong.join('; '), events: [lot.opened] });
  }
  for (const lotId of rows.keys())
    differ(told, lotId, { detail: 'a row that no event made', events: [] });
};

const compareAccount = (told: Told, ledger: LedgerAccount | undefined): void => {
  const { account } = told;
  if (ledger === undefined) {
    differ(told, account.company, { detail: 'the ledger has no such account', events: [] });
    return;
  }
  if (ledger.revision !== account.revision) {
    const detail = `revision ${account.revision} by the events, ${ledger.revision} in the ledger`;
    differ(told, account.company, { detail, events: [] });
  }
  const counts = countsOf(account);
  for (const status of statuses) {
    if (counts[status] === ledger.charges[status]) continue;
    const detail = `${counts[status]} charges ${status} by the events, ${ledger.charges[status]} in the ledger`;
    differ(told, account.company, { detail, events: [] });
  }
  compareLots(told, ledger);
};

/** The read model against what the events say, row by row. */
export const compareLedger = (
  accounts: ReadonlyMap<string, AuditAccount>,
  ledger: LedgerFigures,
  findings: Findings,
): void => {
  const rows = new Map(ledger.accounts.map((account) => [account.company, account]));
  for (const account of accounts.values()) {
    if (account.revision < 0) continue;
    compareAccount({ account, findings }, rows.get(account.company));
    rows.delete(account.company);
  }
  for (const company of rows.keys()) {
    const detail = 'an account that no event made';
    findings.add({ class: 'ledger-differs', company, subject: company, detail, events: [] });
  }
};
