import type { Refusal } from '@daybook/command-handling';
import * as credits from '@daybook/domain/credits';
import * as devicePolicy from '@daybook/domain/device-policy';
import {
  companyStream,
  creditsStream,
  streamOf,
  type CommandContext,
  type DomainEvent,
} from '@daybook/domain/kernel';
import * as organization from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { contextOf, type Call } from './call.js';
import type { CompanyCommand } from './company-command.js';
import { creditCommandOf, isAccountCommand, type AccountCommand } from './credit-commands.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { namesWhatExists } from './policy-checks.js';
import { resolveAppliedPolicy } from './resolve-policy.js';

type Named<Name extends CompanyCommand['command']> = Extract<CompanyCommand, { command: Name }>;
type Sender = (
  deps: CommandDeps,
  call: Call,
) => Readonly<{
  company: (command: organization.CompanyCommand) => Promise<CommandAnswer>;
  user: (userId: string, command: organization.UserCommand) => Promise<CommandAnswer>;
  policy: (policyId: string, command: devicePolicy.PolicyCommand) => Promise<CommandAnswer>;
  group: (groupId: string, command: devicePolicy.GroupCommand) => Promise<CommandAnswer>;
  device: (deviceId: string, command: devicePolicy.DeviceCommand) => Promise<CommandAnswer>;
  credits: (command: credits.CreditCommand) => Promise<CommandAnswer>;
}>;

type Decide<State, Command, Event extends DomainEvent, R extends Refusal> = (
  command: Command,
  state: State,
) => E.Either<R, readonly Event[]>;

/** Sends a command to the stream that decides it. A setting that is already so is written down as that. */
export const senders: Sender = ({ handler, ruleBook }, call) => {
  const context: CommandContext = contextOf(call);
  const send =
    <
      State,
      Command extends Readonly<{ type: string }>,
      Event extends DomainEvent,
      R extends Refusal,
    >(
      aggregate: Parameters<typeof handler.handle<State, Event, R>>[0]['aggregate'],
      decide: Decide<State, Command, Event, R>,
      keepsNoChange = true,
    ) =>
    (stream: string, command: Command): Promise<CommandAnswer> =>
      handler.handle<State, Event, R>({
        aggregate,
        stream,
        context,
        command: command.type,
        decide: (state) => decide(command, state),
        keepsNoChange,
      })();
  const toUser = send(aggregates.users, organization.user.decide);
  const toPolicy = send(aggregates.policies, devicePolicy.policy.decide);
  const toGroup = send(aggregates.groups, devicePolicy.group.decide);
  const toDevice = send(aggregates.devices, devicePolicy.device.decide);
  return {
    company: (command) =>
      send(aggregates.companies, organization.company.decide)(companyStream(call.company), command),
    user: (id, command) => toUser(streamOf('user', call.company, id), command),
    policy: (id, command) => toPolicy(streamOf('policy', call.company, id), command),
    group: (id, command) => toGroup(streamOf('group', call.company, id), command),
    device: (id, command) => toDevice(streamOf('device', call.company, id), command),
    // Under the rules that the engine runs with, whose version the events name.
    credits: (command) =>
      // Its deciders know a repeat by what it is about: an order, a charge, a month.
      send(
        aggregates.accounts,
        credits.creditAccountUnder(ruleBook).decide,
        false,
      )(creditsStream(call.company), command),
  };
};

const refused = (refusal: Refusal): CommandAnswer => E.left({ _tag: 'Refused', refusal });

const policySourceOf = (
  command: Named<'SetDevicePolicySource'>,
): devicePolicy.SetDevicePolicySource | null => {
  const type = 'SetDevicePolicySource' as const;
  if (command.source === 'none') return { type, source: 'none' };
  if (command.source === 'own')
    return command.policyId === undefined || command.policyId === null
      ? null
      : { type, source: 'own', policyId: command.policyId };
  return command.groupId === undefined || command.groupId === null
    ? null
    : { type, source: 'group', groupId: command.groupId };
};

const setPolicySource = async (
  deps: CommandDeps,
  call: Call,
  command: Named<'SetDevicePolicySource'>,
): Promise<CommandAnswer> => {
  const source = policySourceOf(command);
  if (source === null) return refused({ _tag: 'PolicySourceIncomplete' });
  const named = await namesWhatExists(deps, call.company, command);
  return E.isLeft(named) ? named : senders(deps, call).device(command.deviceId, source);
};

const assignGroupPolicy = async (
  deps: CommandDeps,
  call: Call,
  command: Named<'AssignGroupPolicy'>,
): Promise<CommandAnswer> => {
  const named = await namesWhatExists(deps, call.company, command);
  if (E.isLeft(named)) return named;
  const { groupId, policyId } = command;
  return senders(deps, call).group(groupId, { type: 'AssignGroupPolicy', policyId });
};

const applyPolicy = async (
  deps: CommandDeps,
  call: Call,
  command: Named<'ApplyPolicy'>,
): Promise<CommandAnswer> => {
  const { deviceId } = command;
  const resolved = await resolveAppliedPolicy(deps, call.company, command);
  return E.isLeft(resolved) ? resolved : senders(deps, call).device(deviceId, resolved.right);
};

type Registered = Extract<organization.CompanyState, { status: 'registered' }>;

type ForCompany = Exclude<CompanyCommand, Named<'RegisterCompany'>>;

