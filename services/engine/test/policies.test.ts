import type { InsightsSetting } from '@daybook/domain/device-policy';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { CompanyCommand } from '../src/company-command.js';
import type { CommandAnswer } from '../src/deps.js';
import { readDeviceTimeline } from '../src/device-timeline.js';
import { explainDevice } from '../src/explain/index.js';
import { AT, COMPANY, engineOver, memoryStore, right } from './in-memory-engine.js';

// Goal: rulebook §2.4 from the company's commands to what is in effect on a device, and what is
// still to come. Method: given commands, when one more, then the effective setting and what pends.

const on: InsightsSetting = { state: 'set', reporting: true, insights: true };
const enforced: InsightsSetting = { ...on, state: 'enforced' };
const onlyReporting: InsightsSetting = { state: 'enforced', reporting: true, insights: false };
const absent: InsightsSetting = { state: 'absent', reporting: false, insights: false };

const define = (policyId: string, setting: InsightsSetting): CompanyCommand => ({
  command: 'DefinePolicy',
  policyId,
  setting,
});
const revise = (policyId: string, setting: InsightsSetting): CompanyCommand => ({
  command: 'RevisePolicy',
  policyId,
  setting,
});
const make = (groupId: string): CompanyCommand => ({ command: 'CreateGroup', groupId });
const give = (groupId: string, policyId: string): CompanyCommand => ({
  command: 'AssignGroupPolicy',
  groupId,
  policyId,
});
const take = (groupId: string): CompanyCommand => ({ command: 'RemoveGroupPolicy', groupId });
const own = (policyId: string, deviceId = 'd'): CompanyCommand => ({
  command: 'SetDevicePolicySource',
  deviceId,
  source: 'own',
  policyId,
});
const inherit = (groupId: string, deviceId = 'd'): CompanyCommand => ({
  command: 'SetDevicePolicySource',
  deviceId,
  source: 'group',
  groupId,
});
const nothing: CompanyCommand = { command: 'SetDevicePolicySource', deviceId: 'd', source: 'none' };
const applies = (deviceId = 'd'): CompanyCommand => ({ command: 'ApplyPolicy', deviceId });
const withdraws: CompanyCommand = { command: 'WithdrawPolicy', deviceId: 'd' };
const switches = (toggle: 'reporting' | 'insights', enabled: boolean): CompanyCommand => ({
  command: 'SetLocalSwitch',
  deviceId: 'd',
  toggle,
  enabled,
});

