import type { Command } from 'commander';
import { devicePolicyCommand } from '../commands/device.js';
import { explainCommand } from '../commands/explain.js';
import { sessionListCommand, type SessionListOptions } from '../commands/session-list.js';
import { sessionReplayCommand, type ReplayOptions } from '../commands/session-replay.js';
import { sessionShowCommand } from '../commands/session-show.js';
import type { MomentOptions } from '../data/moment.js';
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
  session
    .command('replay')
    .description('one session step by step, as it was recorded')
    .argument('<session>', 'id of the session')
    .option('--at <position>', 'up to this position of the log')
    .action(async (id: string, flags: ReplayOptions, command: Command) =>
      run(command, (context) => sessionReplayCommand(context, id, flags)),
    );
};

export const addSessionCommands = (program: Command, run: Run): void => {
  addSession(program, run);
  program
    .command('explain')
    .description('why a session was summarised or not, rule by rule, and evaluated again')
    .argument('<session>', 'id of the session')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => explainCommand(context, id)),
    );

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
