/** Filling read models from a log of sessions, summaries and charges: events of the log a second. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { creditLedger } from '@daybook/credit-ledger';
import { definitions } from '@daybook/engine';
import type { EventStore, EventToAppend } from '@daybook/event-store';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { rebuild } from '@daybook/projection';
import { right } from '../synthetic/company.js';
import { openStore } from './store-bench.js';

const AT = Date.UTC(2026, 2, 1);
const LOT = { lotId: 'order:PO-1', effectiveAt: AT, expiresAt: AT + 31_536_000_000 };

const metadata = JSON.stringify({
  schema: 1,
  company: 'bench',
  actor: { kind: 'system', id: 'bench' },
  commandId: 'bench/0000000',
  correlationId: 'bench/0000000',
  occurredAt: AT,
  ruleVersion: '2023-01-01',
});

const event = (type: string, data: unknown): EventToAppend => ({
  id: randomUUID(),
  type,
  data: JSON.stringify(data),
  metadata,
});

const line = 'I have restarted the print spooler and the test page came out, thank you very much.';

const sessionEvents = (at: number): readonly [EventToAppend, ...EventToAppend[]] => [
  event('SessionStarted', {
    paths: ['outgoing'],
    supporterId: 'u-1',
    signedIn: true,
    deviceId: null,
    module: 'full',
    platform: 'windows',
    method: 'session-code',
    attended: true,
    supporterAccessControl: 'allowed',
    remoteAccessControl: 'allowed',
    startedAt: at,
    source: 'api',
  }),
  event('EligibilityDecided', {
    trigger: 'session-started',
    outcome: 'eligible',
    basis: 'standing-permission',
    bases: ['standing-permission'],
    reason: null,
    reasons: [],
    inputs: [{ stream: 'company-bench', revision: 3 }],
    decidedAt: at,
  }),
  ...[1, 2].map((item) =>
    event('ContentCaptured', {
      itemId: `chat-${item}`,
      kind: 'chat',
      speaker: 'supporter',
      at: at + item,
      text: { form: 'plain', value: line },
    }),
  ),
  event('SessionEnded', { endedAt: at + 60_000 }),
];

const chargeEvents = (session: string, at: number): readonly [EventToAppend, EventToAppend] => {
  const chargeId = `${session}:0`;
  return [
    event('CreditsHeld', {
      chargeId,
      sessionId: session,
      generation: 0,
      amount: 1,
      allocations: [{ lotId: LOT.lotId, amount: 1 }],
      heldAt: at,
      timesOutAt: at + 172_800_000,
      tariff: 'per-session',
    }),
    event('HoldCaptured', { chargeId, sessionId: session, capturedAt: at }),
  ];
};

const summaryEvent = (session: string, at: number): readonly [EventToAppend] => [
  event('SummaryGenerated', {
    sessionId: session,
    supporterId: 'u-1',
    deviceId: null,
    revision: 1,
    origin: 'ai',
    model: 'daybook-extractive',
    promptVersion: 'extractive-1',
    language: 'en',
    generatedAt: at,
    body: {
      form: 'plain',
      value: {
        title: 'Printer does not print',
        problem: 'Every document stays in the queue.',
        steps: [line, line],
        result: 'The test page came out.',
        followUps: ['Exclude the driver from the next update round.'],
        tags: ['printer', 'driver'],
      },
    },
  }),
];

/** Every fourth session has a summary. */
const SESSIONS_PER_SUMMARY = 4;
const EVENTS_PER_SESSION = 7 + 1 / SESSIONS_PER_SUMMARY;
const SESSIONS_PER_ROUND = 500;

const append = async (
  store: EventStore,
  stream: string,
  write: Readonly<{ revision: number; events: readonly [EventToAppend, ...EventToAppend[]] }>,
): Promise<void> => {
  const expected = write.revision === 0 ? 'no-stream' : write.revision - 1;
  right(await store.append(stream, expected, write.events)());
};

/** A log in which some 28 % of the events belong to the ledger. */
const fillLog = async (store: EventStore, events: number): Promise<void> => {
  const purchase = event('CreditsPurchased', {
    ...LOT,
    orderNumber: 'PO-1',
    amount: events,
    purchasedAt: AT,
    priority: 0,
  });
  await append(store, 'credits-bench', { revision: 0, events: [purchase] });
  const sessions = Math.floor(events / EVENTS_PER_SESSION);
  let revision = 1;
  for (let first = 0; first < sessions; first += SESSIONS_PER_ROUND) {
    const charges: EventToAppend[] = [];
    const writes: Promise<void>[] = [];
    for (let index = first; index < Math.min(first + SESSIONS_PER_ROUND, sessions); index += 1) {
      const session = `s-${index}`;
      const at = AT + index * 1000;
      writes.push(
        append(store, `session-bench_${session}`, { revision: 0, events: sessionEvents(at) }),
      );
      if (index % SESSIONS_PER_SUMMARY === 0) {
        const events = summaryEvent(session, at);
        writes.push(append(store, `summary-bench_${session}`, { revision: 0, events }));
      }
      for (const charge of chargeEvents(session, at)) charges.push(charge);
    }
    await Promise.all(writes);
    const [head, ...rest] = charges;
    if (head === undefined) continue;
    await append(store, 'credits-bench', { revision, events: [head, ...rest] });
    revision += charges.length;
  }
};

export type RebuildRate = Readonly<{ name: string; logEventsPerSecond: number; handled: number }>;
export type RebuildMeasured = Readonly<{
  events: number;
  rates: readonly RebuildRate[];
  rssMiB: number;
}>;

/** Rebuilds every read model from a log of about `events` events, `rounds` times the ledger. */
export const measureRebuild = async (
  options: Readonly<{ directory: string; events: number; rounds: number }>,
): Promise<RebuildMeasured> => {
  const directory = mkdtempSync(join(options.directory, 'rebuild-'));
  const store = await openStore(join(directory, 'log'));
  try {
    await fillLog(store, options.events);
    const head = right(await store.head()());
    const reader = right(await openSqliteEventReader({ directory: join(directory, 'log') })());
    const rates: RebuildRate[] = [];
    const measure = async (definition: Parameters<typeof rebuild>[0]): Promise<void> => {
      const started = performance.now();
      const built = right(
        await rebuild(definition, reader, { directory: join(directory, 'models') })(),
      );
      const seconds = (performance.now() - started) / 1000;
      const { name } = definition;
      rates.push({ name, logEventsPerSecond: Math.round(head / seconds), handled: built.events });
    };
    for (let round = 0; round < options.rounds; round += 1)
      await measure(creditLedger as unknown as Parameters<typeof rebuild>[0]);
    for (const definition of [definitions.sessionHistory, definitions.summaryCatalog])
      await measure(definition as unknown as Parameters<typeof rebuild>[0]);
    await reader.close();
    const rssMiB = Math.round(process.memoryUsage().rss / 1_048_576);
    return { events: head, rates, rssMiB };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
