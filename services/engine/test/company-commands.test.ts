import * as E from 'fp-ts/lib/Either.js';
import { decodeCompanyCommand } from '../src/company-command.js';
import { devices } from '../src/aggregates.js';
import { runCompanyCommand } from '../src/company-commands.js';
import { makeCommandHandler } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import { AT, COMPANY, engineOver, memoryStore, right, setUp } from './in-memory-engine.js';

// Goal: commands from outside are checked field by field, and billing's acts by hand reach the account
// with their author and reason.

describe('a command from outside', () => {
  it.each([
    [{ command: 'Nonsense' }, 'command'],
    [{ command: 'ActivateAi' }, 'termsVersion'],
    [{ command: 'ActivateAi', termsVersion: '1', terms: '2' }, 'terms'],
    [{ command: 'ChangePlan', plan: 'gold' }, 'plan'],
    [{ command: 'PurchaseCredits', orderNumber: 'P 1', amount: 1 }, 'orderNumber'],
    [{ command: 'PurchaseCredits', orderNumber: 'P1', amount: 1.5 }, 'amount'],
    [{ command: 'DefinePolicy', policyId: 'p', setting: { state: 'on' } }, 'setting.state'],
    [
      {
        command: 'AddCredits',
        adjustmentId: 'A1',
        amount: 1,
        effectiveAt: 'yesterday',
        expiresAt: '2026-04-01T00:00:00Z',
        reason: 'goodwill',
      },
      'effectiveAt',
    ],
  ])('names the field that is wrong: %j', (command, field) => {
    const decoded = decodeCompanyCommand(command);
    expect(E.isLeft(decoded) ? decoded.left.field : 'accepted').toBe(field);
  });
});

describe('credits that are changed by hand', () => {
  const add = right(
    decodeCompanyCommand({
      command: 'AddCredits',
      adjustmentId: 'A-1',
      amount: 3,
      effectiveAt: '2026-03-01T00:00:00Z',
      expiresAt: '2026-04-01T00:00:00Z',
      reason: 'goodwill after an outage',
    }),
  );
  const over = async () => {
    const store = memoryStore();
    await setUp(engineOver(store), 1);
    const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
    return (kind: 'administrator' | 'supporter') =>
      runCompanyCommand(deps)(
        {
          company: COMPANY,
          actor: { kind, id: 'u-2' },
          commandId: `by-${kind}`,
          correlationId: 'c',
          at: AT,
        },
        add,
      );
  };

  it('carry their reason and author', async () => {
    const send = await over();
    expect(right(await send('administrator')).events).toMatchObject([
      {
        type: 'CreditsAdded',
        data: { amount: 3, author: 'u-2', reason: 'goodwill after an outage' },
      },
    ]);
  });

  it('need an administrator', async () => {
    const send = await over();
    expect(await send('supporter')).toStrictEqual({
      _tag: 'Left',
      left: { _tag: 'Refused', refusal: { _tag: 'AdministratorRequired', actorKind: 'supporter' } },
    });
  });
});

describe('a setting that was already so', () => {
  it('is not made so again by the same command, when somebody has changed it since', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 1);
    const none = { command: 'SetDevicePolicySource', deviceId: 'd-1', source: 'none' } as const;
    const own = { ...none, source: 'own', policyId: 'p-1' } as const;
    const setting = { state: 'set', reporting: true, insights: true } as const;
    right(await engine.company({ command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' }));
    right(await engine.company({ command: 'DefinePolicy', policyId: 'p-1', setting }));
    const first = right(await engine.company(none));
    expect(first.events).toStrictEqual([]);
    right(await engine.company(own));
    expect(right(await engine.company(none))).toStrictEqual({ ...first, repeated: true });
    const device = await engine.deps.handler.load(devices, streamOf('device', COMPANY, 'd-1'))();
    expect(right(device).state).toMatchObject({ policySource: { source: 'own', policyId: 'p-1' } });
  });
});
