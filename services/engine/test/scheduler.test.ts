import type { CompanyCommand } from '../src/company-command.js';
import { system } from '../src/call.js';
import { captureCharge, ensureMonthlyGrants, liveChargeOf } from '../src/credit-flow.js';
import { COMPANY, countOf, headOf, right, storedTypes } from './in-memory-engine.js';
import {
  anAgenda,
  asking,
  emptySetting,
  JANUARY,
  schedulerOver,
  settingInJanuary,
  type Setting,
} from './scheduler-setting.js';

// Goal: what time alone makes due is dated where it was due, and nothing is taken from a session whose
// own past has yet to come. Method: a store and a scheduler that share one clock, moved by hand.

const MINUTE_MS = 60_000;

const dataOf = async ({ store }: Setting, type: string): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for await (const page of store.readAll({ filter: { types: [type] } }))
    for (const { data } of right(page).events) found.push(JSON.parse(data));
  return found;
};

describe('a prompt that nobody answers', () => {
  it('times out at its instant, though nothing else is heard of the session', async () => {
    const { store, engine, now, setNow } = await settingInJanuary();
    const scheduler = schedulerOver(store, now);
    right(await scheduler.runDue());
    expect(scheduler.nextDueAt()).toBe(JANUARY + MINUTE_MS);
    setNow(JANUARY + MINUTE_MS - 1);
    right(await scheduler.runDue());
    expect(await countOf(store, 'ConsentTimedOut')).toBe(0);
    setNow(JANUARY + MINUTE_MS);
    right(await scheduler.runDue());
    expect(await dataOf({ store, engine, now, setNow }, 'ConsentTimedOut')).toStrictEqual([
      { timedOutAt: JANUARY + MINUTE_MS },
    ]);
  });

  it('is let wait as long again where the log heard of it late, so that its answer may follow', async () => {
    const setting = await settingInJanuary();
    const { store, engine, now, setNow } = setting;
    const later = JANUARY + 90 * 86_400_000;
    setNow(later);
    const scheduler = schedulerOver(store, now);
    right(await scheduler.runDue());
    right(await engine.entry(asking('s-late', JANUARY + 1)));
    right(await scheduler.runDue());
    const answer = { entry: 'prompt-answered', session: 's-late', by: 'remote-side' } as const;
    const answered = await engine.entry({ ...answer, at: JANUARY + 9, answer: 'allowed' });
    expect(right(answered).refusal).toBeNull();
    setNow(later + MINUTE_MS);
    right(await scheduler.runDue());
    expect(await countOf(store, 'ConsentGranted')).toBe(1);
    expect(await countOf(store, 'ConsentTimedOut')).toBe(1);
  });
});

describe('an agenda', () => {
  it('is woken by an event that makes something due earlier', async () => {
    const { store, engine, now, setNow } = await settingInJanuary();
    setNow(JANUARY + 2 * MINUTE_MS);
    const stop = new AbortController();
    const waits: number[] = [];
    let wake: () => void = () => undefined;
    const slept = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    let next = slept();
    const clock = {
      now,
      waitUntil: (instant: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          waits.push(instant);
          signal.addEventListener('abort', () => resolve());
          wake();
        }),
    };
    const followed = schedulerOver(store, now, { clock }).follow(stop.signal);
    await next;
    const at = JANUARY + 2 * MINUTE_MS;
    right(await engine.entry(asking('s-2', at)));
    while (!waits.includes(at + MINUTE_MS)) {
      next = slept();
      await next;
    }
    stop.abort();
    right(await followed);
    const holdEndsAt = JANUARY + 48 * 60 * MINUTE_MS;
    expect(waits[0]).toBeGreaterThanOrEqual(holdEndsAt);
  });

  it('leaves a company alone that is being read in, and nobody else', async () => {
    const { store, now, setNow } = await settingInJanuary();
    setNow(JANUARY + 86_400_000);
    let isBusy = true;
    const scheduler = schedulerOver(store, now, { isBusy: () => isBusy });
    right(await scheduler.runDue());
    expect(await countOf(store, 'ConsentTimedOut')).toBe(0);
    isBusy = false;
    right(await scheduler.runDue());
    expect(await countOf(store, 'ConsentTimedOut')).toBe(1);
  });

  it('starts over where the log is another one than it has read', async () => {
    const { store, now, setNow } = await settingInJanuary();
    const agenda = anAgenda();
    agenda.apply([], 1_000_000);
    setNow(JANUARY + 86_400_000);
    right(await schedulerOver(store, now, { agenda }).runDue());
    expect(await countOf(store, 'ConsentTimedOut')).toBe(1);
  });
});

