import { Option, type Command } from 'commander';
import {
  connectorCheckCommand,
  connectorDeliveriesCommand,
  connectorRetryCommand,
  connectorRunCommand,
  connectorStatusCommand,
  connectorUnrecalledCommand,
  type DeliveriesOptions,
} from '../commands/connectors.js';
import type { Run } from './run.js';

const STATES = ['waiting', 'sending', 'delivered', 'retracted', 'cancelled', 'skipped', 'parked'];

const addLists = (connectors: Command, run: Run): void => {
  for (const [name, description, work] of [
    ['deliveries', 'what became of each revision and deletion', connectorDeliveriesCommand],
    ['unrecalled', 'what a deletion could not take back', connectorUnrecalledCommand],
  ] as const) {
    const command = connectors
      .command(name)
      .description(description)
      .option('--connector <name>', 'of this connector')
      .option('--session <id>', 'of this session')
      .option('--limit <count>', 'at most so many', '50');
    if (name === 'deliveries')
      command.addOption(new Option('--state <state>', 'in this state').choices(STATES));
    command.action(async (flags: DeliveriesOptions, self: Command) =>
      run(self, (context) => work(context, flags)),
    );
  }
};

const addRunning = (connectors: Command, run: Run): void => {
  connectors
    .command('check')
    .description('read a configuration and say what is wrong with it')
    .argument('<file>', 'configuration, JSON')
    .action(async (file: string, _flags: object, command: Command) =>
      run(command, (context) => connectorCheckCommand(context, file)),
    );
  connectors
    .command('run')
    .description('deliver until stopped, beside the program that writes the log')
    .requiredOption('--config <file>', 'configuration, JSON; secrets from where it says')
    .option('--once', 'end when what the log holds now is delivered or parked')
    .action(async (flags: { config: string; once?: boolean }, command: Command) =>
      run(command, (context) =>
        connectorRunCommand(context, { config: flags.config, once: flags.once ?? false }),
      ),
    );
};

export const addConnectorCommands = (program: Command, run: Run): void => {
  const connectors = program
    .command('connectors')
    .description('summaries to ServiceNow and Salesforce: what was delivered, and what is parked');
  connectors
    .command('status')
    .description('how far each connector is')
    .action(async (_flags: object, command: Command) => run(command, connectorStatusCommand));
  addLists(connectors, run);
  connectors
    .command('retry')
    .description('try parked deliveries again now; safe to repeat')
    .argument('[id...]', 'ids of events, as deliveries shows them')
    .option('--all', 'everything that is parked')
    .action(async (ids: string[], flags: { all?: boolean }, command: Command) =>
      run(command, (context) => connectorRetryCommand(context, ids, flags.all ?? false)),
    );
  addRunning(connectors, run);
};
