/** The audit of credits over a log of sessions, summaries and charges: events of the log a second. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ruleBook } from '@daybook/domain/rules';
import { auditLog } from '@daybook/engine';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { right } from '../synthetic/company.js';
import { fillLog } from './rebuild-bench.js';
import { openStore } from './store-bench.js';

export type AuditMeasured = Readonly<{
  events: number;
  /** Events of the log a second, one of each round. */
  rates: readonly number[];
  rssMiB: number;
}>;

/** Audits a log of about `events` events `rounds` times. The log is clean: anything else is a bug here. */
export const measureAudit = async (
  options: Readonly<{ directory: string; events: number; rounds: number }>,
): Promise<AuditMeasured> => {
  const directory = mkdtempSync(join(options.directory, 'audit-'));
  const store = await openStore(join(directory, 'log'));
  try {
    await fillLog(store, options.events);
    const reader = right(await openSqliteEventReader({ directory: join(directory, 'log') })());
    const rates: number[] = [];
    let events = 0;
    for (let round = 0; round < options.rounds; round += 1) {
      const report = right(await auditLog(reader, { ruleBook }));
      if (!report.isClean) throw new Error(JSON.stringify(report.counts));
      rates.push(report.eventsPerSecond);
      events = report.events;
    }
    await reader.close();
    return { events, rates, rssMiB: Math.round(process.memoryUsage().rss / 1_048_576) };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
