import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EventStore } from '@daybook/event-store';
import {
  defaultStream,
  relayStatus,
  type StreamFacts,
  type Verification,
  verifyRelay,
} from '@daybook/publisher';
import type { NatsServer } from '@daybook/publisher/nats-server';
import * as E from 'fp-ts/lib/Either.js';
import { right } from '../synthetic/company.js';
import { brokerAt } from './broker.js';
import { appendSessions } from './log.js';

export type LoopPlan = Readonly<{
  events: number;
  kills: number;
  /** From 0 to below 1. */
  random: () => number;
}>;

export type Victim = 'relay' | 'server' | 'both';

export type LoopParts = Readonly<{
  store: EventStore & Readonly<{ directory: string }>;
  server: NatsServer;
  onKill: (
    kill: Readonly<{ number: number; victim: Victim; appended: number; stored: number }>,
  ) => void;
}>;

export type LoopResult = Readonly<{
  kills: number;
  stream: StreamFacts;
  verification: Verification;
}>;

const child = fileURLToPath(new URL('./relay-child.js', import.meta.url));

type RelayProcess = Readonly<{ start: () => void; end: (signal: NodeJS.Signals) => Promise<void> }>;

const relayProcess = (directory: string, url: string): RelayProcess => {
  let running: ChildProcess | undefined;
  let starts = 0;
  return {
    start: () => {
      starts += 1;
      const args = [child, directory, url, `relay-${starts}`];
      running = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    },
    end: async (signal) => {
      const ending = running;
      running = undefined;
      if (ending === undefined || ending.exitCode !== null) return;
      const gone = once(ending, 'close');
      ending.kill(signal);
      await gone;
    },
  };
};

const storedNow = async (url: string): Promise<number> => {
  const session = await brokerAt(url, 'watcher').connect();
  if (E.isLeft(session)) return 0;
  const facts = await session.right.stream();
  await session.right.close();
  return E.isRight(facts) ? facts.right.messages : 0;
};

const victimOf = (chance: number): Victim =>
  chance < 0.4 ? 'relay' : chance < 0.8 ? 'server' : 'both';

/** Longest time from an append to a kill that may also hit a relay or a server that is starting. */
const STARTING_MS = 500;
const DOWN_MS = 150;
const LOOK_MS = 3;

/** Waits until the stream holds so many messages: the relay is in the middle of its work. */
const untilStored = async (url: string, goal: number): Promise<void> => {
  const session = right(await brokerAt(url, 'watcher').connect());
  for (;;) {
    const facts = await session.stream();
    if (E.isRight(facts) && facts.right.messages >= goal) break;
    await delay(LOOK_MS);
  }
  await session.close();
};

type Part = Readonly<{ from: number; count: number }>;

/** One kill in four comes whatever the relay does; the others when it has sent some of the part. */
const untilMoment = async (url: string, part: Part, random: () => number): Promise<void> => {
  const [chance, place] = [random(), random()];
  if (chance < 0.25) await delay(place * STARTING_MS);
  else await untilStored(url, part.from + Math.floor(part.count * place * 0.9));
};

const strike = async (
  victim: Victim,
  relay: RelayProcess,
  parts: Readonly<{ server: NatsServer; downMs: number }>,
): Promise<void> => {
  const { server, downMs } = parts;
  await Promise.all([
    victim === 'server' ? undefined : relay.end('SIGKILL'),
    victim === 'relay' ? undefined : server.kill(),
  ]);
  await delay(downMs);
  await server.start();
  if (victim !== 'server') relay.start();
};

const untilAllSent = async ({ store, server }: LoopParts): Promise<void> => {
  for (;;) {
    const status = await relayStatus({ store, broker: brokerAt(server.url, 'watcher') });
    if (E.isRight(status) && status.right.waitingSince === undefined) return;
    await delay(50);
  }
};

/**
 * Appends the events in as many parts as there are kills and one; in each, while the relay is at work on it,
 * kills the relay, the server, or both. Then lets the relay finish, and compares the stream with the log.
 */
export const runLoop = async (plan: LoopPlan, parts: LoopParts): Promise<LoopResult> => {
  const { store, server, onKill } = parts;
  const relay = relayProcess(store.directory, server.url);
  relay.start();
  try {
    const size = Math.ceil(plan.events / (plan.kills + 1));
    let appended = 0;
    for (let number = 1; appended < plan.events; number += 1) {
      const count = Math.min(size, plan.events - appended);
      const part = { from: appended, count };
      const appending = appendSessions(store, part);
      appended += count;
      if (number <= plan.kills) {
        const victim = victimOf(plan.random());
        await untilMoment(server.url, part, plan.random);
        await strike(victim, relay, { server, downMs: plan.random() * DOWN_MS });
        onKill({ number, victim, appended, stored: await storedNow(server.url) });
      }
      await appending;
    }
    await untilAllSent(parts);
    await relay.end('SIGTERM');
  } finally {
    await relay.end('SIGKILL');
  }
  const broker = brokerAt(server.url, 'watcher');
  const { stream } = right(await relayStatus({ store, broker }));
  if (stream === undefined) throw new Error('there is no stream');
  const { subjectPrefix } = defaultStream;
  const verification = right(await verifyRelay(broker, { store, subjectPrefix }));
  return { kills: plan.kills, stream, verification };
};
