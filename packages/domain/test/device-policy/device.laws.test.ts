import * as E from 'fp-ts/lib/Either.js';
import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  device,
  effectiveSetting,
  type DeviceCommand,
  type DeviceEvent,
  type DeviceState,
  type InsightsSetting,
} from '../../src/device-policy/index.js';
import { applied, enrolled, switched } from './builders.js';

/*
 * Laws over arbitrary runs of commands. The history is decided command by command; what should be in
 * effect is computed from the events alone, without the state under test.
 */
const toggles = ['reporting', 'insights'] as const;
const toggle = fc.constantFrom(...toggles);
const policyId = fc.constantFrom('p1', 'p2');
const groupId = fc.constantFrom('g1', 'g2');

const settingOf = (policy: string, version: number): InsightsSetting => {
  const state = (['absent', 'set', 'enforced'] as const)[(policy.charCodeAt(1) + version) % 3];
  return state === undefined || state === 'absent'
    ? { state: 'absent', reporting: false, insights: false }
    : { state, reporting: version !== 2, insights: version !== 3 };
};

const command: fc.Arbitrary<DeviceCommand> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<DeviceCommand>({ type: 'ReleaseDevice' }) },
  {
    weight: 2,
    arbitrary: fc.constant<DeviceCommand>({ type: 'EnrolDevice', platform: 'windows' }),
  },
  {
    weight: 4,
    arbitrary: fc.oneof(
      policyId.map<DeviceCommand>((id) => ({
        type: 'SetDevicePolicySource',
        source: 'own',
        policyId: id,
      })),
      groupId.map<DeviceCommand>((id) => ({
        type: 'SetDevicePolicySource',
        source: 'group',
        groupId: id,
      })),
      fc.constant<DeviceCommand>({ type: 'SetDevicePolicySource', source: 'none' }),
    ),
  },
  {
    weight: 12,
    arbitrary: fc
      .tuple(policyId, fc.integer({ min: 1, max: 4 }), fc.option(groupId))
      .map<DeviceCommand>(([id, version, from]) => ({
        type: 'ApplyPolicy',
        policyId: id,
        version,
        groupId: from,
        setting: settingOf(id, version),
      })),
  },
  { weight: 1, arbitrary: fc.constant<DeviceCommand>({ type: 'WithdrawPolicy' }) },
  {
    weight: 6,
    arbitrary: fc.tuple(toggle, fc.boolean()).map<DeviceCommand>(([which, enabled]) => ({
      type: 'SetLocalSwitch',
      toggle: which,
      enabled,
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('allowed', 'denied', 'after-confirmation')
      .map<DeviceCommand>((insightsLogging) => ({ type: 'SetAccessControl', insightsLogging })),
  },
);
const commands = fc.array(command, { maxLength: 60 });

type Applied = Extract<DeviceEvent, { type: 'PolicyApplied' }>['data'];

/** The last policy applied and not withdrawn, read from the events. */
const policyInEffect = (events: readonly DeviceEvent[]): Applied | null => {
  let inEffect: Applied | null = null;
  for (const event of events) {
    if (event.type === 'PolicyApplied') inEffect = event.data;
    if (event.type === 'PolicyWithdrawn') inEffect = null;
  }
  return inEffect;
};

const evolveAll = (state: DeviceState, events: readonly DeviceEvent[]): DeviceState =>
  events.reduce(device.evolve, state);

/** Decides each command in turn and shows every step to `look`. */
const run = (
  list: readonly DeviceCommand[],
  look: (step: {
    command: DeviceCommand;
    before: DeviceState;
    after: DeviceState;
    decision: ReturnType<typeof device.decide>;
    history: readonly DeviceEvent[];
  }) => void,
): void => {
  let history: readonly DeviceEvent[] = [enrolled];
  for (const each of list) {
    const before = evolveAll(device.initialState(), history);
    const decision = device.decide(each, before);
    if (E.isRight(decision)) history = [...history, ...decision.right];
    look({
      command: each,
      before,
      after: evolveAll(device.initialState(), history),
      decision,
      history,
    });
  }
};

describe('in every run of commands', () => {
  law('at most one policy is in effect: the one applied last and not withdrawn', (trial) => {
    fc.assert(
      fc.property(commands, (list) => {
        run(list, ({ after, history }) => {
          const inEffect = policyInEffect(history);
          const expected = inEffect?.setting.state === 'absent' ? null : inEffect;
          const effective = effectiveSetting(after);
          for (const which of toggles) expect(effective[which].policyId).toBe(expected?.policyId);
        });
      }),
      trial,
    );
  });
  law('an enforced setting holds to the letter, and every local switch is refused', (trial) => {
    fc.assert(
      fc.property(commands, (list) => {
        run(list, ({ command: each, before, after, decision, history }) => {
          const inEffect = policyInEffect(history);
          if (inEffect?.setting.state !== 'enforced') return;
          const effective = effectiveSetting(after);
          for (const which of toggles)
            expect(effective[which]).toMatchObject({
              enabled: inEffect.setting[which],
              from: 'policy-enforced',
            });
          if (each.type !== 'SetLocalSwitch') return;
          expect(after).toStrictEqual(before);
          expect(decision).toStrictEqual(
            E.left({
              _tag: 'EnforcedByPolicy',
              toggle: each.toggle,
              policyId: inEffect.policyId,
              version: inEffect.version,
            }),
          );
        });
      }),
      trial,
    );
  });
  law('a repeated command changes nothing, and a refusal is repeated', (trial) => {
    fc.assert(
      fc.property(commands, (list) => {
        run(list, ({ command: each, after, decision }) => {
          expect(device.decide(each, after)).toStrictEqual(
            E.isRight(decision) ? E.right([]) : decision,
          );
        });
      }),
      trial,
    );
  });
  law('a source never changes what is in effect', (trial) => {
    fc.assert(
      fc.property(commands, (list) => {
        run(list, ({ command: each, before, after }) => {
          if (each.type === 'SetDevicePolicySource')
            expect(effectiveSetting(after)).toStrictEqual(effectiveSetting(before));
        });
      }),
      trial,
    );
  });
});

describe('in every interleaving of stored events', () => {
  law('enforced beats local switches, wherever they stand', (trial) => {
    const local = fc.tuple(toggle, fc.boolean()).map(([which, on]) => switched(which, on));
    const locals = fc.array(local, { maxLength: 8 });
    const values = fc.tuple(fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(locals, locals, values, (ahead, behind, [a, b]) => {
        const enforced = applied({ state: 'enforced', reporting: a, insights: b });
        const after = evolveAll(device.initialState(), [enrolled, ...ahead, enforced, ...behind]);
        const from = { from: 'policy-enforced', policyId: 'p1', version: 1 } as const;
        expect(effectiveSetting(after)).toStrictEqual({
          reporting: { enabled: a, ...from },
          insights: { enabled: b, ...from },
        });
      }),
      trial,
    );
  });
});