describe('what has been settled by somebody else', () => {
  it('is left alone, without a refusal in the log, where the agenda has not heard of it', async () => {
    const { store, engine, now, setNow } = await settingInJanuary();
    const agenda = anAgenda();
    const deaf = { ...agenda, types: agenda.types.filter((type) => type !== 'HoldCaptured') };
    const live = right(await liveChargeOf(engine.deps, COMPANY, 's-left')).state;
    const commandId = 'test/capture';
    const call = {
      company: COMPANY,
      actor: system,
      commandId,
      correlationId: 's-left',
      at: JANUARY,
    };
    right(await captureCharge(engine.deps)(call, live?.chargeId ?? ''));
    setNow(JANUARY + 3 * 86_400_000);
    right(await schedulerOver(store, now, { agenda: deaf }).runDue());
    expect(await countOf(store, 'HoldReleased')).toBe(0);
    expect(await countOf(store, 'CommandRefused')).toBe(0);
  });

  it('does not come back when an earlier page of the log is read again', () => {
    const agenda = anAgenda();
    agenda.apply([], 10);
    agenda.apply([], 5);
    expect(agenda.read()).toBe(10);
  });
});

describe('free credits of months', () => {
  const utc = (month: number, day: number): number => Date.UTC(2026, month - 1, day, 12);
  const run = async (setting: Setting, at: number, command: CompanyCommand): Promise<void> => {
    setting.setNow(at);
    right(await setting.engine.company(command, at));
  };
  const activate = { command: 'ActivateAi', termsVersion: '1' } as const;
  const register = { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' } as const;
  const granted = async (setting: Setting): Promise<readonly unknown[]> =>
    (await dataOf(setting, 'MonthlyCreditsGranted')).map((data) => {
      const { month, plan, effectiveAt } = data as Record<string, unknown>;
      return [month, plan, effectiveAt];
    });
  const start = (month: number): number => Date.UTC(2026, month - 1, 1);

  const offAndOnAgain = async (): Promise<Setting> => {
    const setting = emptySetting();
    await run(setting, utc(1, 10), register);
    await run(setting, utc(1, 10), activate);
    await run(setting, utc(3, 10), { command: 'ChangePlan', plan: 'premium' });
    await run(setting, utc(4, 10), { command: 'DeactivateAi' });
    await run(setting, utc(7, 20), activate);
    setting.setNow(utc(8, 5));
    return setting;
  };
  const due = [
    ['2026-01', 'business', utc(1, 10)],
    ['2026-02', 'business', start(2)],
    ['2026-03', 'business', start(3)],
    ['2026-04', 'premium', start(4)],
    ['2026-07', 'premium', utc(7, 20)],
    ['2026-08', 'premium', start(8)],
  ];

  it('are of those in which AI was on, with the plan of their beginning, though nobody looked before', async () => {
    const setting = await offAndOnAgain();
    right(await schedulerOver(setting.store, setting.now).runDue());
    expect((await granted(setting)).toSorted()).toStrictEqual(due);
  });

  it('are the same where the grants process, a first use and the scheduler issue them in turn', async () => {
    const setting = await offAndOnAgain();
    const { store, engine, now } = setting;
    right(await engine.grants.runUntil(await headOf(store)));
    right(await ensureMonthlyGrants(engine.deps)(COMPANY, now()));
    const before = await storedTypes(store);
    right(await schedulerOver(store, now).runDue());
    expect((await granted(setting)).toSorted()).toStrictEqual(due);
    const after = (await storedTypes(store)).slice(before.length);
    expect(after.filter((stored) => stored.includes('Granted'))).toStrictEqual([]);
  });

  it('are none for months after AI was switched off, and the scheduler sleeps', async () => {
    const setting = emptySetting();
    await run(setting, utc(1, 10), register);
    await run(setting, utc(1, 10), activate);
    await run(setting, utc(2, 10), { command: 'DeactivateAi' });
    setting.setNow(utc(9, 1));
    const scheduler = schedulerOver(setting.store, setting.now);
    right(await scheduler.runDue());
    expect((await granted(setting)).map((grant) => (grant as string[])[0])).toStrictEqual([
      '2026-01',
      '2026-02',
    ]);
    expect(scheduler.nextDueAt()).toBeNull();
  });
});
