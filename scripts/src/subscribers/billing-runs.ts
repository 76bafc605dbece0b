import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

const SERVICE = fileURLToPath(
  new URL('../../../samples/billing-service/main.mjs', import.meta.url),
);

export type BillingPlace = Readonly<{ url: string; database: string }>;

const start = ({ url, database }: BillingPlace, pause: string): ChildProcess =>
  spawn(process.execPath, [SERVICE], {
    env: {
      ...process.env,
      NATS_URL: url,
      BILLING_DB: database,
      BILLING_PAUSE: pause,
      BILLING_ACK_WAIT_MS: '1000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Runs the example service until it stands still at a point, and kills it there with SIGKILL. */
export const killAt = async (place: BillingPlace, pause: string): Promise<void> => {
  const child = start(place, pause);
  const exited = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes('paused')) child.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`the billing service ended by itself: ${said}`);
};

export type Billed = Readonly<{ charges: number; captured: number; total: number }>;

export const billedIn = (path: string): Billed => {
  const database = new Database(path, { readonly: true });
  try {
    const row = database
      .prepare(
        `SELECT count(*) AS charges, count(*) FILTER (WHERE status = 'captured') AS captured,
                (SELECT coalesce(sum(credits), 0) FROM totals) AS total FROM charges`,
      )
      .get();
    return row as Billed;
  } finally {
    database.close();
  }
};

/** The totals per month, as the service has them. */
export const totalsIn = (path: string): Readonly<Record<string, number>> => {
  const database = new Database(path, { readonly: true });
  try {
    const rows = database.prepare('SELECT month, credits FROM totals ORDER BY month').all();
    return Object.fromEntries(
      (rows as { month: string; credits: number }[]).map(({ month, credits }) => [month, credits]),
    );
  } finally {
    database.close();
  }
};

/** Runs the service until so many charges are captured, and lets it end in order. */
export const runUntil = async (place: BillingPlace, captured: number): Promise<void> => {
  const child = start(place, '');
  const exited = once(child, 'exit');
  await once(child.stdout ?? child, 'data');
  while (child.exitCode === null && billedIn(place.database).captured < captured)
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGTERM');
  await exited;
};
