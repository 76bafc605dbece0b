/** What a long history costs: balance, statement, memory, and loading an account cold or from its snapshot. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeCommandHandler, type CommandHandler } from '@daybook/command-handling';
import { balanceAt, creditAccount, snapshotOf, type CreditAccount } from '@daybook/domain/credits';
import { ruleBook } from '@daybook/domain/rules';
import {
  accounts,
  catchUpReadModels,
  closeReadModels,
  logDirectory,
  openReadModels,
  openSnapshots,
  readModelDirectory,
  readStatement,
} from '@daybook/engine';
import type { EventStore } from '@daybook/event-store';
import { right } from '../synthetic/company.js';
import { CreditHistory, FROM, MONTH_MS, NOW, STREAM } from '../synthetic/credit-history.js';
import { openStore } from './store-bench.js';

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};
const heapMiB = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
};

const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

export type BalanceTime = Readonly<{
  charges: number;
  /** Microseconds for the balance of now, from the kept fold and from the read model. */
  fold: number;
  readModel: number;
  /** The same for the beginning: the read model takes back every entry since. */
  past: number;
}>;

const ASKED = 2_000;
const ASKED_PAST = 10;

const microsecondsOf = async (ask: () => unknown, times = ASKED): Promise<number> => {
  for (let n = 0; n < times / 10; n += 1) await ask();
  const ms = await millisecondsOf(async () => {
    for (let n = 0; n < times; n += 1) await ask();
  });
  return Math.round((ms * 10_000) / times) / 10;
};

/** Balance queries after 10, 1,000 and 100,000 charges. */
export const measureBalance = async (parent: string): Promise<readonly BalanceTime[]> => {
  const directory = mkdtempSync(join(parent, 'balance-'));
  const store = await openStore(logDirectory(directory));
  const times: BalanceTime[] = [];
  try {
    const history = new CreditHistory(store, 100_000);
    await history.begin();
    for (const charges of [10, 1_000, 100_000]) {
      await history.growTo(charges);
      const handler = makeCommandHandler({ store, ruleBook, soleWriter: true });
      const fold = await microsecondsOf(() =>
        handler.read(accounts, STREAM, (account) => balanceAt(account, NOW))(),
      );
      right(await catchUpReadModels({ directory }));
      const models = right(openReadModels(readModelDirectory(directory)));
      const balance = (asOf: number) => () =>
        models.creditLedger.read((queries) => queries.balance('bench', asOf));
      const readModel = await microsecondsOf(balance(NOW));
      const past = await microsecondsOf(balance(FROM), ASKED_PAST);
      closeReadModels(models);
      times.push({ charges, fold, readModel, past });
    }
    return times;
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

export type LongHistory = Readonly<{
  charges: number;
  statementMs: number;
  /** Largest heap while the statement was added up, above that before it. */
  statementMiB: number;
  coldMs: number;
  snapshotMs: number;
  /** Heap of the kept account, folded from the log and restored. */
  accountMiB: number;
  restoredMiB: number;
  snapshotFileMiB: number;
  /** Copying the account for a snapshot: what commands wait for. */
  copyMs: number;
}>;

/** The statement of a month in the middle, and the highest heap that was seen meanwhile. */
const statementOf = async (
  store: EventStore,
): Promise<Pick<LongHistory, 'statementMs' | 'statementMiB'>> => {
  const before = heapMiB();
  let highest = before;
  const watching = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().heapUsed / 1_048_576);
  }, 20);
  const ms = await millisecondsOf(async () => {
    right(await readStatement(store)('bench', '2024-12'));
  });
  clearInterval(watching);
  return { statementMs: Math.round(ms), statementMiB: Math.round(highest - before) };
};

type Loading = Readonly<{ ms: number; miB: number; handler: CommandHandler }>;

const load = async (handler: CommandHandler): Promise<Loading> => {
  const before = heapMiB();
  const ms = await millisecondsOf(async () => {
    right(await handler.read(accounts, STREAM, () => null)());
  });
  return { ms: Math.round(ms), miB: Math.round(heapMiB() - before), handler };
};

/** The snapshot is written beside other work: wait until its file no longer grows. */
const written = async (directory: string): Promise<number> => {
  const size = (): number =>
    ['', '-wal'].reduce(
      (sum, end) => sum + statSync(join(directory, `snapshots.db${end}`)).size,
      0,
    );
  for (let before = -1; before !== size();) {
    before = size();
    await passed(1_000);
  }
  return statSync(join(directory, 'snapshots.db')).size;
};

/** In a function of its own, so that nothing of it is left in memory. */
const fill = async (store: EventStore, charges: number): Promise<void> => {
  const history = new CreditHistory(store, charges);
  await history.begin();
  await history.growTo(charges);
};

/** An account with that many settled charges. */
export const measureLongHistory = async (parent: string, charges: number): Promise<LongHistory> => {
  const directory = mkdtempSync(join(parent, 'history-'));
  const store = await openStore(logDirectory(directory));
  try {
    await fill(store, charges);
    const statement = await statementOf(store);
    const handlerWith = (kept: ReturnType<typeof openSnapshots>): CommandHandler =>
      makeCommandHandler({ store, ruleBook, soleWriter: true, ...kept.options });
    const first = openSnapshots({ directory });
    const cold = await load(handlerWith(first));
    let copyMs = 0;
    const copied = (account: CreditAccount): void => {
      const started = performance.now();
      snapshotOf(account);
      copyMs = Math.round(performance.now() - started);
    };
    right(await cold.handler.read(accounts, STREAM, copied)());
    const bytes = await written(directory);
    first.close();
    const second = openSnapshots({ directory });
    const restored = await load(handlerWith(second));
    second.close();
    return {
      charges,
      ...statement,
      coldMs: cold.ms,
      snapshotMs: restored.ms,
      accountMiB: cold.miB,
      restoredMiB: restored.miB,
      snapshotFileMiB: Math.round(bytes / 1_048_576),
      copyMs,
    };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

const LOTS = 12;
const DECISIONS = 1_000_000;

/** Nanoseconds for one allocation, pure: a hold decided on an account of twelve lots, the first of which pay. */
export const measureAllocation = (): Readonly<{ one: number; across: number }> => {
  let account = creditAccount.initialState();
  for (let n = 0; n < LOTS; n += 1) {
    const [event] = right(
      creditAccount.decide(
        {
          type: 'PurchaseCredits',
          orderNumber: `PO-${n}`,
          amount: 2,
          purchasedAt: FROM + n,
          timeZone: 'UTC',
        },
        account,
      ),
    );
    if (event !== undefined) account = creditAccount.evolve(account, event);
  }
  const nanosecondsOf = (amount: number): number => {
    const command = {
      type: 'HoldCredits',
      sessionId: 's',
      heldAt: FROM + MONTH_MS,
      amount,
    } as const;
    const decide = (times: number): void => {
      for (let n = 0; n < times; n += 1) creditAccount.decide(command, account);
    };
    decide(DECISIONS / 10);
    const started = performance.now();
    decide(DECISIONS);
    return Math.round(((performance.now() - started) * 1e6) / DECISIONS);
  };
  return { one: nanosecondsOf(1), across: nanosecondsOf(2 * LOTS) };
};
