import {
  decodeEvent,
  type CommandHandler,
  type HandlingFailure,
  type Refusal,
  type Refused,
} from '@daybook/command-handling';
import {
  groupEvents,
  policyEvents,
  type ApplyPolicy,
  type DeviceState,
  type GroupEvent,
  type InsightsSetting,
  type PolicyEvent,
} from '@daybook/domain/device-policy';
import { streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import type { CompanyCommand } from './company-command.js';
import type { CommandDeps } from './deps.js';

type Failed = HandlingFailure | Refused<Refusal>;
type Source = Readonly<{ policyId: string; groupId: string | null }>;
type Defined = Readonly<{ version: number; setting: InsightsSetting }>;
type Reported = Extract<CompanyCommand, { command: 'ApplyPolicy' }>;

const refused = (refusal: Refusal): E.Either<Failed, never> => E.left({ _tag: 'Refused', refusal });

const namedBy = async (
  handler: CommandHandler,
  company: string,
  device: Extract<DeviceState, { status: 'enrolled' }>,
): Promise<E.Either<Failed, Source>> => {
  const source = device.policySource;
  switch (source.source) {
    case 'none':
      return refused({ _tag: 'NoPolicySource' });
    case 'own':
      return E.right({ policyId: source.policyId, groupId: null });
    case 'group': {
      const { groupId } = source;
      const group = await handler.load(aggregates.groups, streamOf('group', company, groupId))();
      if (E.isLeft(group)) return group;
      const policyId = group.right.state.status === 'created' ? group.right.state.policyId : null;
      return policyId === null
        ? refused({ _tag: 'GroupHasNoPolicy' })
        : E.right({ policyId, groupId });
    }
  }
};

/** The policy's versions, oldest first: a device may report an older one than the policy has by now. */
const versionsOf = async (
  store: CommandDeps['store'],
  stream: string,
): Promise<E.Either<Failed, readonly Defined[]>> => {
  const versions: Defined[] = [];
  for await (const page of store.readStream(stream)) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (!(stored.type in policyEvents)) continue;
      const decoded = decodeEvent(policyEvents, stored);
      if (E.isLeft(decoded)) return decoded;
      versions.push((decoded.right as PolicyEvent).data);
    }
  }
  return E.right(versions);
};

/** Has the group ever offered the policy? A device may report what it got before the group changed. */
const offeredBy = async (
  store: CommandDeps['store'],
  stream: string,
  policyId: string,
): Promise<E.Either<Failed, boolean>> => {
  for await (const page of store.readStream(stream)) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (!(stored.type in groupEvents)) continue;
      const decoded = decodeEvent(groupEvents, stored);
      if (E.isLeft(decoded)) return decoded;
      const event = decoded.right as GroupEvent;
      if (event.type === 'GroupPolicyAssigned' && event.data.policyId === policyId)
        return E.right(true);
    }
  }
  return E.right(false);
};

/** What the device names. A policy “of a group” that the group never offered was not assigned to it. */
const namedByDevice = async (
  deps: CommandDeps,
  company: string,
  { policyId, groupId }: Source,
): Promise<E.Either<Failed, Source>> => {
  if (groupId === null) return E.right({ policyId, groupId });
  const offered = await offeredBy(deps.store, streamOf('group', company, groupId), policyId);
  if (E.isLeft(offered)) return offered;
  return offered.right
    ? E.right({ policyId, groupId })
    : refused({ _tag: 'PolicyNotOfferedByGroup' });
};

const sourceOf = async (
  deps: CommandDeps,
  company: string,
  reported: Reported,
): Promise<E.Either<Failed, Source>> => {
  const stream = streamOf('device', company, reported.deviceId);
  const device = await deps.handler.load(aggregates.devices, stream)();
  if (E.isLeft(device)) return device;
  if (device.right.state.status !== 'enrolled') return refused({ _tag: 'DeviceNotEnrolled' });
  const { policyId, groupId } = reported;
  return policyId === undefined
    ? namedBy(deps.handler, company, device.right.state)
    : namedByDevice(deps, company, { policyId, groupId: groupId ?? null });
};

/**
 * What a device that reports an applied policy has applied (rulebook §2.4): the version it names, or
 * the latest version of what its source names now. Whether it was assigned is for the device to decide.
 */
export const resolveAppliedPolicy = async (
  deps: CommandDeps,
  company: string,
  reported: Reported,
): Promise<E.Either<Failed, ApplyPolicy>> => {
  const source = await sourceOf(deps, company, reported);
  if (E.isLeft(source)) return source;
  const { policyId, groupId } = source.right;
  const versions = await versionsOf(deps.store, streamOf('policy', company, policyId));
  if (E.isLeft(versions)) return versions;
  const latest = versions.right.at(-1);
  if (latest === undefined) return refused({ _tag: 'PolicyNotDefined' });
  const wanted = reported.version ?? latest.version;
  const found = versions.right.find(({ version }) => version === wanted);
  if (found === undefined) return refused({ _tag: 'PolicyVersionUnknown' });
  const { version, setting } = found;
  return E.right({ type: 'ApplyPolicy', policyId, groupId, version, setting });
};