const base: readonly CompanyCommand[] = [
  { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' },
  define('p', on),
  define('q', enforced),
  define('a', absent),
  make('g'),
  make('h'),
  ...['d', 'e'].map(
    (deviceId) => ({ command: 'EnrolDevice', deviceId, platform: 'windows' }) as const,
  ),
];

type Scene = Readonly<{ store: EventStore; answers: readonly CommandAnswer[] }>;

const after = async (...commands: readonly CompanyCommand[]): Promise<Scene> => {
  const store = memoryStore();
  const engine = engineOver(store);
  const answers: CommandAnswer[] = [];
  for (const [index, command] of [...base, ...commands].entries())
    answers.push(await engine.company(command, AT + index));
  return { store, answers };
};

/** `reporting insights | what pends`, such as `policy-set+ local- | p 2`. */
const inEffect = async ({ store }: Scene, deviceId = 'd'): Promise<string> => {
  const device = right(await explainDevice(store)(COMPANY, deviceId));
  if (device === null) throw new Error('no device');
  expect(device.agrees).toBe(true);
  const { reporting, insights } = device.effective;
  const words = [reporting, insights].map(({ from, enabled }) => `${from}${enabled ? '+' : '-'}`);
  const { pending } = device;
  if (pending === null) return words.join(' ');
  const what =
    pending.pending === 'apply'
      ? `apply ${pending.policy.policyId} ${pending.policy.version}`
      : `withdraw ${pending.policyId} ${pending.version}`;
  return `${words.join(' ')} | ${what}`;
};

const SET = 'policy-set+ policy-set+';
const ENFORCED = 'policy-enforced+ policy-enforced+';
const NOTHING = 'none- none-';

describe('what is in effect on a device', () => {
  const cases: readonly (readonly [string, readonly CompanyCommand[], string])[] = [
    ['nothing without a source', [], NOTHING],
    ['nothing while its own policy is only assigned', [own('p')], `${NOTHING} | apply p 1`],
    ['its own policy once applied', [own('p'), applies()], SET],
    ['nothing of a group that it does not inherit from', [give('g', 'p')], NOTHING],
    ['nothing of a group without a policy', [inherit('g')], NOTHING],
    [
      'nothing while the group’s policy is only assigned',
      [give('g', 'p'), inherit('g')],
      `${NOTHING} | apply p 1`,
    ],
    ['the group’s policy once applied', [give('g', 'p'), inherit('g'), applies()], SET],
    [
      'the version before, until the revision is applied',
      [own('p'), applies(), revise('p', onlyReporting)],
      `${SET} | apply p 2`,
    ],
    [
      'the revision once applied',
      [own('p'), applies(), revise('p', onlyReporting), applies()],
      'policy-enforced+ policy-enforced-',
    ],
    [
      'the policy before, until the group’s new one is applied',
      [give('g', 'p'), inherit('g'), applies(), give('g', 'q')],
      `${SET} | apply q 1`,
    ],
    [
      'the group’s new policy once applied',
      [give('g', 'p'), inherit('g'), applies(), give('g', 'q'), applies()],
      ENFORCED,
    ],
    [
      'the policy of the group that it left, until the other’s is applied',
      [give('g', 'p'), give('h', 'q'), inherit('g'), applies(), inherit('h')],
      `${SET} | apply q 1`,
    ],
    [
      'the policy of the group that it went to',
      [give('g', 'p'), give('h', 'q'), inherit('g'), applies(), inherit('h'), applies()],
      ENFORCED,
    ],
    [
      'the same policy by another way, until that is applied',
      [give('g', 'p'), own('p'), applies(), inherit('g')],
      `${SET} | apply p 1`,
    ],
    [
      'the policy taken from the group, until it is withdrawn',
      [give('g', 'p'), inherit('g'), applies(), take('g')],
      `${SET} | withdraw p 1`,
    ],
    [
      'nothing once it is withdrawn',
      [give('g', 'p'), inherit('g'), applies(), take('g'), withdraws],
      NOTHING,
    ],
    [
      'the policy of a source that is gone, until it is withdrawn',
      [own('p'), applies(), nothing],
      `${SET} | withdraw p 1`,
    ],
    [
      'what the local user chose after a policy that is not enforced',
      [own('p'), applies(), switches('insights', false)],
      'policy-set+ local-',
    ],
    [
      'the policy again over a choice from before',
      [switches('insights', false), own('p'), applies()],
      SET,
    ],
    [
      'the new version over a choice made under the old',
      [
        own('p'),
        applies(),
        switches('insights', false),
        revise('p', { ...on, reporting: false }),
        applies(),
      ],
      'policy-set- policy-set+',
    ],
    [
      'the local value where the setting is absent',
      [switches('insights', true), own('a'), applies()],
      'none- local+',
    ],
    [
      'the last local choice when the policy goes',
      [switches('reporting', true), own('q'), applies(), nothing, withdraws],
      'local+ none-',
    ],
    [
      'nothing of the company’s after a release',
      [own('q'), applies(), { command: 'ReleaseDevice', deviceId: 'd' }],
      NOTHING,
    ],
  ];

  it.each(cases)('is %s', async (_, commands, expected) => {
    const scene = await after(...commands);
    expect(scene.answers.every(E.isRight)).toBe(true);
    expect(await inEffect(scene)).toBe(expected);
  });

  it('follows a group only where it inherits, and only once applied there', async () => {
    const scene = await after(
      give('g', 'p'),
      inherit('g', 'd'),
      inherit('g', 'e'),
      applies('d'),
      applies('e'),
      own('p', 'e'),
      applies('e'),
      give('g', 'q'),
      applies('d'),
    );
    expect([await inEffect(scene, 'd'), await inEffect(scene, 'e')]).toStrictEqual([ENFORCED, SET]);
  });
});

describe('a command about policies is refused', () => {
  const reported = (policyId: string, groupId: string | null, version = 1): CompanyCommand => ({
    command: 'ApplyPolicy',
    deviceId: 'd',
    policyId,
    version,
    groupId,
  });
  const cases: readonly (readonly [string, readonly CompanyCommand[], string])[] = [
    ['a group is given a policy that nobody defined', [give('g', 'none')], 'PolicyNotDefined'],
    ['a device is given a policy that nobody defined', [own('none')], 'PolicyNotDefined'],
    [
      'a device is to inherit from a group that nobody made',
      [inherit('none')],
      'DeviceGroupNotCreated',
    ],
    [
      'an enforced setting is switched locally',
      [own('q'), applies(), switches('insights', false)],
      'EnforcedByPolicy',
    ],
    ['there is nothing to apply', [applies()], 'NoPolicySource'],
    ['the group has nothing to apply', [inherit('g'), applies()], 'GroupHasNoPolicy'],
    [
      'it reports a policy that its group never offered',
      [give('g', 'p'), inherit('g'), reported('q', 'g')],
      'PolicyNotOfferedByGroup',
    ],
    [
      'it reports another group’s policy',
      [give('h', 'q'), give('g', 'p'), inherit('g'), reported('q', 'h')],
      'PolicyNotAssigned',
    ],
    [
      'it reports a policy that is not its own',
      [own('p'), reported('q', null)],
      'PolicyNotAssigned',
    ],
    [
      'it reports a version that there is not',
      [own('p'), reported('p', null, 7)],
      'PolicyVersionUnknown',
    ],
    [
      'it reports an older version late',
      [own('p'), revise('p', onlyReporting), applies(), reported('p', null)],
      'PolicyVersionNotNewer',
    ],
  ];

  it.each(cases)('when %s', async (_, commands, tag) => {
    const { answers } = await after(...commands);
    expect(answers.at(-1)).toMatchObject({ left: { _tag: 'Refused', refusal: { _tag: tag } } });
    expect(answers.slice(0, -1).every(E.isRight)).toBe(true);
  });

  it('but not when it reports late what its group offered before', async () => {
    const scene = await after(give('g', 'p'), inherit('g'), give('g', 'q'), reported('p', 'g'));
    expect(scene.answers.every(E.isRight)).toBe(true);
    expect(await inEffect(scene)).toBe(`${SET} | apply q 1`);
  });
});

describe('the line of time of a device', () => {
  const scene = () =>
    after(give('g', 'p'), inherit('g'), applies(), revise('p', onlyReporting), applies());

  it('tells assignment and application apart, with what its group and its policy went through', async () => {
    const { store } = await scene();
    const timeline = right(await readDeviceTimeline(store)(COMPANY, 'd'));
    expect(timeline.map(({ what }) => what)).toStrictEqual([
      'Policy p version 1: set, reporting on, insights on',
      'Group g created',
      'Enrolled, platform windows',
      'Group g given policy p',
      'Takes its policy from group g',
      'Policy p version 1 applied: set, reporting on, insights on',
      'Policy p version 2: enforced, reporting on, insights off',
      'Policy p version 2 applied: enforced, reporting on, insights off',
    ]);
    expect(timeline.map(({ occurredAt }) => occurredAt - AT)).toStrictEqual([
      1, 4, 6, 8, 9, 10, 11, 12,
    ]);
  });

  it('ends at the moment that is asked for', async () => {
    const { store } = await scene();
    const whatBy = async (moment: Parameters<ReturnType<typeof readDeviceTimeline>>[2]) =>
      right(await readDeviceTimeline(store)(COMPANY, 'd', moment)).at(-1)?.what;
    expect(await whatBy({ axis: 'as-of', instant: AT + 9 })).toBe('Takes its policy from group g');
    expect(await whatBy({ axis: 'as-of', instant: AT })).toBeUndefined();
    expect(right(await readDeviceTimeline(store)(COMPANY, 'nobody'))).toStrictEqual([]);
  });
});
