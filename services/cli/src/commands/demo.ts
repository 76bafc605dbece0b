import {
  catchUpReadModels,
  readStatement,
  withLogReader,
  type SourceProblem,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { failureOf } from '../data/failure.js';
import { openWriter } from '../data/open.js';
import { openInputs, type InputFile } from '../import/input-file.js';
import { byTime, itemsOf } from '../import/items.js';
import { runImport, type ImportTally } from '../import/run-import.js';
import { dataProblem, ExitCode, refusal, type Failure, type Outcome } from '../outcome.js';
import { chargeInWords, outcomeInWords, type SessionView } from '../report/session.js';
import { statementTable } from '../report/statement.js';
import { summaryText } from '../report/summary.js';
import { table } from '../text/table.js';
import { counted, problemInWords } from '../text/words.js';
import { differencesFrom } from './demo-check.js';
import { freshDirectory } from './demo-data.js';
import { usualRoles } from '../serving/roles.js';
import { serveFrom } from './serve.js';

export type DemoOptions = Readonly<{
  serve: boolean;
  port: number;
  /** Directory of the samples. */
  samples: string;
}>;

const COMPANY = 'fernwacht';
const MONTH = '2026-06';
const SESSIONS_MAX = 1000;

/** The demo empties its directory; a store that it cannot empty has to be empty. */
const emptyStore = async (context: Context): Promise<E.Either<Failure, void>> => {
  if (context.source.kind === 'embedded') return E.right(undefined);
  const head = await withLogReader<SourceProblem, number>(context, (reader) => reader.head()());
  if (E.isLeft(head)) return E.left(failureOf(head.left));
  return head.right === 0
    ? E.right(undefined)
    : E.left(dataProblem('The event store holds a log already; the demo wants an empty one.'));
};

/** Commands and sessions in the order of time, because options are switched on in the middle of the month. */
const runSamples = async (
  context: Context,
  files: readonly InputFile[],
): Promise<E.Either<Failure, ImportTally>> => {
  const opened = await openWriter(context);
  if (E.isLeft(opened)) return opened;
  try {
    const { stopped, output } = context;
    return await runImport(
      {
        engine: opened.right,
        company: null,
        stopped,
        onItem: () => undefined,
        onProblem: (file, problem) => output.note(problemInWords(file, problem)),
      },
      byTime(files.map((file) => itemsOf(file, {}))),
    );
  } finally {
    await opened.right.close();
  }
};

const load = async (context: Context, samples: string): Promise<E.Either<Failure, ImportTally>> => {
  const names = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  const files = await openInputs(context, names, null);
  if (E.isLeft(files)) return files;
  try {
    const imported = await runSamples(context, files.right);
    if (E.isLeft(imported)) return imported;
    const caughtUp = await catchUpReadModels(context);
    return E.isLeft(caughtUp) ? E.left(failureOf(caughtUp.left)) : imported;
  } finally {
    for (const file of files.right) await file.close();
  }
};

const sessionsInOrder = (asked: Asking): readonly SessionView[] =>
  asked.queries.models.sessionHistory
    .read((history) => history.list(COMPANY, { limit: SESSIONS_MAX }))
    .answer.toReversed();

const sessionsTable = (context: Context, sessions: readonly SessionView[]): string => {
  const { style } = context.output;
  const rows = sessions.map((session) => {
    const [outcome, why] = outcomeInWords(session, style);
    const charge = session.charge === null ? '' : chargeInWords(session.charge);
    return [style.cyan(session.sessionId), session.paths.join('+'), outcome, charge, why];
  });
  const head = ['Session', 'Path', 'Outcome', 'Charge', 'Basis or reason'].map(style.dim);
  return table([head, ...rows], { indent: '  ' });
};

const summariesOf = (asked: Asking, sessions: readonly SessionView[]) =>
  asked.queries.models.summaryCatalog.read((catalog) =>
    sessions
      .map(({ sessionId }) => catalog.show(COMPANY, sessionId))
      .filter((summary) => summary !== undefined),
  ).answer;

const report = async (
  context: Context,
  asked: Asking,
  tally: ImportTally,
): Promise<E.Either<Failure, readonly SessionView[]>> => {
  const { output } = context;
  const { style } = output;
  const sessions = sessionsInOrder(asked);
  const summaries = summariesOf(asked, sessions);
  const read = await readStatement(asked.queries.reader)(COMPANY, MONTH);
  if (E.isLeft(read)) return E.left(failureOf(read.left));
  const statement = read.right?.statement ?? null;
  output.json({ directory: context.directory, ...tally, sessions, summaries, statement });
  output.line(style.bold('Daybook: a month of a service desk, from its events'));
  output.line(
    `${counted(tally.commands, 'command')} and ${counted(tally.sessions, 'session')} of Fernwacht IT, ${MONTH}, went through the engine in the order of time.`,
  );
  output.line(`\n${style.bold('The sessions, and why')}`);
  output.line(sessionsTable(context, sessions));
  output.line(`\n${style.bold('The summaries')}`);
  for (const summary of summaries) output.line(`\n${summaryText(summary, style, asked.when)}`);
  output.line();
  if (statement !== null)
    output.line(statementTable(statement, style, { when: asked.when, withLines: true }));
  return E.right(sessions);
};

const verify = (context: Context, samples: string, sessions: readonly SessionView[]): Outcome => {
  const { output } = context;
  const { compared, found } = differencesFrom(join(samples, 'expected-outcomes.json'), sessions);
  if (found.length > 0)
    return E.left(
      refusal(`The sessions differ from samples/expected-outcomes.json:\n  ${found.join('\n  ')}`),
    );
  output.line(
    `\n${output.style.green('✓')} All ${compared} sessions came out as samples/expected-outcomes.json says.`,
  );
  return E.right(ExitCode.fine);
};

/** `daybook demo`: what `npm start` runs. */
export const demoCommand = async (given: Context, options: DemoOptions): Promise<Outcome> => {
  const fresh = freshDirectory(given.directory);
  if (E.isLeft(fresh)) return fresh;
  const context = { ...given, directory: fresh.right };
  if (fresh.right !== given.directory)
    given.output.note(`Another demo is served from ${given.directory}; this is ${fresh.right}.`);
  const empty = await emptyStore(context);
  if (E.isLeft(empty)) return empty;
  const loaded = await load(context, options.samples);
  if (E.isLeft(loaded)) return loaded;
  const verified = await asking({ ...context, company: COMPANY }, async (asked) => {
    const reported = await report(context, asked, loaded.right);
    return E.isLeft(reported) ? reported : verify(context, options.samples, reported.right);
  });
  if (E.isLeft(verified) || !options.serve) return verified;
  return serveFrom(context, {
    host: '127.0.0.1',
    port: options.port,
    nextFree: true,
    logLevel: 'warn',
    roles: usualRoles,
    areRolesAsked: true,
    grpc: null,
    examples: { company: COMPANY, session: 's04-printer-queue', month: MONTH, auditor: 'u-aurel' },
  });
};
