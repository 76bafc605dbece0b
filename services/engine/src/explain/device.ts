import type { HandlingFailure } from '@daybook/command-handling';
import {
  device as decider,
  effectiveSetting,
  group,
  incomingDeviceFacts,
  type AppliedPolicy,
  type DeviceCommand,
  type DeviceEvent,
  type DeviceState,
  type EffectiveSetting,
  type GroupCommand,
  type GroupEvent,
  type GroupState,
  type IncomingDeviceFacts,
  type InsightsSetting,
  type PolicySource,
} from '@daybook/domain/device-policy';
import { streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../aggregates.js';
import { decodedEvents, type StreamReader } from '../fold-stream.js';
import { historyOf, type Explained, type ExplainedChange } from './changes.js';
import { isWithin, metadataOf, type Moment } from './moment.js';

/** A version of a policy, and the event that defined it. */
export type PolicyVersion = Readonly<{
  policyId: string;
  version: number;
  setting: InsightsSetting;
  definedAt: number;
  position: number;
}>;

/** What the device's source names, if it is not what is applied: it takes effect once it is applied (rulebook §2.4). */
export type PendingPolicy =
  | Readonly<{ pending: 'apply'; groupId: string | null; policy: PolicyVersion }>
  | Readonly<{ pending: 'withdraw'; policyId: string; version: number }>;

export type DeviceExplanation = Readonly<{
  deviceId: string;
  /** As it was at the moment. */
  state: DeviceState;
  effective: EffectiveSetting;
  /** What rulebook §3 asks of the device on the incoming path. */
  facts: IncomingDeviceFacts;
  /** The applied version as its policy defined it; null where nothing is applied or no such version is known. */
  appliedVersion: PolicyVersion | null;
  pending: PendingPolicy | null;
  /** The streams that were read, each at its last revision of the moment. */
  readFrom: readonly Readonly<{ stream: string; revision: number }>[];
  changes: readonly ExplainedChange<DeviceEvent>[];
  agrees: boolean;
}>;

type Failing<A> = Promise<E.Either<HandlingFailure, A>>;
type Read<A> = Readonly<{ value: A; stream: string; revision: number }>;

const readVersions = async (
  reader: StreamReader,
  at: Readonly<{ company: string; policyId: string; moment: Moment | null }>,
): Failing<Read<readonly PolicyVersion[]>> => {
  const stream = streamOf('policy', at.company, at.policyId);
  const value: PolicyVersion[] = [];
  let last = -1;
  for await (const page of decodedEvents(reader, aggregates.policies, stream)) {
    if (E.isLeft(page)) return page;
    for (const { stored, event } of page.right) {
      const { position, recordedAt, revision } = stored;
      const { occurredAt } = metadataOf(stored);
      if (!isWithin(at.moment, { position, occurredAt, recordedAt })) continue;
      value.push({ policyId: at.policyId, ...event.data, definedAt: occurredAt, position });
      last = revision;
    }
  }
  return E.right({ value, stream, revision: last });
};

const groups: Explained<GroupState, GroupEvent> = {
  aggregate: aggregates.groups,
  sectionOf: () => '§2.4',
  again: (state, event) => {
    const decided = group.decide(groupCommand(event), state);
    return E.isLeft(decided) ? null : decided.right;
  },
};

const groupCommand = (event: GroupEvent): GroupCommand => {
  switch (event.type) {
    case 'DeviceGroupCreated':
      return { type: 'CreateDeviceGroup' };
    case 'GroupPolicyAssigned':
      return { type: 'AssignGroupPolicy', policyId: event.data.policyId };
    case 'GroupPolicyRemoved':
      return { type: 'RemoveGroupPolicy' };
  }
};

type At = Readonly<{ company: string; moment: Moment | null }>;
type Named = Readonly<{ policyId: string | null; groupId: string | null }>;

/** The policy that the device's source names at the moment; a group names its own. */
const namedBy = async (
  reader: StreamReader,
  source: PolicySource,
  { company, moment }: At,
): Failing<Readonly<{ named: Named; readFrom: DeviceExplanation['readFrom'] }>> => {
  if (source.source === 'none')
    return E.right({ named: { policyId: null, groupId: null }, readFrom: [] });
  if (source.source === 'own')
    return E.right({ named: { policyId: source.policyId, groupId: null }, readFrom: [] });
  const { groupId } = source;
  const stream = streamOf('group', company, groupId);
  const history = await historyOf(reader, groups, { stream, moment });
  if (E.isLeft(history)) return history;
  const { state, changes } = history.right;
  const policyId = state.status === 'created' ? state.policyId : null;
  const revision = changes.at(-1)?.revision ?? -1;
  return E.right({ named: { policyId, groupId }, readFrom: [{ stream, revision }] });
};

/** A device that was not told to apply a version yet, or to let one go. */
const pendingOf = (
  applied: AppliedPolicy | null,
  named: Named,
  versions: readonly PolicyVersion[],
): PendingPolicy | null => {
  const policy = versions.filter(({ policyId }) => policyId === named.policyId).at(-1);
  if (policy === undefined) {
    if (applied === null) return null;
    return { pending: 'withdraw', policyId: applied.policyId, version: applied.version };
  }
  const isApplied =
    applied?.policyId === policy.policyId &&
    applied.version === policy.version &&
    applied.groupId === named.groupId;
  return isApplied ? null : { pending: 'apply', groupId: named.groupId, policy };
};

const settingOf = (
  data: AppliedPolicy,
  versions: readonly PolicyVersion[],
): PolicyVersion | undefined =>
  versions.find(({ policyId, version }) => policyId === data.policyId && version === data.version);

/** The command behind an event; what was applied is taken from the policy itself, not from the event. */
const commandOf = (
  event: DeviceEvent,
  versions: readonly PolicyVersion[],
): DeviceCommand | null => {
  switch (event.type) {
    case 'DeviceEnrolled':
      return { type: 'EnrolDevice', platform: event.data.platform };
    case 'DeviceReleased':
      return { type: 'ReleaseDevice' };
    case 'DevicePolicySourceSet':
      return sourceCommand(event.data);
    case 'PolicyApplied': {
      const { policyId, version, groupId } = event.data;
      const setting = settingOf(event.data, versions)?.setting;
      return setting === undefined
        ? null
        : { type: 'ApplyPolicy', policyId, version, groupId, setting };
    }
    case 'PolicyWithdrawn':
      return { type: 'WithdrawPolicy' };
    case 'LocalSwitchSet':
      return { type: 'SetLocalSwitch', ...event.data };
    case 'AccessControlSet':
      return { type: 'SetAccessControl', ...event.data };
  }
};

type SourceSet = Extract<DeviceEvent, { type: 'DevicePolicySourceSet' }>['data'];

const sourceCommand = ({ source, policyId, groupId }: SourceSet): DeviceCommand | null => {
  const type = 'SetDevicePolicySource';
  if (source === 'own') return policyId === null ? null : { type, source, policyId };
  if (source === 'group') return groupId === null ? null : { type, source, groupId };
  return { type, source };
};

const deviceHistory = (
  versions: readonly PolicyVersion[],
): Explained<DeviceState, DeviceEvent> => ({
  aggregate: aggregates.devices,
  sectionOf: ({ type }) => (type === 'AccessControlSet' ? '§2.5' : '§2.4'),
  again: (state, event) => {
    const command = commandOf(event, versions);
    const decided = command === null ? E.left(null) : decider.decide(command, state);
    return E.isLeft(decided) ? null : decided.right;
  },
});

/** Ids of every policy that was ever applied on the device, in the order of first application. */
const appliedPolicies = (changes: readonly ExplainedChange<DeviceEvent>[]): readonly string[] => {
  const ids = new Set<string>();
  for (const { event } of changes) if (event.type === 'PolicyApplied') ids.add(event.data.policyId);
  return [...ids];
};

type Policies = Readonly<{
  versions: readonly PolicyVersion[];
  readFrom: DeviceExplanation['readFrom'];
}>;

const readPolicies = async (
  reader: StreamReader,
  ids: readonly string[],
  { company, moment }: At,
): Failing<Policies> => {
  const versions: PolicyVersion[] = [];
  const readFrom: DeviceExplanation['readFrom'][number][] = [];
  for (const policyId of ids) {
    const read = await readVersions(reader, { company, policyId, moment });
    if (E.isLeft(read)) return read;
    for (const version of read.right.value) versions.push(version);
    readFrom.push({ stream: read.right.stream, revision: read.right.revision });
  }
  return E.right({ versions, readFrom });
};

const appliedOf = (state: DeviceState): AppliedPolicy | null =>
  state.status === 'enrolled' ? state.applied : null;

const sourceOf = (state: DeviceState): PolicySource =>
  state.status === 'enrolled' ? state.policySource : { source: 'none' };

/**
 * What is in effect on a device at a moment and where each part comes from (rulebook §2.4–2.5): the
 * applied version against the policy that defined it, what is assigned and not applied yet, and every
 * change decided again from the state before it. Null: the company never had such a device by then.
 */
export const explainDevice =
  (reader: StreamReader) =>
  async (
    company: string,
    deviceId: string,
    moment: Moment | null = null,
  ): Promise<E.Either<HandlingFailure, DeviceExplanation | null>> => {
    const at: At = { company, moment };
    const stream = streamOf('device', company, deviceId);
    // Which policies to read is known once the device's own stream was: it is read twice, and is short.
    const first = await historyOf(reader, deviceHistory([]), { stream, moment });
    if (E.isLeft(first)) return first;
    const source = await namedBy(reader, sourceOf(first.right.state), at);
    if (E.isLeft(source)) return source;
    const { named } = source.right;
    const ids = new Set(appliedPolicies(first.right.changes));
    if (named.policyId !== null) ids.add(named.policyId);
    const policies = await readPolicies(reader, [...ids], at);
    if (E.isLeft(policies)) return policies;
    const { versions, readFrom } = policies.right;
    const history = await historyOf(reader, deviceHistory(versions), { stream, moment });
    if (E.isLeft(history)) return history;
    const { state, changes } = history.right;
    const last = changes.at(-1);
    if (last === undefined) return E.right(null);
    const applied = appliedOf(state);
    return E.right({
      deviceId,
      state,
      effective: effectiveSetting(state),
      facts: incomingDeviceFacts(state),
      appliedVersion: (applied === null ? undefined : settingOf(applied, versions)) ?? null,
      pending: pendingOf(applied, named, versions),
      readFrom: [{ stream, revision: last.revision }, ...source.right.readFrom, ...readFrom],
      changes,
      agrees: changes.every(({ agrees }) => agrees),
    });
  };
