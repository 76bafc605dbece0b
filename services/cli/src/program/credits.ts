import type { Command } from 'commander';
import {
  balanceCommand,
  issueCommand,
  purchaseCommand,
  statementCommand,
  type IssueOptions,
  type PurchaseOptions,
  type StatementOptions,
} from '../commands/credits.js';
import { reconcileCommand, type ReconcileOptions } from '../commands/credits-reconcile.js';
import { whatIfCommand } from '../commands/credits-what-if.js';
import { auditCommand } from '../commands/credits-audit.js';
import type { Run } from './run.js';

const addReconcile = (credits: Command, run: Run): void => {
  credits
    .command('reconcile')
    .description('the ledger against the portal’s purchases and the sessions; changes nothing')
    .requiredOption('--purchases <file>', 'CSV that the portal exported, or - for standard input')
    .option('--from <instant>', 'first instant that counts (default: the beginning)')
    .option('--to <instant>', 'first instant that counts no more (default: no end)')
    .option('--limit <count>', 'findings to list of each class; all are counted', '1000')
    .action(async (flags: ReconcileOptions, command: Command) =>
      run(command, (context) => reconcileCommand(context, flags)),
    );
};

export const addCreditsCommands = (program: Command, run: Run): void => {
  const credits = program
    .command('credits')
    .description('AI credits: balance, statement, purchases');
  credits
    .command('balance')
    .description('what is there, as of now or any instant')
    .option('--as-of <instant>', 'such as 2026-06-30T23:59:59+02:00')
    .option('--known-at <instant>', 'from what had been recorded by then (default: by now)')
    .action(async (flags: { asOf?: string; knownAt?: string }, command: Command) =>
      run(command, (context) => balanceCommand(context, flags)),
    );
  credits
    .command('statement')
    .description('a month: opening, every movement, closing')
    .requiredOption('--month <month>', 'such as 2026-06')
    .option(
      '--text',
      'for signing: free and paid apart, what lapses when, the events of every line',
    )
    .option('--csv', 'the same for spreadsheets')
    .option('--canonical', 'the bytes that the digest of an issued statement is of')
    .option('--known-at <instant>', 'as it was known then')
    .option('--no-lines', 'totals only')
    .action(async (flags: StatementOptions, command: Command) =>
      run(command, (context) => statementCommand(context, flags)),
    );
  credits
    .command('issue')
    .description('close a month: its statement stays as it is now, for ever')
    .requiredOption('--month <month>', 'such as 2026-06')
    .option('--by <id>', 'administrator who closes it', 'cli')
    .action(async (flags: IssueOptions, command: Command) =>
      run(command, (context) => issueCommand(context, flags)),
    );
  credits
    .command('purchase')
    .description('record a purchase; the same order twice is one purchase')
    .requiredOption('--order <number>', 'order number')
    .requiredOption('--amount <credits>', 'whole credits')
    .option('--at <instant>', 'when it was bought (default: now)')
    .option('--by <id>', 'administrator who bought it', 'cli')
    .action(async (flags: PurchaseOptions, command: Command) =>
      run(command, (context) => purchaseCommand(context, flags)),
    );
  credits
    .command('what-if')
    .description('run a scenario in memory, also under rules that are not dated yet')
    .argument('<file>', 'scenario as JSON, - for standard input')
    .action(async (file: string, _flags: object, command: Command) =>
      run(command, (context) => whatIfCommand(context, file)),
    );
  addReconcile(credits, run);
  credits
    .command('audit')
    .description('check the whole log: every lot, charge, session, and the read model beside it')
    .action(async (_flags: object, command: Command) => run(command, auditCommand));
};
