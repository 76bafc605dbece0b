import { makeCommandHandler, type Aggregate } from '@daybook/command-handling';
import { creditAccount, type CreditAccount, type CreditEvent } from '@daybook/domain/credits';
import { creditsStream } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { accountSnapshots } from '../src/account-snapshots.js';
import { accounts } from '../src/aggregates.js';
import { contextOf, stepOf, system, type Call } from '../src/call.js';
import { senders } from '../src/company-commands.js';
import { captureCharge, placeHold, releaseCharge } from '../src/credit-flow.js';
import type { CommandDeps } from '../src/deps.js';
import { openSnapshots, type KeptSnapshots } from '../src/snapshots.js';
import { AT, COMPANY, headOf, memoryStore, right } from './in-memory-engine.js';

// Goal: snapshots of an account change no answer, whatever becomes of their file. Method: the same
// commands with restarts and a spoilt file as without either; retries across a snapshot and a restart.

let directory = '';
let open: KeptSnapshots[] = [];
const problems: string[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-snapshots-'));
});
afterEach(() => {
  for (const kept of open.splice(0)) kept.close();
  problems.splice(0);
  rmSync(directory, { recursive: true, force: true });
});

/** A process on the log and the file of snapshots; the one before it is gone. */
const restarted = (store: EventStore): CommandDeps => {
  for (const kept of open.splice(0)) kept.close();
  const kept = openSnapshots({ directory, onSnapshotProblem: (p) => problems.push(p.problem) });
  open = [kept];
  return { handler: makeCommandHandler({ store, ruleBook, ...kept.options }), ruleBook, store };
};

const file = (): Database.Database => new Database(join(directory, 'snapshots.db'));

const written = async (turns = 20): Promise<void> => {
  for (let n = 0; n < turns; n += 1) await turn();
};

const callOf = (commandId: string, at = AT): Call => ({
  company: COMPANY,
  actor: system,
  commandId,
  correlationId: commandId,
  at,
});

const purchased = async (deps: CommandDeps, amount: number): Promise<void> => {
  const orderNumber = 'PO-1';
  right(
    await senders(deps, callOf('purchase')).credits({
      type: 'PurchaseCredits',
      orderNumber,
      amount,
      purchasedAt: AT,
      timeZone: 'UTC',
    }),
  );
};

/** Where streams are read from. */
const watched = (store: EventStore): Readonly<{ store: EventStore; from: number[] }> => {
  const from: number[] = [];
  const readStream: EventStore['readStream'] = (stream, options) => {
    if (options?.limit === undefined) from.push(options?.from ?? 0);
    return store.readStream(stream, options);
  };
  return { store: { ...store, readStream }, from };
};

const SESSIONS = 5_100;

const busyAccount = async (store: EventStore): Promise<void> => {
  const deps = restarted(store);
  await purchased(deps, SESSIONS - 1);
  const sessions = Array.from({ length: SESSIONS }, (_, n) => `s${n}`);
  const holds = await Promise.all(sessions.map((s) => placeHold(deps)(callOf(`hold/${s}`), s)));
  for (const [n, hold] of holds.entries()) {
    const answer = right(hold);
    if (answer.held && n > 0) void captureCharge(deps)(callOf(`use/s${n}`), answer.chargeId);
  }
  const stream = creditsStream(COMPANY);
  await deps.handler.load(accounts, stream)();
  right(await releaseCharge(deps)(callOf('give/s0'), 's0:0'));
  await written(400);
};

const held = async (deps: CommandDeps, session: string) =>
  right(await placeHold(deps)(callOf(`hold/${session}`), session));

describe('a retry across a snapshot and a restart', () => {
  it('gets the first answer, with its charge, and writes nothing', async () => {
    const log = watched(memoryStore());
    await busyAccount(log.store);
    const head = await headOf(log.store);
    log.from.splice(0);
    const deps = restarted(log.store);
    const chargeId = 's7:0';
    expect(await held(deps, 's7')).toMatchObject({ held: true, chargeId });
    expect(log.from[0]).toBeGreaterThan(10_000);
    expect(right(await captureCharge(deps)(callOf('use/s7'), chargeId))).toBeGreaterThan(0);
    expect(await held(deps, `s${SESSIONS - 1}`)).toMatchObject({
      held: false,
      refusal: { _tag: 'InsufficientCredits', missing: 1 },
    });
    expect(right(await releaseCharge(deps)(callOf('give/s0'), 's0:0'))).toBeGreaterThan(0);
    expect(await headOf(log.store)).toBe(head);
    expect(problems).toStrictEqual([]);
  });
  it('is recognised by the account where the command is no longer remembered', async () => {
    const store = memoryStore();
    await busyAccount(store);
    const head = await headOf(store);
    const deps = restarted(store);
    const forgotten = right(await placeHold(deps)(callOf('another id for the same use'), 's7'));
    expect(forgotten).toMatchObject({ held: true, chargeId: 's7:0' });
    const again = callOf('another id for the same capture');
    right(await captureCharge(deps)(again, 's7:0'));
    expect(await headOf(store)).toBe(head);
  });
});

