/** Commands through the whole path (decide, encode, append, sync), on many streams and on one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCommandHandler, type Aggregate, type CommandHandler } from '@daybook/command-handling';
import * as credits from '@daybook/domain/credits';
import { creditsStream, streamOf, type DomainEvent } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import * as sessionInsights from '@daybook/domain/session-insights';
import { right } from '../synthetic/company.js';
import { openStore } from './store-bench.js';

export type CommandRate = Readonly<{ name: string; perSecond: number }>;

const AT = Date.UTC(2026, 2, 10);
const COMPANY = 'bench';

const contextOf = (commandId: string) => ({
  company: COMPANY,
  actor: { kind: 'system', id: 'bench' } as const,
  commandId,
  correlationId: commandId,
  now: AT,
});

type Sent = Readonly<{ stream: string; commandId: string }>;

const sender =
  <State, Event extends DomainEvent, Command extends Readonly<{ type: string }>>(
    handler: CommandHandler,
    aggregate: Aggregate<State, Event>,
    decide: (
      command: Command,
      state: State,
    ) => ReturnType<Parameters<typeof handler.handle<State, Event, { _tag: string }>>[0]['decide']>,
  ) =>
  async ({ stream, commandId }: Sent, command: Command): Promise<void> => {
    right(
      await handler.handle({
        aggregate,
        stream,
        context: contextOf(commandId),
        command: command.type,
        decide: (state: State) => decide(command, state),
      })(),
    );
  };

const capture = (index: number): sessionInsights.CaptureContent => ({
  type: 'CaptureContent',
  itemId: `item-${index}`,
  kind: 'chat',
  speaker: 'supporter',
  at: AT + 1,
  text: { form: 'plain', value: 'I have restarted the service, please try the printer again now.' },
});

const startSession: sessionInsights.StartSession = {
  type: 'StartSession',
  session: {
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
    startedAt: AT,
    source: 'api',
  },
  read: {
    inputs: [],
    facts: {
      aiActivated: true,
      planCovered: true,
      platformSupported: true,
      incoming: null,
      outgoing: {
        optionOn: true,
        signedIn: true,
        logsSessions: true,
        quickSupportExcluded: false,
        accessControl: 'allowed',
        attended: true,
        consent: 'not-asked',
      },
    },
  },
  notice: { version: '1', language: 'en' },
  promptTimeoutMs: 60_000,
};

/** Runs `total` commands with `inFlight` of them waiting for their answer at any time. */
const rateOf = async (
  run: Readonly<{ total: number; inFlight: number }>,
  send: (index: number) => Promise<void>,
): Promise<number> => {
  let next = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < run.total) {
      next += 1;
      await send(next);
    }
  };
  await Promise.all(Array.from({ length: run.inFlight }, worker));
  return Math.round((run.total * 1000) / (performance.now() - started));
};

const IN_FLIGHT = 256;

const captureRate = async (
  handler: CommandHandler,
  options: Readonly<{ round: number; streams: number; total: number }>,
): Promise<number> => {
  const { round, streams, total } = options;
  const { session, sessionEvents } = sessionInsights;
  const send = sender(handler, { events: sessionEvents, ...session }, session.decide);
  const streamAt = (index: number): string =>
    streamOf('session', COMPANY, `s-${round}-${streams}-${index % streams}`);
  for (let index = 0; index < streams; index += 1)
    await send({ stream: streamAt(index), commandId: 'start' }, startSession);
  return rateOf({ total, inFlight: IN_FLIGHT }, (index) =>
    send({ stream: streamAt(index), commandId: `c-${index}` }, capture(index)),
  );
};

const chargeRate = async (
  handler: CommandHandler,
  options: Readonly<{ round: number; total: number }>,
): Promise<number> => {
  const { creditAccount, creditEvents } = credits;
  const send = sender(handler, { events: creditEvents, ...creditAccount }, creditAccount.decide);
  const stream = creditsStream(`${COMPANY}-${options.round}`);
  const purchase: credits.CreditCommand = {
    type: 'PurchaseCredits',
    orderNumber: 'PO-1',
    amount: options.total + 1,
    purchasedAt: AT,
    timeZone: 'UTC',
  };
  await send({ stream, commandId: 'purchase' }, purchase);
  return rateOf({ total: options.total, inFlight: IN_FLIGHT }, (index) =>
    send(
      { stream, commandId: `hold-${index}` },
      { type: 'HoldCredits', sessionId: `s-${index}`, heldAt: AT + 1 },
    ),
  );
};

/** Commands a second, 256 in flight: one chat line each on 256 sessions, on one, and holds on one account. */
export const measureCommands = async (
  options: Readonly<{ directory: string; round: number; scale: number }>,
): Promise<readonly CommandRate[]> => {
  const directory = mkdtempSync(join(options.directory, 'commands-'));
  const store = await openStore(directory);
  const handler = makeCommandHandler({ store, ruleBook });
  const total = Math.round(60_000 * options.scale);
  const { round } = options;
  try {
    return [
      {
        name: 'chat lines, 256 sessions',
        perSecond: await captureRate(handler, { round, streams: 256, total }),
      },
      {
        name: 'chat lines, one session',
        perSecond: await captureRate(handler, { round, streams: 1, total }),
      },
      { name: 'holds, one account', perSecond: await chargeRate(handler, { round, total }) },
    ];
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
