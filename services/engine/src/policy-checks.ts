import type { HandlingFailure, Refusal, Refused } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import type { CompanyCommand } from './company-command.js';
import type { CommandDeps } from './deps.js';

type Checked = E.Either<HandlingFailure | Refused<Refusal>, void>;
type Deps = Pick<CommandDeps, 'handler'>;

const fine: Checked = E.right(undefined);
const refused = (_tag: string): Checked => E.left({ _tag: 'Refused', refusal: { _tag } });

const policyDefined = async (deps: Deps, company: string, policyId: string): Promise<Checked> => {
  const stream = streamOf('policy', company, policyId);
  const policy = await deps.handler.load(aggregates.policies, stream)();
  if (E.isLeft(policy)) return policy;
  return policy.right.state.status === 'defined' ? fine : refused('PolicyNotDefined');
};

const groupCreated = async (deps: Deps, company: string, groupId: string): Promise<Checked> => {
  const stream = streamOf('group', company, groupId);
  const group = await deps.handler.load(aggregates.groups, stream)();
  if (E.isLeft(group)) return group;
  return group.right.state.status === 'created' ? fine : refused('DeviceGroupNotCreated');
};

/**
 * What a command names has to be there: a device that takes its policy from a group that nobody made
 * would wait for ever, and nobody would be told. Policies and groups are never deleted, so what was
 * found once stays found; a decision sees one stream only, hence here and not there.
 */
export const namesWhatExists = (
  deps: Deps,
  company: string,
  command: Extract<CompanyCommand, { command: 'AssignGroupPolicy' | 'SetDevicePolicySource' }>,
): Promise<Checked> => {
  if (command.command === 'AssignGroupPolicy')
    return policyDefined(deps, company, command.policyId);
  const { source, policyId, groupId } = command;
  if (source === 'own' && typeof policyId === 'string')
    return policyDefined(deps, company, policyId);
  if (source === 'group' && typeof groupId === 'string')
    return groupCreated(deps, company, groupId);
  return Promise.resolve(fine);
};
