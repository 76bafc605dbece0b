import { ruleBook } from '@daybook/domain/rules';
import {
  defaultNotice,
  makeExtractiveSummarizer,
  openEngine,
  readHistoricBalance,
  startProcesses,
  type CompanyCommand,
  type Engine,
} from '@daybook/engine';
import { right } from '../synthetic/company.js';
import { makeVirtualClock } from './virtual-clock.js';

/** A company's year: AI is switched on in the middle of the month before `firstMonth`. */
export type Year = Readonly<{
  timeZone: string;
  /** Epoch milliseconds. */
  from: number;
  until: number;
  /** The engine does not run then. */
  down: Readonly<{ from: number; until: number }> | null;
}>;

export type Grant = Readonly<{
  month: string;
  amount: number;
  effectiveAt: number;
  expiresAt: number;
  recordedAt: number;
}>;

export type Lapse = Readonly<{
  lotId: string;
  amount: number;
  lapsedAt: number;
  recordedAt: number;
}>;

export type SimulatedYear = Readonly<{
  grants: readonly Grant[];
  lapses: readonly Lapse[];
  /** Events of the account, each without when it was recorded: what must not depend on who ran when. */
  account: readonly string[];
  /** Credits available in the middle of each granted month, as the log knows it in the end. */
  midMonths: readonly Readonly<{ asOf: number; available: number }>[];
  wakings: number;
}>;

export const COMPANY = 'year';

const DAY_MS = 86_400_000;

const commands: readonly CompanyCommand[] = [
  { command: 'ActivateAi', termsVersion: '2026-01' },
  { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
];

export const setUp = async (engine: Engine, year: Year): Promise<void> => {
  const { timeZone, from: at } = year;
  const register = { command: 'RegisterCompany', plan: 'business', timeZone } as const;
  for (const command of [register, ...commands]) {
    const commandId = `setup/${command.command}`;
    const actor = { kind: 'administrator', id: 'u-admin' } as const;
    const call = { company: COMPANY, actor, commandId, correlationId: commandId, at };
    right(await engine.company(call, command));
  }
};

const readAccount = async (
  engine: Engine,
): Promise<Pick<SimulatedYear, 'grants' | 'lapses' | 'account'>> => {
  const [grants, lapses, account]: [Grant[], Lapse[], string[]] = [[], [], []];
  for await (const page of engine.store.readStream(`credits-${COMPANY}`))
    for (const { id, type, data, metadata, recordedAt } of right(page).events) {
      account.push(JSON.stringify([id, type, data, metadata]));
      const parsed = JSON.parse(data) as Grant & Lapse;
      if (type === 'MonthlyCreditsGranted') grants.push({ ...parsed, recordedAt });
      if (type === 'CreditsLapsed') lapses.push({ ...parsed, recordedAt });
    }
  return { grants, lapses, account };
};

const readMidMonths = async (
  engine: Engine,
  grants: readonly Grant[],
  knownAt: number,
): Promise<SimulatedYear['midMonths']> => {
  const found: { asOf: number; available: number }[] = [];
  for (const { expiresAt } of grants) {
    const asOf = expiresAt - 15 * DAY_MS;
    const read = right(await readHistoricBalance(engine.store)(COMPANY, { asOf, knownAt }));
    found.push({ asOf, available: read.balance.available });
  }
  return found;
};

/**
 * Runs an engine on a directory through a year, with a clock that jumps to whatever is due next. Where
 * it is down for some time, it is closed and opened again, as after a machine was switched off.
 */
export const simulateYear = async (directory: string, year: Year): Promise<SimulatedYear> => {
  const { from, until, down } = year;
  const timer = makeVirtualClock(from);
  const open = async (): Promise<Engine> =>
    right(
      await openEngine({
        directory,
        ruleBook,
        summarizer: makeExtractiveSummarizer(),
        clock: timer.now,
        timer,
        notice: defaultNotice,
        summariesAtOnce: 1,
      }),
    );
  const liveUntil = async (engine: Engine, instant: number): Promise<void> => {
    const running = startProcesses(engine);
    await timer.advanceTo(instant);
    await running.stop();
  };
  let engine = await open();
  await setUp(engine, year);
  if (down !== null) {
    await liveUntil(engine, down.from);
    await engine.close();
    timer.jumpTo(down.until);
    engine = await open();
  }
  await liveUntil(engine, until);
  const account = await readAccount(engine);
  const midMonths = await readMidMonths(engine, account.grants, timer.now());
  await engine.close();
  return { ...account, midMonths, wakings: timer.wakings() };
};
