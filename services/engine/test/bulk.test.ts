import { makeCommandHandler } from '@daybook/command-handling';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { runBulk, type BulkCommand, type BulkOutcome, type BulkStopped } from '../src/bulk.js';
import type { Call } from '../src/call.js';
import type { CompanyCommand } from '../src/company-command.js';
import { AT, COMPANY, countOf, engineOver, memoryStore, right } from './in-memory-engine.js';

// Goal: one command for many is told item by item, and after a crash at any item the same command does
// the rest and nothing twice. Method: a store that stops taking writes after a number of them.

const admin = { kind: 'administrator', id: 'u-me' } as const;
const callOf = (commandId = 'bulk-1', actor: Call['actor'] = admin): Call => ({
  company: COMPANY,
  actor,
  commandId,
  correlationId: commandId,
  at: AT,
});

const failed = { _tag: 'StoreUnavailable', reason: 'io', message: 'no disk' } as const;

/** Takes so many appends and no more: a process that is killed, or a disk that is gone. */
const stoppingAfter = (store: EventStore, appends: number): EventStore => {
  let left = appends;
  return {
    ...store,
    append: (...request) => {
      left -= 1;
      return left >= 0 ? store.append(...request) : TE.left(failed);
    },
  };
};

const bulkOver = (store: EventStore) =>
  runBulk({ handler: makeCommandHandler({ store, ruleBook }), ruleBook, store });

type Told = Readonly<{ outcomes: readonly BulkOutcome[]; stopped: BulkStopped | null }>;

const told = async (store: EventStore, bulk: BulkCommand, call = callOf()): Promise<Told> => {
  const outcomes: BulkOutcome[] = [];
  for await (const item of bulkOver(store)(call, bulk)) {
    if (E.isLeft(item)) return { outcomes, stopped: item.left };
    outcomes.push(item.right);
  }
  return { outcomes, stopped: null };
};

const pairs = ({ outcomes }: Told): readonly (readonly [string, string])[] =>
  outcomes.map(({ id, outcome }) => [id, outcome] as const);

const users = ['u-me', 'u-1', 'u-2', 'u-3', 'u-4'];

