import { CommanderError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { createInterface } from 'node:readline/promises';
import { decodeConfig, summarizerOf, type Config, type Environment } from './config.js';
import type { Context } from './context.js';
import { logSourceOf } from './data/log-source.js';
import { dataProblem, ExitCode, type Failure, type Outcome } from './outcome.js';
import { makeOutput } from './output.js';
import { makeProgram } from './program.js';
import type { GlobalOptions } from './program/run.js';

type Stream = NodeJS.WriteStream;

/** What the program needs of its process. */
export type Process = Readonly<{
  arguments: readonly string[];
  environment: Environment;
  version: string;
  stdin: NodeJS.ReadStream;
  stdout: Stream;
  stderr: Stream;
  clock: () => number;
  stopped: AbortSignal;
}>;

const askOn = (given: Process): Context['ask'] =>
  given.stdin.isTTY
    ? async (question) => {
        const asked = createInterface({ input: given.stdin, output: given.stderr });
        const answer = await asked.question(question);
        asked.close();
        return answer;
      }
    : null;

/** A flag goes before the environment; the key comes from the environment in either case. */
const withFlags = (config: Config, options: GlobalOptions): E.Either<Failure, Config> => {
  const summarizer = summarizerOf({
    url: options.summarizerUrl ?? config.summarizer?.url ?? null,
    model: options.summarizerModel ?? config.summarizer?.model ?? null,
    key: config.summarizerKey,
  });
  return E.isLeft(summarizer) ? summarizer : E.right({ ...config, summarizer: summarizer.right });
};

const contextOf = (
  given: Process,
  config: Config,
  options: GlobalOptions,
): E.Either<Failure, Context> => {
  const { stdout, stderr } = given;
  const { store, storeFile } = config;
  const source = logSourceOf({ flag: options.store ?? null, store, storeFile });
  if (E.isLeft(source)) return source;
  return E.right({
    config,
    directory: options.data ?? config.dataDirectory,
    source: source.right,
    company: options.company ?? null,
    output: makeOutput(
      { out: stdout, err: stderr },
      {
        isJson: options.json ?? false,
        colour: config.colour && options.color !== false && stdout.isTTY,
        isWatched: stderr.isTTY,
      },
    ),
    clock: given.clock,
    stopped: given.stopped,
    ask: askOn(given),
    stdin: given.stdin,
  });
};

/** Codes of the system and of SQLite that are the disk's fault, wherever they come up. */
const diskCode = (thrown: unknown): string | null => {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  const code = String(thrown.code);
  return /^(SQLITE_|ENOSPC|EACCES|EPERM|EROFS|EIO|EDQUOT|ENOTDIR|EMFILE)/.test(code) ? code : null;
};

const remedies: readonly (readonly [RegExp, string])[] = [
  [/READONLY|EACCES|EPERM|EROFS/, 'It cannot be written: check its owner and permissions.'],
  [/FULL|ENOSPC|EDQUOT/, 'No room is left on its disk: free some and try again.'],
  [/CORRUPT|NOTADB/, 'It is damaged: keep a copy and run daybook doctor.'],
];

const diskFailure = (thrown: unknown): Failure => {
  const code = diskCode(thrown);
  if (code === null) throw thrown;
  const remedy = remedies.find(([pattern]) => pattern.test(code))?.[1] ?? 'Run daybook doctor.';
  return dataProblem(`The data directory cannot be used (${code}). ${remedy}`);
};

const settle = (given: Process, outcome: Outcome): ExitCode => {
  if (E.isRight(outcome)) return outcome.right;
  given.stderr.write(`${outcome.left.message}\n`);
  return outcome.left.exitCode;
};

/** Runs one command line and gives its exit code. Bugs are thrown. */
export const runProgram = async (given: Process): Promise<ExitCode> => {
  const config = decodeConfig(given.environment, given.version);
  if (E.isLeft(config)) return settle(given, config);
  let outcome: Outcome = E.right(ExitCode.fine);
  const program = makeProgram(given.version, async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const flagged = withFlags(config.right, options);
    if (E.isLeft(flagged)) {
      outcome = flagged;
      return;
    }
    const context = contextOf(given, flagged.right, options);
    if (E.isLeft(context)) {
      outcome = context;
      return;
    }
    try {
      outcome = await work(context.right);
    } catch (thrown) {
      outcome = E.left(diskFailure(thrown));
    }
  });
  const exits = (error: CommanderError): never => {
    throw error;
  };
  const all = [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)];
  const { stdout, stderr } = given;
  for (const command of all)
    command.exitOverride(exits).configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  try {
    await program.parseAsync(given.arguments, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? ExitCode.fine : ExitCode.usage;
  }
  return settle(given, outcome);
};
