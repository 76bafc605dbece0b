/**
 * Durable charges on one account: Daybook beside the store that it writes to, and beside the loop that
 * one would write without it (read what is new, decide, append, and again after a conflict).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeEvent,
  eventIdOf,
  makeCommandHandler,
  type CommandHandler,
} from '@daybook/command-handling';
import {
  creditAccount,
  creditEvents,
  type CreditAccount,
  type CreditCommand,
  type CreditEvent,
} from '@daybook/domain/credits';
import { creditsStream } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { right } from '../synthetic/company.js';
import { appendTo, openStore } from './store-bench.js';
import { appendByWriters } from './store-workload.js';

const AT = Date.UTC(2026, 2, 10);
const accounts = { events: creditEvents, ...creditAccount };

/** A charge is a hold and its capture: two commands, two events. */
const EVENTS_PER_CHARGE = 2;

export type ChargeRate = Readonly<{
  inFlight: number;
  /** Charges a second through the command handler. */
  charges: number;
  /** Appends of one event a second, by as many writers to streams of their own: the store's own rate. */
  appends: number;
  /** Charges a second by the loop without Daybook. */
  loop: number;
}>;

type Send = (stream: string, commandId: string, command: CreditCommand) => Promise<void>;

const sendWith =
  (handler: CommandHandler): Send =>
  async (stream, commandId, command) => {
    const actor = { kind: 'system', id: 'bench' } as const;
    right(
      await handler.handle({
        aggregate: accounts,
        stream,
        context: { company: 'bench', actor, commandId, correlationId: commandId, now: AT },
        command: command.type,
        decide: (account: CreditAccount) => creditAccount.decide(command, account),
      })(),
    );
  };

type Fold = { account: CreditAccount; revision: number };

const catchUp = async (store: EventStore, stream: string, fold: Fold): Promise<void> => {
  for await (const page of store.readStream(stream, { from: fold.revision + 1 }))
    for (const stored of right(page).events) {
      const event = right(decodeEvent(creditEvents, stored)) as CreditEvent;
      fold.account = creditAccount.evolve(fold.account, event);
      fold.revision = stored.revision;
    }
};

const toAppend = (stream: string, commandId: string, event: CreditEvent): EventToAppend => ({
  id: eventIdOf(stream, commandId, 0),
  type: event.type,
  data: JSON.stringify(event.data),
  metadata: JSON.stringify({ schema: 1, company: 'bench', commandId, occurredAt: AT }),
});

/** Each worker keeps its own fold, so that it reads only what others have written since. */
const loopOf =
  (store: EventStore): (() => Send) =>
  () => {
    const fold: Fold = { account: creditAccount.initialState(), revision: -1 };
    return async (stream, commandId, command) => {
      for (;;) {
        await catchUp(store, stream, fold);
        const [event] = right(creditAccount.decide(command, fold.account));
        if (event === undefined) return;
        const expected = fold.revision < 0 ? 'no-stream' : fold.revision;
        const appended = await store.append(stream, expected, [
          toAppend(stream, commandId, event),
        ])();
        if (E.isRight(appended)) return;
        if (appended.left._tag !== 'RevisionConflict') throw new Error(appended.left._tag);
      }
    };
  };

type Load = Readonly<{ stream: string; inFlight: number; charges: number }>;

/** Charges a second: each worker holds, waits, captures, waits. `senderFor` makes each worker's sender. */
const chargeRate = async (senderFor: () => Send, load: Load): Promise<number> => {
  const { stream, inFlight, charges } = load;
  const first = senderFor();
  await first(stream, 'purchase', {
    type: 'PurchaseCredits',
    orderNumber: 'PO-1',
    amount: charges,
    purchasedAt: AT,
    timeZone: 'UTC',
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    const send = senderFor();
    while (next < charges) {
      next += 1;
      const sessionId = `s-${next}`;
      await send(stream, `${sessionId}/hold`, { type: 'HoldCredits', sessionId, heldAt: AT });
      const chargeId = `${sessionId}:0`;
      await send(stream, `${sessionId}/use`, { type: 'CaptureHold', chargeId, capturedAt: AT });
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return Math.round((charges * 1_000) / (performance.now() - started));
};

const CASES = [
  { inFlight: 1, charges: 1_500, looped: 1_500 },
  { inFlight: 64, charges: 20_000, looped: 400 },
  { inFlight: 256, charges: 40_000, looped: 200 },
];

/** The three sides of each case one after another, on one store. */
export const measureCharges = async (
  options: Readonly<{ directory: string; round: number; scale: number }>,
): Promise<readonly ChargeRate[]> => {
  const directory = mkdtempSync(join(options.directory, 'charges-'));
  const store = await openStore(directory);
  const handler = makeCommandHandler({ store, ruleBook, soleWriter: true });
  const sized = (count: number): number => Math.max(20, Math.round(count * options.scale));
  const { round } = options;
  const rates: ChargeRate[] = [];
  try {
    for (const { inFlight, charges, looped } of CASES) {
      const stream = (side: string): string => creditsStream(`${side}-${round}-${inFlight}`);
      const daybook = { stream: stream('daybook'), inFlight, charges: sized(charges) };
      const loop = { stream: stream('loop'), inFlight, charges: sized(looped) };
      const appends = sized(charges) * EVENTS_PER_CHARGE;
      const run = `charges.${round}.${inFlight}`;
      const load = { layout: 'sessions', run, writers: inFlight, appends } as const;
      const send = sendWith(handler);
      rates.push({
        inFlight,
        charges: await chargeRate(() => send, daybook),
        appends: (await appendByWriters(appendTo(store), load)).perSecond,
        loop: await chargeRate(loopOf(store), loop),
      });
    }
    return rates;
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