const small: Aggregate<CreditAccount, CreditEvent> = {
  ...accounts,
  snapshots: { ...accountSnapshots, everyEvents: 3 },
};

type Step =
  | Readonly<{ kind: 'hold' | 'capture' | 'release' | 'reverse'; session: number; retry: number }>
  | Readonly<{ kind: 'restart'; spoil: readonly string[] }>;

const SPOILS = [
  'DELETE FROM snapshots WHERE revision % 2 = 0',
  'DELETE FROM parts WHERE ordinal = 1',
  `UPDATE parts SET text = replace(text, '"unallocated":', '"unallocated":9')`,
  'UPDATE snapshots SET version = version + 1 WHERE revision % 3 = 0',
  'UPDATE snapshots SET revision = revision + 1',
  'UPDATE parts SET revision = revision + 1',
  'DELETE FROM snapshots',
  `UPDATE snapshots SET event_id = 'another'`,
  'DROP TABLE parts',
];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constantFrom('hold' as const, 'hold', 'capture', 'release', 'reverse'),
        session: fc.integer({ min: 0, max: 6 }),
        retry: fc.integer({ min: 0, max: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('restart' as const),
        spoil: fc.subarray(SPOILS, { maxLength: 2 }),
      }),
    },
  ),
  { minLength: 20, maxLength: 60 },
);

const commandOf = (step: Exclude<Step, { kind: 'restart' }>) => {
  const chargeId = `s${step.session}:${step.retry % 2}`;
  switch (step.kind) {
    case 'hold':
      return { type: 'HoldCredits', sessionId: `s${step.session}`, heldAt: AT } as const;
    case 'capture':
      return { type: 'CaptureHold', chargeId, capturedAt: AT } as const;
    case 'release':
      return {
        type: 'ReleaseHold',
        chargeId,
        reason: 'nothing-succeeded',
        releasedAt: AT,
      } as const;
    case 'reverse':
      return {
        type: 'ReverseCharge',
        chargeId,
        reason: 'charged-in-error',
        reversedAt: AT,
      } as const;
  }
};

const send = (
  { handler }: CommandDeps,
  aggregate: Aggregate<CreditAccount, CreditEvent>,
  step: Exclude<Step, { kind: 'restart' }>,
) =>
  handler.handle({
    aggregate,
    stream: creditsStream(COMPANY),
    context: contextOf(stepOf(callOf(`${step.kind}/${step.session}`), String(step.retry))),
    command: step.kind,
    decide: (state) => creditAccount.decide(commandOf(step), state),
  })();

const spoilt = (spoil: readonly string[]): void => {
  const db = file();
  for (const sql of spoil) {
    try {
      db.exec(sql);
    } catch {
      // A key that another row has, or a table that is gone: the file is spoilt enough.
    }
  }
  db.close();
};

describe('answers of an account', () => {
  it('are the same bytes whatever becomes of the snapshots', async () => {
    const law = async (script: readonly Step[]): Promise<void> => {
      const [plain, log] = [memoryStore(), memoryStore()];
      const steady: CommandDeps = {
        handler: makeCommandHandler({ store: plain, ruleBook }),
        ruleBook,
        store: plain,
      };
      let deps = restarted(log);
      for (const each of [steady, deps]) await purchased(each, 4);
      deps = restarted(log);
      for (const step of script) {
        if (step.kind === 'restart') {
          spoilt(step.spoil);
          deps = restarted(log);
          continue;
        }
        const expected = JSON.stringify(await send(steady, accounts, step));
        expect(JSON.stringify(await send(deps, small, step))).toBe(expected);
        if (step.retry === 1) await written(8);
      }
    };
    await fc.assert(fc.asyncProperty(steps, law), { numRuns: 40 });
  });
});

describe('the file of snapshots', () => {
  it('is replaced when it is none', async () => {
    writeFileSync(join(directory, 'snapshots.db'), 'not a database at all, but a text'.repeat(99));
    const store = memoryStore();
    await busyAccount(store);
    expect(file().prepare('SELECT count(*) FROM snapshots').pluck().get()).toBeGreaterThan(0);
  });
  it('keeps two snapshots of a stream and no parts of others', async () => {
    const store = memoryStore();
    await purchased(restarted(store), 40);
    const deps = restarted(store);
    for (let session = 0; session < 40; session += 1) {
      await send(deps, small, { kind: 'hold', session, retry: 0 });
      await written(8);
    }
    const db = file();
    const of = (table: string): unknown[] =>
      db.prepare(`SELECT DISTINCT revision FROM ${table} ORDER BY revision`).pluck().all();
    expect(of('snapshots')).toHaveLength(2);
    expect(of('parts')).toStrictEqual(of('snapshots'));
    db.close();
  });
  it('is not needed: where it cannot be, every stream is folded from its beginning', () => {
    const nowhere = openSnapshots({
      directory: join(directory, 'missing'),
      onSnapshotProblem: (problem) => problems.push(problem.problem),
    });
    expect(nowhere.options).toStrictEqual({});
    expect(problems).toStrictEqual(['unreadable']);
    nowhere.close();
  });
});
