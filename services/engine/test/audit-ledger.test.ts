import { creditLedger } from '@daybook/credit-ledger';
import type { CreditEvent } from '@daybook/domain/credits';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import { catchUp, openProjection, openReadModel } from '@daybook/projection';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { history } from '../../../packages/domain/test/credits/arbitraries.js';
import { auditLog, ledgerFigures, type LedgerFigures } from '../src/audit/index.js';
import {
  audited,
  captured,
  foundIn,
  FREE,
  held,
  logOf,
  month,
  onCredits,
  order,
  summarised,
  used,
} from './audit-log.js';
import { right } from './in-memory-engine.js';

// Goal: the audit, the credit ledger and the account agree on every legal history, and a wrong row is
// found. Method: arbitrary histories through the real read model; rows changed in its file.

const directory = mkdtempSync(join(tmpdir(), 'daybook-audit-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The figures of a ledger that is filled from the log, after `spoil` has changed its file. */
const ledgerOf = async (
  log: EventStore,
  spoil: (db: Database.Database) => void = () => undefined,
): Promise<LedgerFigures> => {
  const models = mkdtempSync(join(directory, 'models-'));
  const projection = right(openProjection(creditLedger, { directory: models }));
  right(await catchUp(projection, log)());
  const file = projection.file();
  projection.close();
  const db = new Database(file);
  spoil(db);
  db.close();
  const model = right(openReadModel(creditLedger, models));
  const figures = ledgerFigures({ creditLedger: model });
  model.close();
  return figures;
};

const log = (): Promise<EventStore> =>
  logOf([month(5), order('PO', 3), held('s'), used('s'), captured('s'), summarised('s')]);

describe('The read model', () => {
  it('that says what the events say has no finding', async () => {
    const given = await log();
    const report = await audited(given, await ledgerOf(given));
    expect(report).toMatchObject({ isClean: true, ledgerLots: 2, position: 6 });
  });

  it.each([
    ['UPDATE lots SET used = 2 WHERE kind = ?', `ledger-differs ${FREE} @1`],
    ['DELETE FROM lots WHERE kind = ?', `ledger-differs ${FREE} @1`],
    ['UPDATE accounts SET revision = 1 WHERE ? IS NOT NULL', 'ledger-differs acme @'],
    ['UPDATE accounts SET charges_captured = 2 WHERE ? <> 1', 'ledger-differs acme @'],
    ['DELETE FROM accounts WHERE ? <> 1', 'ledger-differs acme @'],
    ["UPDATE lots SET lot_id = 'x' WHERE kind = ?", `ledger-differs ${FREE} @1`],
    ["UPDATE accounts SET company = 'other' WHERE ? <> 1", 'ledger-differs acme @'],
  ])('is found wrong after %s', async (sql, finding) => {
    const given = await log();
    const ledger = await ledgerOf(given, (db) => void db.prepare(sql).run('free'));
    const report = await audited(given, ledger);
    expect(report.isClean).toBe(false);
    expect(foundIn(report)[0]).toBe(finding);
  });

  it('is compared where it stands, also when the log has grown since', async () => {
    const given = await log();
    const ledger = { ...(await ledgerOf(given)), position: 6 };
    const grown = await logOf([
      ...[month(5), order('PO', 3), held('s'), used('s'), captured('s'), summarised('s')],
      held('t'),
    ]);
    expect(await audited(grown, ledger)).toMatchObject({ isClean: true, position: 6 });
  });
});

describe('Every history that the account decides', () => {
  const crafted = (events: readonly CreditEvent[]) =>
    events.map((event) => onCredits(event.type, event.data));

  const ofSessions = new Set<string>(['charge-without-ai-use', 'charged-twice']);

  it('is clean, and the ledger agrees', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const store = await logOf(crafted(events));
        const report = right(await auditLog(store, { ruleBook, ledger: await ledgerOf(store) }));
        // These histories are of the account alone: their sessions use no AI, and owe what was asked for.
        const others = report.findings.filter(({ class: name }) => !ofSessions.has(name));
        expect(others).toStrictEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
