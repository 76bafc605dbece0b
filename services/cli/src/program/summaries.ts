import { Option, type Command } from 'commander';
import {
  summaryListCommand,
  summarySearchCommand,
  summaryShowCommand,
  type SummaryFilterOptions,
} from '../commands/summary.js';
import {
  summaryDeleteCommand,
  summaryEditCommand,
  type EditOptions,
} from '../commands/summary-write.js';
import { summaryExportCommand, type ExportOptions } from '../commands/summary-export.js';
import { exportFormats } from '../report/summary-export.js';
import {
  summaryRegenerateCommand,
  type RegenerateOptions,
} from '../commands/summary-regenerate.js';
import type { Run } from './run.js';

type DeleteOptions = Readonly<{ yes?: boolean; by: string; as?: string }>;

const AS =
  'as this user, in the role that the log has for them (default: the operator, who sees all)';

const viewed = (command: Command): Command => command.option('--as <user>', AS);

const filtered = (command: Command): Command =>
  viewed(command)
    .option('--supporter <id>', 'of this supporter')
    .option('--device <id>', 'of this managed device')
    .option('--tag <tag>', 'with this tag')
    .option('--language <language>', 'in this language, such as en')
    .option('--from <instant>', 'made at or after')
    .option('--to <instant>', 'made before')
    .option('--limit <count>', 'at most so many', '20');

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

const addReading = (summary: Command, run: Run): void => {
  filtered(summary.command('list').description('summaries, newest first'))
    .option('--deleted', 'with those that were deleted')
    .action(async (flags: SummaryFilterOptions, command: Command) =>
      run(command, (context) => summaryListCommand(context, flags)),
    );
  filtered(summary.command('search').description('summaries with these words, best match first'))
    .argument('<words...>', 'words that all must occur')
    .action(async (words: string[], flags: SummaryFilterOptions, command: Command) =>
      run(command, (context) => summarySearchCommand(context, words, flags)),
    );
  viewed(summary.command('show'))
    .description('the summary of a session')
    .argument('<session>', 'id of the session')
    .option('--revisions', 'with who wrote which revision')
    .action(async (id: string, flags: { revisions?: boolean; as?: string }, command: Command) =>
      run(command, (context) => summaryShowCommand(context, id, flags)),
    );
  viewed(summary.command('export'))
    .description('the summary for another system, with the AI marking in it')
    .argument('<session>', 'id of the session')
    .addOption(
      new Option('--format <format>', 'markdown with front matter, json, or text')
        .choices(exportFormats)
        .default('markdown'),
    )
    .action(async (id: string, flags: ExportOptions, command: Command) =>
      run(command, (context) => summaryExportCommand(context, id, flags)),
    );
};

const addWriting = (summary: Command, run: Run): void => {
  summary
    .command('edit')
    .description('change a summary; without flags in $VISUAL or $EDITOR, as JSON')
    .argument('<session>', 'id of the session')
    .option('--title <text>', 'new title')
    .option('--problem <text>', 'new problem')
    .option('--step <text>', 'a step; all that are given replace all that are there', collect)
    .option('--result <text>', 'new result')
    .option('--follow-up <text>', 'a follow-up, as --step', collect)
    .option('--tag <tag>', 'a tag, as --step', collect)
    .option('--revision <number>', 'the revision that you read (default: the latest)')
    .option('--by <id>', 'who edits', 'cli')
    .option('--as <user>', 'the user who edits, as --by')
    .action(async (id: string, flags: EditOptions, command: Command) =>
      run(command, (context) => summaryEditCommand(context, id, flags)),
    );
  summary
    .command('delete')
    .description('delete a summary for ever; the charge and the fact stay')
    .argument('<session>', 'id of the session')
    .option('--yes', 'without asking')
    .option('--by <id>', 'who deletes', 'cli')
    .option('--as <user>', 'the user who deletes, as --by')
    .action(async (id: string, flags: DeleteOptions, command: Command) =>
      run(command, (context) => summaryDeleteCommand(context, id, flags)),
    );
};

const addRegenerate = (summary: Command, run: Run): void => {
  summary
    .command('regenerate')
    .description('make a summary again from what was captured; costs nothing in a charged session')
    .argument('<session>', 'id of the session')
    .option('--revision <number>', 'the revision that you read (default: the latest)')
    .option('--by <id>', 'who asks for it', 'cli')
    .option('--as <user>', 'the user who asks for it, as --by')
    .action(async (id: string, flags: RegenerateOptions, command: Command) =>
      run(command, (context) => summaryRegenerateCommand(context, id, flags)),
    );
};

export const addSummaryCommands = (program: Command, run: Run): void => {
  const summary = program.command('summary').description('summaries: read, search, change, delete');
  addReading(summary, run);
  addWriting(summary, run);
  addRegenerate(summary, run);
};
