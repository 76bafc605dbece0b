import { Argument, type Command } from 'commander';
import {
  devicesAccessControlCommand,
  devicesPolicySourceCommand,
  usersLoggingCommand,
  type DevicesOptions,
  type UsersOptions,
} from '../commands/bulk.js';
import type { Run } from './run.js';

const AGAIN = 'id of the command: the same again does the rest, and nothing twice';

const sent = (command: Command): Command =>
  command
    .option('--by <id>', 'who sets it (default: cli)')
    .option('--command-id <id>', `${AGAIN} (default: a new one, which is told)`);

const forDevices = (command: Command): Command =>
  sent(command)
    .option('--all', 'every managed device')
    .option('--group <id>', 'the devices that inherit from this group')
    .option('--only <id...>', 'these devices');

const accessControls = ['allowed', 'denied', 'after-confirmation'] as const;

const addDevices = (program: Command, run: Run): void => {
  const devices = program.command('devices').description('one setting for many devices');
  forDevices(
    devices
      .command('access-control')
      .description('access control “Session Insights logging”; an outcome for each device')
      .addArgument(new Argument('<value>', 'what it becomes').choices(accessControls)),
  ).action(
    async (value: (typeof accessControls)[number], flags: DevicesOptions, command: Command) =>
      run(command, (context) => devicesAccessControlCommand(context, value, flags)),
  );
  forDevices(
    devices
      .command('policy-source')
      .description('where they take their policy from; an outcome for each device')
      .argument('<source>', 'own:POLICY, group:GROUP or none'),
  ).action(async (source: string, flags: DevicesOptions, command: Command) =>
    run(command, (context) => devicesPolicySourceCommand(context, source, flags)),
  );
};

export const addBulkCommands = (program: Command, run: Run): void => {
  const users = program.command('users').description('one setting for many users');
  sent(
    users
      .command('logging')
      .description('“log sessions for connection reporting”; an outcome for each user')
      .addArgument(new Argument('<value>', 'what it becomes').choices(['on', 'off'])),
  )
    .option('--all', 'every user of the company')
    .option('--all-but <id...>', 'every user but these')
    .option('--only <id...>', 'these users')
    .option('--me', 'the user whom --by names, alone')
    .option('--all-but-me', 'every user but the one whom --by names')
    .action(async (value: 'on' | 'off', flags: UsersOptions, command: Command) =>
      run(command, (context) => usersLoggingCommand(context, value, flags)),
    );
  addDevices(program, run);
};
