import type { CommandHandler, HandlingFailure, Refusal, Refused } from '@daybook/command-handling';
import type { ApplyPolicy, DeviceState } from '@daybook/domain/device-policy';
import { streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';

type Failed = HandlingFailure | Refused<Refusal>;
type Source = Readonly<{ policyId: string; groupId: string | null }>;

const refused = (refusal: Refusal): E.Either<Failed, never> => E.left({ _tag: 'Refused', refusal });

const sourceOf = async (
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

/**
 * The policy that a device's source names now, in its latest version: what the device applies when it
 * reports that it has applied its policy (rulebook §2.4).
 */
export const resolveAppliedPolicy = async (
  handler: CommandHandler,
  company: string,
  deviceId: string,
): Promise<E.Either<Failed, ApplyPolicy>> => {
  const device = await handler.load(aggregates.devices, streamOf('device', company, deviceId))();
  if (E.isLeft(device)) return device;
  if (device.right.state.status !== 'enrolled') return refused({ _tag: 'DeviceNotEnrolled' });
  const source = await sourceOf(handler, company, device.right.state);
  if (E.isLeft(source)) return source;
  const { policyId, groupId } = source.right;
  const policy = await handler.load(aggregates.policies, streamOf('policy', company, policyId))();
  if (E.isLeft(policy)) return policy;
  if (policy.right.state.status !== 'defined') return refused({ _tag: 'PolicyNotDefined' });
  const { version, setting } = policy.right.state;
  return E.right({ type: 'ApplyPolicy', policyId, groupId, version, setting });
};
