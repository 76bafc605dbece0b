import type { Command } from 'commander';
import {
  webhooksAddCommand,
  webhooksChangeCommand,
  webhooksDeliveriesCommand,
  webhooksListCommand,
  webhooksReplayCommand,
  webhooksRetryCommand,
  webhooksRotateCommand,
  webhooksShowCommand,
  type AddFlags,
  type RotateFlags,
} from '../commands/webhooks.js';
import type { DestinationFlags } from '../commands/webhook-destinations.js';
import { webhooksRunCommand } from '../commands/webhooks-run.js';
import type { Run } from './run.js';

const gathered = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];

const NONE: readonly string[] = [];
const secretFile = '--secret-file <file>';
const aboutSecret = 'take the secret from a file, - for standard input (default: a new one)';

const withDestinations = (command: Command): Command =>
  command
    .option('--allow-http', 'http as well, readable by everybody on the way')
    .option(
      '--allow-network <network>',
      'a network that is not public, such as 10.1.0.0/16; may be repeated',
      gathered,
      NONE,
    )
    .option('--allow-port <port>', 'a port beside 443 and 8443; may be repeated', gathered, NONE);

const addManagement = (webhooks: Command, run: Run): void => {
  withDestinations(
    webhooks
      .command('add')
      .description('send the events of a company to a URL; shows its secret once')
      .argument('<url>', 'where they are sent, https')
      .option(
        '--type <type>',
        'a published type, or daybook.summaries.*; may be repeated',
        gathered,
        NONE,
      )
      .option('--from <where>', 'start, now, or after a position of the log', 'now')
      .option(secretFile, aboutSecret),
  ).action(async (url: string, flags: AddFlags, command: Command) =>
    run(command, (context) => webhooksAddCommand(context, url, flags)),
  );
  webhooks
    .command('list')
    .description('endpoints and how they stand')
    .action(async (_flags: object, command: Command) => run(command, webhooksListCommand));
  webhooks
    .command('show')
    .description('an endpoint, what is parked for it, and who changed it (with --json)')
    .argument('<id>')
    .action(async (id: string, _flags: object, command: Command) =>
      run(command, (context) => webhooksShowCommand(context, id)),
    );
  webhooks
    .command('rotate')
    .description('give an endpoint a new secret; the one before goes on for a while')
    .argument('<id>')
    .option('--overlap-hours <hours>', 'how long both are valid', '24')
    .option(secretFile, aboutSecret)
    .action(async (id: string, flags: RotateFlags, command: Command) =>
      run(command, (context) => webhooksRotateCommand(context, id, flags)),
    );
  for (const [action, description] of [
    ['enable', 'go on sending where it stopped'],
    ['disable', 'send nothing until it is enabled'],
    ['remove', 'forget an endpoint, its secrets and its deliveries'],
  ] as const)
    webhooks
      .command(action)
      .description(description)
      .argument('<id>')
      .action(async (id: string, _flags: object, command: Command) =>
        run(command, (context) => webhooksChangeCommand(action)(context, id)),
      );
};

export const addWebhookCommands = (program: Command, run: Run): void => {
  const webhooks = program
    .command('webhooks')
    .description('send events to URLs, signed: endpoints, deliveries, and the sending itself');
  addManagement(webhooks, run);
  webhooks
    .command('deliveries')
    .description('the last attempts to deliver, newest first')
    .argument('<id>')
    .option('--limit <count>', 'at most so many', '50')
    .action(async (id: string, flags: { limit: string }, command: Command) =>
      run(command, (context) => webhooksDeliveriesCommand(context, id, flags)),
    );
  webhooks
    .command('retry')
    .description('try what waits or is parked now; without --event, all of it')
    .argument('<id>')
    .option('--event <event>', 'id of an event; may be repeated', gathered, NONE)
    .action(async (id: string, flags: { event: readonly string[] }, command: Command) =>
      run(command, (context) => webhooksRetryCommand(context, id, flags.event)),
    );
  webhooks
    .command('replay')
    .description('send everything after a position again, under the same ids')
    .argument('<id>')
    .requiredOption('--after <position>', 'position of the log; 0 is everything')
    .action(async (id: string, flags: { after: string }, command: Command) =>
      run(command, (context) => webhooksReplayCommand(context, id, flags)),
    );
  withDestinations(
    webhooks.command('run').description('send until it is stopped, beside the program that writes'),
  ).action(async (flags: DestinationFlags, command: Command) =>
    run(command, (context) => webhooksRunCommand(context, flags)),
  );
};
