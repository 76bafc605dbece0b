import { consentStates } from '@daybook/engine';
import { Option, type Command } from 'commander';
import {
  consentListCommand,
  consentReceiptCommand,
  type ConsentListOptions,
} from '../commands/consent.js';
import type { Run } from './run.js';

const bases = ['consent', 'standing-permission', 'policy'] as const;

export const addConsentCommands = (program: Command, run: Run): void => {
  const consent = program
    .command('consent')
    .description('who agreed to what, under which notice, and what became of it');
  consent
    .command('list')
    .description('consent records, newest first')
    .option('--session <id>', 'of this session')
    .option('--supporter <id>', 'of sessions of this supporter')
    .option('--device <id>', 'of sessions with this managed device')
    .addOption(new Option('--state <state>', 'what the remote side said').choices(consentStates))
    .addOption(new Option('--basis <basis>', 'where this basis is in force').choices(bases))
    .option('--from <instant>', 'recorded at or after')
    .option('--to <instant>', 'recorded before')
    .option('--limit <count>', 'at most so many', '50')
    .action(async (flags: ConsentListOptions, command: Command) =>
      run(command, (context) => consentListCommand(context, flags)),
    );
  consent
    .command('receipt')
    .description('the consent record of a session in the structure of ISO/IEC TS 27560, as JSON')
    .argument('<session>', 'id of the session')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => consentReceiptCommand(context, id)),
    );
};
