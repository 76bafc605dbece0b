import { makeCommandHandler } from '@daybook/command-handling';
import { ruleBook } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type EventStore } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import { system } from '../src/call.js';
import { senders } from '../src/company-commands.js';
import { memoryNotes } from '../src/notes-file.js';
import { makeFactTurns } from '../src/reconsider/fact-turns.js';
import { openAgenda, type Agenda } from '../src/scheduler/agenda.js';
import { timerClock, type Clock } from '../src/scheduler/clock.js';
import { expiryAlertDaysOf, makeScheduler, type Scheduler } from '../src/scheduler/scheduler.js';
import { COMPANY, engineOver, headOf, right, type TestEngine } from './in-memory-engine.js';

const HOUR_MS = 3_600_000;
/** When AI is switched on: noon of 15 January 2026. */
export const JANUARY = Date.UTC(2026, 0, 15, 12);
/** When somebody looks again: two midnights of a first, a hold and a prompt later. */
export const MARCH = Date.UTC(2026, 2, 5, 9);

export type Setting = Readonly<{
  store: EventStore;
  engine: TestEngine;
  now: () => number;
  setNow: (instant: number) => void;
}>;

export const anAgenda = (): Agenda =>
  openAgenda(memoryNotes(), { expiryAlertDays: expiryAlertDaysOf(ruleBook) });

/** A scheduler as a process of its own: its own handler, and the notes that it is given. */
export const schedulerOver = (
  store: EventStore,
  now: () => number,
  given: Readonly<{ agenda?: Agenda; clock?: Clock; isBusy?: (company: string) => boolean }> = {},
): Scheduler => {
  const { agenda = anAgenda(), clock = timerClock(now), isBusy = () => false } = given;
  const handler = makeCommandHandler({ store, ruleBook });
  const turns = makeFactTurns();
  return makeScheduler({ handler, ruleBook, store, agenda, clock, turns, isBusy });
};

export const emptySetting = (): Setting => {
  let now = JANUARY;
  const store = makeInMemoryEventStore({ clock: () => now });
  const setNow = (instant: number): void => {
    now = instant;
  };
  return { store, engine: engineOver(store), now: () => now, setNow };
};

/**
 * A company in January with one of everything that only time can bring to an end: a month's credits, a
 * purchase that lapses in a year, a hold that nobody settles, a question that nobody answers.
 */
export const settingInJanuary = async (): Promise<Setting> => {
  const setting = emptySetting();
  const { store, engine } = setting;
  const commands = [
    { command: 'RegisterCompany', plan: 'business', timeZone: 'Europe/Paris' },
    { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
    { command: 'ActivateAi', termsVersion: '1' },
    { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
  ] as const;
  for (const command of commands) right(await engine.company(command, JANUARY));
  right(await engine.grants.runUntil(await headOf(store)));
  right(await engine.entry(asking('s-silent')));
  const commandId = 'test/hold';
  const call = { company: COMPANY, actor: system, commandId, correlationId: 's-left', at: JANUARY };
  const hold = { type: 'HoldCredits', sessionId: 's-left', heldAt: JANUARY + HOUR_MS } as const;
  right(await senders(engine.deps, call).credits(hold));
  return setting;
};

/** A session whose remote side has to be asked. */
export const asking = (session: string, at = JANUARY): JournalEntry => ({
  entry: 'session-started',
  session,
  at,
  direction: 'outgoing',
  supporter: 'u-1',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
  accessControl: { supporter: 'allowed', remote: 'after-confirmation' },
});

/** Events of a company's account and of its sessions as they stand, without when they were recorded. */
export const streamsOf = async (store: EventStore): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const page of store.readAll({ filter: { categories: ['credits', 'session'] } }))
    for (const { stream, revision, type, data, metadata, id } of right(page).events)
      if (!type.startsWith('CreditThreshold'))
        found.push([stream, String(revision).padStart(4, '0'), type, data, metadata, id].join(' '));
  return found.sort();
};
