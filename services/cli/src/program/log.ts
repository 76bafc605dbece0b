import type { Command } from 'commander';
import { logCopyCommand } from '../commands/log-copy.js';
import type { Run } from './run.js';

type CopyFlags = Readonly<{ from?: string; to?: string; fromFile?: string; toFile?: string }>;

export const addLogCommands = (program: Command, run: Run): void => {
  const log = program.command('log').description('the log itself, whatever store holds it');
  log
    .command('copy')
    .description('copy a log into another store, event by event; safe to repeat, never overwrites')
    .option('--from <place>', 'data directory or esdb://… that is read')
    .option('--to <place>', 'data directory or esdb://… that is filled')
    .option('--from-file <file>', 'file with the connection string, where it holds credentials')
    .option('--to-file <file>', 'the same for the other end')
    .action(async ({ from, to, fromFile, toFile }: CopyFlags, command: Command) =>
      run(command, (context) =>
        logCopyCommand(context, {
          from: { place: from ?? null, file: fromFile ?? null },
          to: { place: to ?? null, file: toFile ?? null },
        }),
      ),
    );
};
