import type { DeviceExplanation, TimelineEntry } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

type Toggle = DeviceExplanation['effective']['reporting'];
type When = (instant: number) => string;

const policyName = ({ policyId, version, groupId }: Toggle): string => {
  const inherited = groupId === undefined ? '' : `, inherited from group ${groupId}`;
  return `policy ${policyId ?? '?'} version ${version ?? '?'}${inherited}`;
};

/** Where a toggle’s value comes from. */
export const originInWords = (toggle: Toggle): string => {
  switch (toggle.from) {
    case 'policy-enforced':
      return `enforced by ${policyName(toggle)}`;
    case 'policy-set':
      return `set by ${policyName(toggle)}; the local user may change it`;
    case 'local':
      return toggle.policyId === undefined
        ? 'the local user'
        : `the local user, who overruled ${policyName(toggle)}`;
    case 'none':
      return 'nothing sets it';
  }
};

const sourceInWords = ({ state }: DeviceExplanation): string => {
  if (state.status !== 'enrolled') return 'none: the device was released';
  const { policySource } = state;
  switch (policySource.source) {
    case 'own':
      return `its own policy ${policySource.policyId}`;
    case 'group':
      return `what group ${policySource.groupId} has`;
    case 'none':
      return 'none';
  }
};

const appliedInWords = ({ state }: DeviceExplanation): string => {
  if (state.status !== 'enrolled' || state.applied === null) return 'nothing';
  const { policyId, version, setting } = state.applied;
  return setting.state === 'absent'
    ? `${policyId} version ${version}, which does not contain the setting`
    : `${policyId} version ${version}, ${setting.state}`;
};

/** What is assigned and not in effect yet; the device has to report it first (rulebook §2.4). */
export const pendingInWords = ({ pending }: DeviceExplanation, when: When): string => {
  if (pending === null) return 'nothing: the device does what is assigned to it';
  if (pending.pending === 'withdraw')
    return `${pending.policyId} version ${pending.version} is no longer assigned and not yet withdrawn`;
  const { policyId, version, definedAt } = pending.policy;
  const from = pending.groupId === null ? '' : ` of group ${pending.groupId}`;
  return `${policyId} version ${version}${from}, defined ${when(definedAt)}: assigned and not yet applied`;
};

const togetherInWords = ({ reporting, insights }: DeviceExplanation['effective']): string => {
  if (reporting.enabled && insights.enabled) return 'sessions that arrive here may be summarised';
  return insights.enabled
    ? 'insights without reporting has no effect'
    : 'sessions that arrive here are not summarised by policy';
};

const platformOf = ({ changes }: DeviceExplanation): string => {
  let platform = 'unknown';
  for (const { event } of changes) if (event.type === 'DeviceEnrolled') ({ platform } = event.data);
  return platform;
};

const accessControlOf = ({ state }: DeviceExplanation): string =>
  state.status === 'not-enrolled' ? 'after-confirmation' : state.insightsLogging;

const toggleRow = (name: string, toggle: Toggle, style: Style): string[] => [
  name,
  `${toggle.enabled ? style.green('on') : style.red('off')}: ${originInWords(toggle)}`,
];

/** The setting in effect on a device, part by part. */
export const deviceTable = (
  device: DeviceExplanation,
  { style, when }: Readonly<{ style: Style; when: When }>,
): string =>
  table(
    [
      ['Belongs to the company', device.state.status === 'enrolled' ? 'yes' : 'no'],
      ['Platform', platformOf(device)],
      ['Takes its policy from', sourceInWords(device)],
      ['Applied', appliedInWords(device)],
      ['Pending', pendingInWords(device, when)],
      toggleRow('Connection reporting', device.effective.reporting, style),
      toggleRow('Session Insights', device.effective.insights, style),
      ['Together', togetherInWords(device.effective)],
      ['Access control', accessControlOf(device)],
    ],
    { indent: '  ' },
  );

/** Everything that bears on it, in the order of the log. */
export const timelineTable = (
  entries: readonly TimelineEntry[],
  { style, when }: Readonly<{ style: Style; when: When }>,
): string =>
  table(
    entries.map(({ occurredAt, what, actor, position }) => [
      when(occurredAt),
      what,
      style.dim(`${actor.kind} ${actor.id}, log position ${position}`),
    ]),
    { indent: '  ' },
  );

const noSource = { source: 'none', policyId: null, groupId: null } as const;

/** The device for programs. */
export const deviceJson = (device: DeviceExplanation): Readonly<Record<string, unknown>> => {
  const { state, effective, pending, facts, deviceId } = device;
  const last = device.changes.at(-1);
  const enrolled = state.status === 'enrolled' ? state : null;
  return {
    deviceId,
    managed: enrolled !== null,
    platform: platformOf(device),
    policySource: enrolled === null ? noSource : { ...noSource, ...enrolled.policySource },
    applied: enrolled?.applied ?? null,
    pending,
    local: state.status === 'not-enrolled' ? { reporting: null, insights: null } : state.local,
    accessControl: accessControlOf(device),
    effective,
    incomingFacts: facts,
    revision: last?.revision ?? -1,
    changedPosition: last?.position ?? 0,
  };
};
