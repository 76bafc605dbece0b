import type { Command } from 'commander';
import {
  parkedListCommand,
  parkedRetryCommand,
  parkedShowCommand,
  type ParkedListOptions,
} from '../commands/parked.js';
import type { Run } from './run.js';

export const addParkedCommands = (program: Command, run: Run): void => {
  const parked = program
    .command('parked')
    .description('work that did not succeed: look at it, and have it tried again');
  parked
    .command('list')
    .description('parked work, oldest event first')
    .option('--waiting', 'what is tried again by itself instead')
    .option('--process <name>', 'of this process, such as insights')
    .option('--limit <count>', 'at most so many', '50')
    .action(async (flags: ParkedListOptions, command: Command) =>
      run(command, (context) => parkedListCommand(context, flags)),
    );
  parked
    .command('show')
    .description('what is parked under an id, and why')
    .argument('<id>', 'id of the event, as parked list shows it')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => parkedShowCommand(context, id)),
    );
  parked
    .command('retry')
    .description('try parked work again now; safe to repeat')
    .argument('[id...]', 'ids of events, as parked list shows them')
    .option('--all', 'everything that is parked')
    .action(async (ids: string[], flags: { all?: boolean }, command: Command) =>
      run(command, (context) => parkedRetryCommand(context, ids, flags.all ?? false)),
    );
};