const company = async (): Promise<EventStore> => {
  const store = memoryStore();
  const engine = engineOver(store);
  const on = { state: 'enforced', reporting: true, insights: true } as const;
  const commands: readonly CompanyCommand[] = [
    { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' },
    ...users.map((userId) => ({ command: 'RegisterUser', userId, role: 'supporter' }) as const),
    { command: 'DefinePolicy', policyId: 'p', setting: on },
    { command: 'CreateGroup', groupId: 'g' },
    { command: 'CreateGroup', groupId: 'h' },
    ...['d-1', 'd-2', 'd-3', 'd-4'].map(
      (deviceId) => ({ command: 'EnrolDevice', deviceId, platform: 'windows' }) as const,
    ),
    ...['d-1', 'd-3'].map(
      (deviceId) =>
        ({ command: 'SetDevicePolicySource', deviceId, source: 'group', groupId: 'g' }) as const,
    ),
    { command: 'ReleaseDevice', deviceId: 'd-4' },
  ];
  for (const command of commands) right(await engine.company(command));
  return store;
};

const loggingOff = (selection: Extract<BulkCommand, { set: 'session-logging' }>['users']) =>
  ({ set: 'session-logging', enabled: false, users: selection }) as const;

describe('one setting for many users', () => {
  it.each([
    [{ kind: 'all' } as const, users],
    [{ kind: 'all-but-me' } as const, ['u-1', 'u-2', 'u-3', 'u-4']],
    [{ kind: 'all-but', ids: ['u-2', 'u-4'] } as const, ['u-me', 'u-1', 'u-3']],
    [{ kind: 'me' } as const, ['u-me']],
    [{ kind: 'list', ids: ['u-3', 'u-1', 'u-3'] } as const, ['u-3', 'u-1']],
  ])('%j reaches them, each with an outcome of their own', async (selection, reached) => {
    const store = await company();
    const first = await told(store, loggingOff(selection));
    expect(pairs(first)).toStrictEqual(reached.map((id) => [id, 'changed']));
    expect(await countOf(store, 'SessionLoggingSet')).toBe(reached.length);
  });

  it('gives the first answer again to the same command, and “unchanged” to another one', async () => {
    const store = await company();
    const first = await told(store, loggingOff({ kind: 'all' }));
    expect(await told(store, loggingOff({ kind: 'all' }))).toStrictEqual(first);
    const other = await told(store, loggingOff({ kind: 'all' }), callOf('bulk-2'));
    expect(pairs(other)).toStrictEqual(users.map((id) => [id, 'unchanged']));
    expect(await countOf(store, 'SessionLoggingSet')).toBe(users.length);
  });

  it('refuses each for itself: an unknown user, and what a supporter may not set', async () => {
    const store = await company();
    const list = loggingOff({ kind: 'list', ids: ['u-1', 'u-9', 'u-2'] });
    const asked = await told(store, list, callOf('b', { kind: 'supporter', id: 'u-2' }));
    expect(
      asked.outcomes.map((item) => (item.outcome === 'refused' ? item.refusal : item.outcome)),
    ).toStrictEqual([
      { _tag: 'AdministratorRequired', actorKind: 'supporter' },
      { _tag: 'AdministratorRequired', actorKind: 'supporter' },
      'changed',
    ]);
    const unknown = await told(store, loggingOff({ kind: 'list', ids: ['u-9'] }));
    expect(unknown.outcomes).toStrictEqual([
      {
        id: 'u-9',
        position: 0,
        outcome: 'refused',
        refusal: { _tag: 'UserNotRegistered', userId: 'u-9' },
      },
    ]);
  });
});

describe('one setting for many devices', () => {
  const denied = (devices: Extract<BulkCommand, { set: 'access-control' }>['devices']) =>
    ({ set: 'access-control', value: 'denied', devices }) as const;

  it('reaches all that are managed, those that inherit from a group, or a list', async () => {
    const store = await company();
    const inGroup = await told(store, denied({ kind: 'group', groupId: 'g' }), callOf('b1'));
    expect(pairs(inGroup)).toStrictEqual([
      ['d-1', 'changed'],
      ['d-3', 'changed'],
    ]);
    const all = await told(store, denied({ kind: 'all' }), callOf('b2'));
    expect(pairs(all)).toStrictEqual([
      ['d-1', 'unchanged'],
      ['d-2', 'changed'],
      ['d-3', 'unchanged'],
    ]);
    const list = await told(store, denied({ kind: 'list', ids: ['d-4', 'd-2'] }), callOf('b3'));
    expect(pairs(list)).toStrictEqual([
      ['d-4', 'refused'],
      ['d-2', 'unchanged'],
    ]);
  });

  it('moves a whole group, and a device that came back is one device', async () => {
    const store = await company();
    right(
      await engineOver(store).company(
        { command: 'EnrolDevice', deviceId: 'd-4', platform: 'windows' },
        AT + 1,
      ),
    );
    const to = { source: 'group', groupId: 'h' } as const;
    const moved = await told(store, {
      set: 'policy-source',
      to,
      devices: { kind: 'group', groupId: 'g' },
    });
    expect(pairs(moved)).toStrictEqual([
      ['d-1', 'changed'],
      ['d-3', 'changed'],
    ]);
    const all = await told(
      store,
      { set: 'policy-source', to, devices: { kind: 'all' } },
      callOf('b'),
    );
    expect(pairs(all)).toStrictEqual([
      ['d-1', 'unchanged'],
      ['d-2', 'changed'],
      ['d-3', 'unchanged'],
      ['d-4', 'changed'],
    ]);
  });

  it('is refused as a whole for a group that nobody made', async () => {
    const asked = await told(await company(), denied({ kind: 'group', groupId: 'none' }));
    expect(asked).toStrictEqual({
      outcomes: [],
      stopped: { _tag: 'Refused', refusal: { _tag: 'DeviceGroupNotCreated' } },
    });
  });
});

describe('a bulk command that is killed', () => {
  it.each([0, 1, 2, 3, 4])('after %d writes is finished by the same command', async (written) => {
    const store = await company();
    const bulk = loggingOff({ kind: 'all' });
    const broken = await told(stoppingAfter(store, written), bulk);
    expect(broken.stopped).toStrictEqual(failed);
    const before = await countOf(store, 'SessionLoggingSet');
    expect(before).toBe(written);
    const whole = await told(store, bulk);
    expect(whole.stopped).toBeNull();
    expect(pairs(whole)).toStrictEqual(users.map((id) => [id, 'changed']));
    expect(await countOf(store, 'SessionLoggingSet')).toBe(users.length);
  });

  it('tells the items in their order while at most 64 are under way', async () => {
    const store = memoryStore();
    const engine = engineOver(store);
    right(await engine.company({ command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' }));
    const ids = Array.from({ length: 300 }, (_, index) => `u-${index}`);
    let under = 0;
    let most = 0;
    const counting: EventStore = {
      ...store,
      append:
        (...request) =>
        async () => {
          under += 1;
          most = Math.max(most, under);
          await new Promise((resolve) => setImmediate(resolve));
          const answer = await store.append(...request)();
          under -= 1;
          return answer;
        },
    };
    for (const userId of ids)
      right(await engine.company({ command: 'RegisterUser', userId, role: 'supporter' }));
    const asked = await told(counting, loggingOff({ kind: 'all' }));
    expect(pairs(asked)).toStrictEqual(ids.map((id) => [id, 'changed']));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(64);
  });

  it('leaves nothing under way when nobody listens any more', async () => {
    const store = await company();
    for await (const item of bulkOver(store)(callOf(), loggingOff({ kind: 'all' }))) {
      expect(item).toMatchObject({ right: { id: 'u-me', outcome: 'changed' } });
      break;
    }
    const written = await countOf(store, 'SessionLoggingSet');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await countOf(store, 'SessionLoggingSet')).toBe(written);
  });
});
