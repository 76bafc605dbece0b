/** Filling read models from a log of sessions, summaries and charges: events of the log a second. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventIdOf } from '@daybook/command-handling';
import { creditLedger } from '@daybook/credit-ledger';
import { definitions } from '@daybook/engine';
import type { EventStore, EventToAppend } from '@daybook/event-store';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { rebuild } from '@daybook/projection';
import { right } from '../synthetic/company.js';
import { openStore } from './store-bench.js';

const AT = Date.UTC(2026, 2, 1);
const LOT = { lotId: 'order:PO-1', effectiveAt: AT, expiresAt: AT + 31_536_000_000 };

/** What an event says; its id and its envelope come with the append. */
type Said = Readonly<{ type: string; data: string }>;

const event = (type: string, data: unknown): Said => ({ type, data: JSON.stringify(data) });

/** The events of one command, with the ids that derive from it. */
const ofCommand = (
  stream: string,
  commandId: string,
  [first, ...rest]: readonly [Said, ...Said[]],
): readonly [EventToAppend, ...EventToAppend[]] => {
  const metadata = JSON.stringify({
    schema: 1,
    company: 'bench',
    actor: { kind: 'system', id: 'bench' },
    commandId,
    correlationId: commandId,
    occurredAt: AT,
    ruleVersion: '2023-01-01',
  });
  const stored = (said: Said, index: number): EventToAppend => ({
    id: eventIdOf(stream, commandId, index),
    ...said,
    metadata,
  });
  return [stored(first, 0), ...rest.map((said, index) => stored(said, index + 1))];
};

const line = 'I have restarted the print spooler and the test page came out, thank you very much.';

const sessionEvents = (session: string, at: number): readonly [Said, ...Said[]] => [
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
  event('AiUseAllowed', { trigger: 'assistant', chargeId: `${session}:0`, at }),
  event('SessionEnded', { endedAt: at + 60_000 }),
];

const chargeEvents = (session: string, at: number): readonly [Said, Said] => {
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

const summaryEvent = (session: string, at: number): readonly [Said] => [
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
const EVENTS_PER_SESSION = 8 + 1 / SESSIONS_PER_SUMMARY;
const SESSIONS_PER_ROUND = 500;

const append = async (
  store: EventStore,
  stream: string,
  write: Readonly<{ revision: number; events: readonly [Said, ...Said[]] }>,
): Promise<void> => {
  const expected = write.revision === 0 ? 'no-stream' : write.revision - 1;
  const events = ofCommand(stream, `bench/${write.revision}`, write.events);
  right(await store.append(stream, expected, events)());
};

const sessionWrites = (store: EventStore, index: number): readonly Promise<void>[] => {
  const session = `s-${index}`;
  const at = AT + index * 1000;
  const events = sessionEvents(session, at);
  const written = append(store, `session-bench_${session}`, { revision: 0, events });
  if (index % SESSIONS_PER_SUMMARY !== 0) return [written];
  const summary = { revision: 0, events: summaryEvent(session, at) };
  return [written, append(store, `summary-bench_${session}`, summary)];
};

/**
 * A log in which some 24 % of the events belong to the ledger. Everything in it holds: charges stand
 * before the AI use that they pay for.
 */
export const fillLog = async (store: EventStore, events: number): Promise<void> => {
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
    const count = Math.min(SESSIONS_PER_ROUND, sessions - first);
    const round = Array.from({ length: count }, (_, index) => first + index);
    const [head, ...rest] = round.flatMap((index) => chargeEvents(`s-${index}`, AT + index * 1000));
    if (head === undefined) continue;
    await append(store, 'credits-bench', { revision, events: [head, ...rest] });
    revision += 1 + rest.length;
    await Promise.all(round.flatMap((index) => sessionWrites(store, index)));
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
