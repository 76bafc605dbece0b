import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import {
  type DestinationRules,
  networkOf,
  openWebhooks,
  startWebhooks,
  type Timer,
  type WebhookProblem,
  type WebhookRegistry,
  type WebhookSender,
  type WebhooksOptions,
} from '../src/index.js';

export const NOW = Date.UTC(2026, 5, 30, 22);

export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`unexpected: ${JSON.stringify(either.left)}`);
  return either.right;
};

export const loopback = [networkOf('127.0.0.0/8'), networkOf('::1')].flatMap((each) =>
  each === undefined ? [] : [each],
);

/** What tests deliver to: this machine, without encryption. */
export const local: DestinationRules = { allowHttp: true, ports: 'any', allowedNetworks: loopback };

const directories: string[] = [];
export const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-webhooks-'));
  directories.push(directory);
  return directory;
};

/** Time that stands until it is moved. */
export type ManualTimer = Timer & Readonly<{ advance: (ms: number) => void }>;

export const manualTimer = (): ManualTimer => {
  let now = NOW;
  const waiting = new Map<() => void, number>();
  return {
    now: () => now,
    at: (instant, wake) => {
      const call = (): void => {
        waiting.delete(call);
        wake();
      };
      waiting.set(call, instant);
      if (instant <= now) setImmediate(() => waiting.has(call) && call());
      return () => void waiting.delete(call);
    },
    advance: (ms) => {
      now += ms;
      for (const [call, instant] of [...waiting]) if (instant <= now) call();
    },
  };
};

const metadata = (company: string): string =>
  JSON.stringify({
    schema: 1,
    company,
    actor: { kind: 'system', id: 'daybook' },
    commandId: 'command-1',
    correlationId: 'correlation-1',
    causationId: 'causation-1',
    occurredAt: NOW,
    ruleVersion: '2023-01-01',
  });

const fixtures = join(__dirname, '../../domain/test/fixtures');

export const fixture = (type: string): unknown => {
  const text = readFileSync(join(fixtures, `${type}.json`), 'utf8');
  return (JSON.parse(text) as { data: unknown }).data;
};

let numbers = 0;

type Appending = Readonly<{ company?: string; type?: string; data?: unknown; category?: string }>;

/** Appends one event and gives its id; a session's end when nothing else is said. */
export const append = async (
  store: Pick<EventStore, 'append'>,
  what: Appending = {},
): Promise<string> => {
  const { company = 'acme', type = 'SessionEnded', category = 'session' } = what;
  const data = what.data ?? fixture(type);
  numbers += 1;
  const id = `6f2c1d7a-0b3e-5c41-9a57-${numbers.toString(16).padStart(12, '0')}`;
  const event = { id, type, data: JSON.stringify(data), metadata: metadata(company) };
  right(await store.append(`${category}-${company}_s-${numbers}`, 'no-stream', [event])());
  return id;
};

export const appendMany = async (
  store: Pick<EventStore, 'append'>,
  count: number,
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await append(store));
  return ids;
};

const PATIENCE_MS = 20_000;

/** Waits for what must become true, and ends the wait loudly so that no test run hangs. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('what was waited for did not become true');
    await delay(2);
  }
};

/** Lets everything that is due now happen: sockets, too. */
export const settle = (): Promise<void> => delay(30);

const ends: (() => Promise<void> | void)[] = [];
export const atEnd = (end: () => Promise<void> | void): void => void ends.push(end);

/** Stops what a test started, last first, and removes its directories. */
export const cleanUp = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
};

export const registryIn = (
  directory: string,
  options: Readonly<{ clock?: () => number; rules?: DestinationRules }> = {},
): WebhookRegistry => {
  const { clock = () => NOW, rules = local } = options;
  const registry = right(openWebhooks({ directory, clock, rules }));
  atEnd(registry.close);
  return registry;
};

type Started = Readonly<{ sender: WebhookSender; problems: readonly WebhookProblem[] }>;

export const started = async (
  options: Pick<WebhooksOptions, 'directory' | 'store'> & Partial<WebhooksOptions>,
): Promise<Started> => {
  const problems: WebhookProblem[] = [];
  const sender = right(
    await startWebhooks({
      rules: local,
      clock: () => Date.now(),
      random: () => 0.5,
      onProblem: (problem) => void problems.push(problem),
      timeoutMs: 2_000,
      ...options,
    }),
  );
  atEnd(sender.stop);
  return { sender, problems };
};
