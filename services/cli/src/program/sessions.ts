import type { Command } from 'commander';
import { devicePolicyCommand } from '../commands/device.js';
import { explainCompanyCommand } from '../commands/explain-company.js';
import { explainDeviceCommand } from '../commands/explain-device.js';
import { explainUserCommand } from '../commands/explain-user.js';
import { explainCommand } from '../commands/explain.js';
import { sessionListCommand, type SessionListOptions } from '../commands/session-list.js';
import { sessionReplayCommand } from '../commands/session-replay.js';
import { sessionShowCommand } from '../commands/session-show.js';
import type { MomentOptions } from '../data/moment.js';
import { addConsentCommands } from './consent.js';
import type { Run } from './run.js';

const addSession = (program: Command, run: Run): void => {
  const session = program.command('session').description('sessions: what became of them, and how');
  session
    .command('list')
    .description('sessions, newest first')
    .option('--supporter <id>', 'of this supporter')
    .option('--device <id>', 'with this managed device')
    .option('--reason <reason>', 'not summarised for this reason, such as consent-refused')
    .option('--from <instant>', 'started at or after')
    .option('--to <instant>', 'started before')
    .option('--limit <count>', 'at most so many', '50')
    .action(async (flags: SessionListOptions, command: Command) =>
      run(command, (context) => sessionListCommand(context, flags)),
    );
  session
    .command('show')
    .description('one session: facts, decision, consent, charge, summary')
    .argument('<session>', 'id of the session')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => sessionShowCommand(context, id)),
    );
  atMoment(
    session
      .command('replay')
      .description('one session step by step, with what each could see of it')
      .argument('<session>', 'id of the session'),
  ).action(async (id: string, flags: MomentOptions, command: Command) =>
    run(command, (context) => sessionReplayCommand(context, id, flags)),
  );
};

/** The moment up to which a history is looked at; one of the three. */
const atMoment = (command: Command): Command =>
  command
    .option('--at <position>', 'up to this position of the log')
    .option('--as-of <instant>', 'as it was true then')
    .option('--known-at <instant>', 'as the log knew it then');

const addExplain = (program: Command, run: Run): void => {
  const explain = program
    .command('explain')
    .description('what was decided, by which rule, from which facts; evaluated again')
    .argument('[session]', 'id of a session')
    .action(async (id: string | undefined, _flags: object, command: Command) =>
      id === undefined
        ? command.help({ error: true })
        : run(command, (context) => explainCommand(context, id)),
    );
  explain
    .command('session')
    .description('why a session was summarised or not, and which credits paid')
    .argument('<session>', 'id of the session')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => explainCommand(context, id)),
    );
  atMoment(
    explain
      .command('device')
      .description('what is in effect on a device, what is pending, where each part comes from')
      .argument('<device>', 'id of the device'),
  ).action(async (id: string, flags: MomentOptions, command: Command) =>
    run(command, (context) => explainDeviceCommand(context, id, flags)),
  );
  atMoment(
    explain
      .command('user')
      .description('role and session logging of a user, and what their sessions came to')
      .argument('<user>', 'id of the user'),
  ).action(async (id: string, flags: MomentOptions, command: Command) =>
    run(command, (context) => explainUserCommand(context, id, flags)),
  );
  atMoment(
    explain.command('company').description('plan, AI activation and options of the company'),
  ).action(async (flags: MomentOptions, command: Command) =>
    run(command, (context) => explainCompanyCommand(context, flags)),
  );
};

export const addSessionCommands = (program: Command, run: Run): void => {
  addSession(program, run);
  addExplain(program, run);
  addConsentCommands(program, run);
  program
    .command('device')
    .description('managed devices')
    .command('policy')
    .description('the setting in effect on a device, where each part comes from, its history')
    .argument('<device>', 'id of the device')
    .option('--at <position>', 'as it stood at this position of the log')
    .option('--as-of <instant>', 'as it was then')
    .option('--known-at <instant>', 'as the log had it then')
    .action(async (id: string, flags: MomentOptions, command: Command) =>
      run(command, (context) => devicePolicyCommand(context, id, flags)),
    );
};
