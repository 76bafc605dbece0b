import { Command, Option } from 'commander';
import { addBulkCommands } from './program/bulk.js';
import { addConnectorCommands } from './program/connectors.js';
import { addCreditsCommands } from './program/credits.js';
import { addDataCommands } from './program/data.js';
import { addLogCommands } from './program/log.js';
import { addParkedCommands } from './program/parked.js';
import { addPublishingCommands } from './program/publishing.js';
import { addSessionCommands } from './program/sessions.js';
import { addSummaryCommands } from './program/summaries.js';
import { addWebhookCommands } from './program/webhooks.js';
import type { Run } from './program/run.js';

const exitCodes = `
Exit codes:
  0  fine
  1  some lines of the input are bad, or the rules refuse what was asked
  2  the command line is wrong, or an input file cannot be read
  3  the data directory cannot be used: missing, read-only, corrupt, no room left, or another
     program writes it; also: the port of a server is in use

Environment:
  DAYBOOK_DATA               data directory, as --data
  DAYBOOK_STORE_FILE         file with the connection string of an event store, also with credentials, or
  DAYBOOK_STORE              the connection string; without them the log is in the data directory
  DAYBOOK_SUMMARIZER_URL     address of a chat completions API that writes the summaries,
  DAYBOOK_SUMMARIZER_MODEL   its model, and
  DAYBOOK_SUMMARIZER_KEY     its key; without them the built-in summarizer, which needs no network
  DAYBOOK_NATS_URL           server of the relay, such as nats://127.0.0.1:4222
  DAYBOOK_NATS_CREDS         file with its credentials
  DAYBOOK_RELAY_…            stream, replicas, retention; DAYBOOK_RELAY_CONFIG names a JSON file with all of it
                             (packages/publisher/README.md lists them)
  NO_COLOR                   no colour, as --no-color`;

/** The command line, without anything of a process: it is given how to run a command. */
export const makeProgram = (version: string, run: Run): Command => {
  const program = new Command('daybook')
    .description(
      'The event-sourced engine behind AI session summaries: who agreed, which policy held, what was summarised, what it cost.',
    )
    .version(version)
    .addOption(new Option('--data <directory>', 'data directory (default: ./data)'))
    .addOption(
      new Option(
        '--store <connection>',
        'event store with the log, such as esdb://127.0.0.1:2113 (default: embedded)',
      ),
    )
    .addOption(new Option('--company <id>', 'company (default: the only one there is)'))
    .option('--summarizer-url <url>', 'chat completions API that writes the summaries')
    .option('--summarizer-model <model>', 'its model; its key only in the environment')
    .option('--json', 'results for programs, on standard output')
    .option('--no-color', 'no colour')
    .addHelpText('after', exitCodes)
    .showHelpAfterError('(daybook --help says what there is)');
  addDataCommands(program, run);
  addLogCommands(program, run);
  addSessionCommands(program, run);
  addSummaryCommands(program, run);
  addCreditsCommands(program, run);
  addParkedCommands(program, run);
  addBulkCommands(program, run);
  addPublishingCommands(program, run);
  addConnectorCommands(program, run);
  addWebhookCommands(program, run);
  return program;
};