const forCompanyItself = (
  deps: CommandDeps,
  call: Call,
  command: Named<'ChangePlan' | 'ActivateAi' | 'DeactivateAi' | 'SetSummariesOption'>,
): Promise<CommandAnswer> => {
  const to = senders(deps, call);
  const { actor } = call;
  switch (command.command) {
    case 'ChangePlan':
      return to.company({ type: 'ChangePlan', plan: command.plan, actor });
    case 'ActivateAi':
      return to.company({ type: 'ActivateAi', termsVersion: command.termsVersion, actor });
    case 'DeactivateAi':
      return to.company({ type: 'DeactivateAi', actor });
    case 'SetSummariesOption': {
      const { path, enabled } = command;
      return to.company({ type: 'SetSummariesOption', path, enabled, actor });
    }
  }
};

const forDirectory = (
  deps: CommandDeps,
  call: Call,
  command: Named<
    | 'RegisterUser'
    | 'AssignUserRole'
    | 'SetSessionLogging'
    | 'DefinePolicy'
    | 'RevisePolicy'
    | 'CreateGroup'
    | 'AssignGroupPolicy'
    | 'RemoveGroupPolicy'
  >,
): Promise<CommandAnswer> => {
  const to = senders(deps, call);
  const { actor } = call;
  switch (command.command) {
    case 'RegisterUser':
      return to.user(command.userId, { type: 'RegisterUser', role: command.role, actor });
    case 'AssignUserRole': {
      const { userId, role } = command;
      return to.user(userId, { type: 'AssignUserRole', userId, role, actor });
    }
    case 'SetSessionLogging': {
      const { userId, enabled } = command;
      return to.user(userId, { type: 'SetSessionLogging', userId, enabled, actor });
    }
    case 'DefinePolicy':
    case 'RevisePolicy':
      return to.policy(command.policyId, { type: command.command, setting: command.setting });
    case 'CreateGroup':
      return to.group(command.groupId, { type: 'CreateDeviceGroup' });
    case 'AssignGroupPolicy':
      return assignGroupPolicy(deps, call, command);
    case 'RemoveGroupPolicy':
      return to.group(command.groupId, { type: 'RemoveGroupPolicy' });
  }
};

const forDevice = (
  deps: CommandDeps,
  call: Call,
  command: Extract<ForCompany, { deviceId: string }>,
): Promise<CommandAnswer> => {
  const to = senders(deps, call);
  const { deviceId } = command;
  switch (command.command) {
    case 'EnrolDevice':
      return to.device(deviceId, { type: 'EnrolDevice', platform: command.platform });
    case 'ReleaseDevice':
      return to.device(deviceId, { type: 'ReleaseDevice' });
    case 'SetDevicePolicySource':
      return setPolicySource(deps, call, command);
    case 'ApplyPolicy':
      return applyPolicy(deps, call, command);
    case 'WithdrawPolicy':
      return to.device(deviceId, { type: 'WithdrawPolicy' });
    case 'SetLocalSwitch': {
      const { toggle, enabled } = command;
      return to.device(deviceId, { type: 'SetLocalSwitch', toggle, enabled });
    }
    case 'SetAccessControl': {
      const { insightsLogging } = command;
      return to.device(deviceId, { type: 'SetAccessControl', insightsLogging });
    }
  }
};

/** Billing's own acts: an administrator stands behind each. */
const forAccount = async (
  deps: CommandDeps,
  call: Call,
  sent: Readonly<{ command: AccountCommand; timeZone: string }>,
): Promise<CommandAnswer> => {
  const { kind } = call.actor;
  if (kind !== 'administrator' && kind !== 'system')
    return refused(organization.administratorRequired(call.actor));
  return senders(deps, call).credits(creditCommandOf(call, sent.command, sent.timeZone));
};

const isDeviceCommand = (
  command: ForCompany,
): command is Extract<ForCompany, { deviceId: string }> => 'deviceId' in command;

const forRegistered = (
  deps: CommandDeps,
  call: Call,
  sent: Readonly<{ command: ForCompany; company: Registered }>,
): Promise<CommandAnswer> => {
  const { command, company } = sent;
  if (isDeviceCommand(command)) return forDevice(deps, call, command);
  if (isAccountCommand(command))
    return forAccount(deps, call, { command, timeZone: company.timeZone });
  switch (command.command) {
    case 'ChangePlan':
    case 'ActivateAi':
    case 'DeactivateAi':
    case 'SetSummariesOption':
      return forCompanyItself(deps, call, command);
    default:
      return forDirectory(deps, call, command);
  }
};

/**
 * Runs one command about a company. All but the registration need the company to be registered: no
 * stream of an unknown tenant ever begins.
 */
export const runCompanyCommand =
  (deps: CommandDeps) =>
  async (call: Call, command: CompanyCommand): Promise<CommandAnswer> => {
    if (command.command === 'RegisterCompany') {
      const { plan, timeZone } = command;
      const { actor } = call;
      return senders(deps, call).company({ type: 'RegisterCompany', plan, timeZone, actor });
    }
    const stream = companyStream(call.company);
    const loaded = await deps.handler.load(aggregates.companies, stream)();
    if (E.isLeft(loaded)) return loaded;
    const company = loaded.right.state;
    if (company.status !== 'registered') return refused({ _tag: 'CompanyNotRegistered' });
    return forRegistered(deps, call, { command, company });
  };
