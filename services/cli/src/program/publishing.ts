import type { Command } from 'commander';
import { contractsListCommand, contractsShowCommand } from '../commands/contracts.js';
import {
  relayBackfillCommand,
  relayRunCommand,
  relayStatusCommand,
  relayVerifyCommand,
} from '../commands/relay.js';
import type { Run } from './run.js';

const addRelay = (program: Command, run: Run): void => {
  const relay = program
    .command('relay')
    .description('the log to NATS JetStream, which DAYBOOK_NATS_URL names');
  for (const [name, description, work] of [
    ['status', 'how far the stream reaches; changes nothing', relayStatusCommand],
    ['backfill', 'publish up to the end of the log, once', relayBackfillCommand],
    ['verify', 'compare log and stream, event by event', relayVerifyCommand],
    ['run', 'publish until it is stopped', relayRunCommand],
  ] as const)
    relay
      .command(name)
      .description(description)
      .action(async (_flags: object, command: Command) => run(command, work));
};

export const addPublishingCommands = (program: Command, run: Run): void => {
  const contracts = program
    .command('contracts')
    .description('what leaves Daybook for other services, and in which shape');
  contracts
    .command('list')
    .description('every type of event that is published')
    .action(async (_flags: object, command: Command) => run(command, contractsListCommand));
  contracts
    .command('show')
    .description('a type with its schema and an example')
    .argument('<type>', 'such as daybook.credits.hold-captured.v1')
    .action(async (type: string, _flags: object, command: Command) =>
      run(command, (context) => contractsShowCommand(context, type)),
    );
  addRelay(program, run);
};
