import { Option, type Command } from 'commander';
import { importCommand } from '../commands/import.js';
import { importReportsCommand } from '../commands/import-reports.js';
import { initCommand } from '../commands/init.js';
import { demoCommand } from '../commands/demo.js';
import { doctorCommand } from '../commands/doctor.js';
import { rebuildCommand } from '../commands/rebuild.js';
import { inputFormats, type InputFormat } from '../import/input-file.js';
import type { Run } from './run.js';
import { addServe, portFrom } from './serve.js';
import { samplesDirectory } from '../data/samples.js';

type ReportsFlags = Readonly<{
  kind: 'connections' | 'devices';
  from?: string;
  to?: string;
  map?: string;
}>;

const addReports = (imports: Command, run: Run): void => {
  imports
    .command('teamviewer-reports')
    .description('fetch reports from the Web API of TeamViewer, with DAYBOOK_TEAMVIEWER_TOKEN')
    .addOption(
      new Option('--kind <kind>', 'connections that users made, or those to devices')
        .choices(['connections', 'devices'])
        .default('connections'),
    )
    .option('--from <instant>', 'connections that began then or later')
    .option('--to <instant>', 'connections that ended before')
    .option('--map <file>', 'JSON file: which users and devices the company knows')
    .action(async (flags: ReportsFlags, command: Command) =>
      run(command, (context) =>
        importReportsCommand(context, {
          kind: flags.kind === 'connections' ? 'outgoing' : 'incoming',
          from: flags.from ?? null,
          to: flags.to ?? null,
          // The command above has the option, too, and takes it where it stands before the name.
          map: flags.map ?? command.optsWithGlobals<ReportsFlags>().map ?? null,
        }),
      ),
    );
};

type ImportFlags = Readonly<{ format?: InputFormat; map?: string; byTime?: boolean }>;

const addImport = (program: Command, run: Run): void => {
  const imports = program.command('import');
  addReports(imports, run);
  imports
    .description(
      'put session journals, setup files, TeamViewer logs and reports in; safe to repeat',
    )
    .argument('<file...>', 'files, or - for standard input')
    .addOption(
      new Option(
        '--format <format>',
        'what the files are (default: seen by their first line)',
      ).choices(inputFormats),
    )
    .option('--map <file>', 'JSON file: which ends of TeamViewer connections the company knows')
    .option('--by-time', 'merge the files by time, each being in order of time itself')
    .action(async (files: string[], flags: ImportFlags, command: Command) =>
      run(command, (context) =>
        importCommand(context, files, {
          format: flags.format ?? null,
          map: flags.map ?? null,
          byTime: flags.byTime ?? false,
        }),
      ),
    );
};

const plans = ['business', 'premium', 'corporate', 'tensor'] as const;

type InitFlags = Readonly<{ plan?: string; timeZone?: string; setup?: string }>;

const addInit = (program: Command, run: Run): void => {
  program
    .command('init')
    .description('make the data directory, register a company, run a setup file; safe to repeat')
    .addOption(new Option('--plan <plan>', 'plan of the company').choices(plans))
    .option('--time-zone <zone>', 'time zone of the company, such as Europe/Berlin (default: UTC)')
    .option('--setup <file>', 'setup file: one command a line, as JSON')
    .action(async (flags: InitFlags, command: Command) =>
      run(command, (context) =>
        initCommand(context, {
          plan: flags.plan ?? null,
          timeZone: flags.timeZone ?? null,
          setup: flags.setup ?? null,
        }),
      ),
    );
};

type DemoFlags = Readonly<{ serve: boolean; port: number }>;

const addDemo = (program: Command, run: Run): void => {
  program
    .command('demo')
    .description('run the samples through a fresh engine, report, check them, and serve')
    .option('--no-serve', 'end after the report')
    .addOption(new Option('--port <port>', 'port of the server').default(7070).argParser(portFrom))
    .action(async (flags: DemoFlags, command: Command) =>
      run(command, (context) => {
        const isNamed = command.optsWithGlobals<{ data?: string }>().data !== undefined;
        const directory = isNamed ? context.directory : `${context.directory}/demo`;
        return demoCommand({ ...context, directory }, { ...flags, samples: samplesDirectory() });
      }),
    );
};

const addUpkeep = (program: Command, run: Run): void => {
  program
    .command('rebuild')
    .description('fill the read models from the whole log again, beside the live ones')
    .argument('[name]', 'only this one (default: all)')
    .action(async (name: string | undefined, _flags: object, command: Command) =>
      run(command, (context) => rebuildCommand(context, name ?? null)),
    );
  program
    .command('doctor')
    .description('examine the log, the read models, the charges, the disk and the lock')
    .option('--digest', 'digests of the contents: the same input gives the same, in every run')
    .action(async (flags: { digest?: boolean }, command: Command) =>
      run(command, (context) => doctorCommand(context, flags)),
    );
};

export const addDataCommands = (program: Command, run: Run): void => {
  addInit(program, run);
  addImport(program, run);
  addDemo(program, run);
  addServe(program, run);
  addUpkeep(program, run);
};
