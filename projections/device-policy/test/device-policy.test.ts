import { effectiveSetting, evolveDevice, type DeviceState } from '@daybook/domain/device-policy';
import { describeProjectionLaws, withReadModel, type LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';
import { devicePolicy, type DevicePolicyQueries } from '../src/index.js';
import {
  access,
  anyDeviceEntry,
  anyLog,
  applied,
  device,
  enrolled,
  groupAssigned,
  groupCreated,
  groupRemoved,
  inherits,
  owns,
  policyDefined,
  policyRevised,
  released,
  setting,
  switched,
  withdrawn,
} from './builders.js';

describeProjectionLaws(devicePolicy, anyLog);

const asked = <A>(
  entries: readonly LogEntry[],
  ask: (queries: DevicePolicyQueries) => A,
): Promise<A> => withReadModel(devicePolicy, entries, (model) => model.read(ask).answer);

describe('a device', () => {
  it('shows its one source of policy, what is applied, and where each toggle comes from', () =>
    asked(
      [
        device(enrolled),
        device(inherits('g1')),
        device(applied({}, 'g1')),
        device(switched('insights', false)),
        device(access('denied')),
      ],
      (queries) => {
        expect(queries.device('acme', 'd1')).toStrictEqual({
          deviceId: 'd1',
          managed: true,
          platform: 'windows',
          policySource: { source: 'group', policyId: null, groupId: 'g1' },
          applied: { policyId: 'p1', version: 1, groupId: 'g1', setting: setting() },
          local: { reporting: null, insights: { enabled: false, sinceApplied: true } },
          accessControl: 'denied',
          effective: {
            reporting: {
              enabled: true,
              from: 'policy-set',
              policyId: 'p1',
              version: 1,
              groupId: 'g1',
            },
            insights: { enabled: false, from: 'local', policyId: 'p1', version: 1, groupId: 'g1' },
          },
          revision: 4,
          position: 5,
        });
      },
    ));

  it('has no policy before one is applied, and none after it is withdrawn', () =>
    asked([device(enrolled), device(owns('p1'))], (queries) => {
      const shown = queries.device('acme', 'd1');
      expect([shown?.applied, shown?.effective.insights.from]).toStrictEqual([null, 'none']);
    }).then(() =>
      asked([device(enrolled), device(applied()), device(withdrawn)], (queries) => {
        const shown = queries.device('acme', 'd1');
        expect([shown?.applied, shown?.effective.insights.from]).toStrictEqual([null, 'none']);
      }),
    ));

  it('that is released has nothing in effect, and keeps what belongs to the machine', () =>
    asked(
      [device(enrolled), device(applied()), device(switched('insights', true)), device(released)],
      (queries) => {
        const shown = queries.device('acme', 'd1');
        expect(shown?.managed).toBe(false);
        expect(shown?.effective).toStrictEqual({
          reporting: { enabled: false, from: 'none' },
          insights: { enabled: false, from: 'none' },
        });
        expect(shown?.local.insights?.enabled).toBe(true);
      },
    ));

  // Goal: the row never disagrees with the domain. Method: fold the same events both ways.
  it('is what the domain folds from the same events', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyDeviceEntry, { maxLength: 12 }), async (entries) => {
        const history = [enrolled, ...entries];
        let state: DeviceState = { status: 'not-enrolled' };
        for (const event of history) state = evolveDevice(state, event);
        const log = history.map((entry) => device(entry));
        const shown = await asked(log, (queries) => queries.device('acme', 'd1'));
        expect(shown?.effective).toStrictEqual(effectiveSetting(state));
        expect(state.status === 'enrolled' && state.applied).toStrictEqual(shown?.applied);
        expect(state.status === 'enrolled' && state.local).toStrictEqual(shown?.local);
      }),
      { numRuns: 40 },
    ));

  it('has a history that says what changed, when, and by whom', () => {
    const actor = { kind: 'administrator' as const, id: 'ann' };
    const log: readonly LogEntry[] = [
      { ...device(enrolled), actor, occurredAt: 70 },
      device(enrolled, 'd2'),
      device(owns('p1')),
      device(inherits('g1')),
      device({
        type: 'DevicePolicySourceSet',
        data: { source: 'none', policyId: null, groupId: null },
      }),
      device(applied({ state: 'enforced', insights: false })),
      device(applied({ state: 'absent', reporting: false, insights: false })),
      device(switched('reporting', true)),
      device(access('allowed')),
      device(withdrawn),
      device(released),
    ];
    return asked(log, ({ history }) => {
      const changes = history('acme', 'd1');
      expect(changes[0]).toStrictEqual({
        position: 1,
        revision: 0,
        eventId: changes[0]?.eventId,
        type: 'DeviceEnrolled',
        what: 'Enrolled, platform windows',
        occurredAt: 70,
        recordedAt: 10,
        actor,
      });
      expect(changes.slice(1).map(({ position, what }) => [position, what])).toStrictEqual([
        [3, 'Takes its policy from itself: p1'],
        [4, 'Takes its policy from group g1'],
        [5, 'Takes no policy'],
        [6, 'Policy p1 version 1 applied: enforced, reporting on, insights off'],
        [7, 'Policy p1 version 1 applied: leaves the setting to the device'],
        [8, 'Local user switched reporting on'],
        [9, 'Session Insights logging: allowed'],
        [10, 'Policy p1 version 1 withdrawn'],
        [11, 'Released from the company'],
      ]);
    });
  });
});

