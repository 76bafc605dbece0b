import { type Command, InvalidArgumentError } from 'commander';
import { contractsListCommand, contractsShowCommand } from '../commands/contracts.js';
import {
  relayBackfillCommand,
  relayRunCommand,
  relayStatusCommand,
  relayVerifyCommand,
} from '../commands/relay.js';
import type { Run } from './run.js';

const position = (text: string): number => {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value))
    throw new InvalidArgumentError('It is a whole number, such as 0 or 4711.');
  return value;
};

const addRelay = (program: Command, run: Run): void => {
  const relay = program
    .command('relay')
    .description('the log to NATS JetStream, which DAYBOOK_NATS_URL names');
  relay
    .command('backfill')
    .description('publish up to the end of the log, once')
    .option(
      '--assume-position <position>',
      'the log was published up to here: to begin a new stream later than the log, or to go on where the last message is gone',
      position,
    )
    .action(async ({ assumePosition }: { assumePosition?: number }, command: Command) =>
      run(command, (context) => relayBackfillCommand(context, assumePosition ?? null)),
    );
  relay
    .command('verify')
    .description('compare log and stream, event by event')
    .option('--after <position>', 'the stream was begun after this position of the log', position)
    .action(async ({ after }: { after?: number }, command: Command) =>
      run(command, (context) => relayVerifyCommand(context, after ?? null)),
    );
  for (const [name, description, work] of [
    ['status', 'how far the stream reaches; changes nothing', relayStatusCommand],
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