describe('the list of devices', () => {
  const log = [
    device(enrolled, 'd1'),
    device(inherits('g1'), 'd1'),
    device({ type: 'DeviceEnrolled', data: { platform: 'macos' } }, 'd2'),
    device(applied(), 'd2'),
    device(enrolled, 'd3'),
    device(released, 'd3'),
    device(enrolled, 'd1', 'globex'),
  ];
  it.each([
    ['all, by id', {}, ['d1', 'd2', 'd3']],
    ['the managed ones', { managed: true }, ['d1', 'd2']],
    ['those released', { managed: false }, ['d3']],
    ['those of a platform', { platform: 'macos' }, ['d2']],
    ['those that inherit from a group', { groupId: 'g1' }, ['d1']],
    ['those on which a policy is in effect', { policyId: 'p1' }, ['d2']],
    ['those after another', { after: 'd1' }, ['d2', 'd3']],
    ['no more than asked for', { limit: 1 }, ['d1']],
  ])('shows %s', (_, request, expected) =>
    asked(log, ({ devices }) =>
      expect(
        devices('acme', { limit: 10, ...request }).map(({ deviceId }) => deviceId),
      ).toStrictEqual(expected),
    ),
  );
});

describe('policies and groups', () => {
  it('keep every version of a policy', () =>
    asked(
      [policyDefined(), policyDefined('p2'), policyRevised(2, { insights: false })],
      (queries) => {
        expect(queries.policies('acme', 'p1')).toStrictEqual([
          { policyId: 'p1', version: 1, setting: setting(), occurredAt: 0, position: 1 },
          {
            policyId: 'p1',
            version: 2,
            setting: setting({ insights: false }),
            occurredAt: 2000,
            position: 3,
          },
        ]);
        expect(queries.policies('acme').map(({ policyId }) => policyId)).toStrictEqual([
          'p1',
          'p1',
          'p2',
        ]);
      },
    ));

  it('show the policy of a group and count the managed devices that inherit from it', () =>
    asked(
      [
        groupCreated(),
        groupAssigned('p1'),
        groupAssigned('p1', 'g2'),
        groupRemoved('p1', 'g2'),
        device(enrolled),
        device(inherits('g1')),
        device(enrolled, 'd2'),
        device(inherits('g1'), 'd2'),
        device(released, 'd2'),
      ],
      ({ groups }) =>
        expect(groups('acme')).toStrictEqual([
          { groupId: 'g1', policyId: 'p1', devices: 1 },
          { groupId: 'g2', policyId: null, devices: 0 },
        ]),
    ));

  it('are never shown to another company', () =>
    asked([device(enrolled), policyDefined(), groupCreated()], (queries) => {
      expect(queries.device('globex', 'd1')).toBeUndefined();
      expect(queries.history('globex', 'd1')).toStrictEqual([]);
      expect(queries.devices('globex', { limit: 10 })).toStrictEqual([]);
      expect(queries.policies('globex')).toStrictEqual([]);
      expect(queries.groups('globex')).toStrictEqual([]);
    }));
});
