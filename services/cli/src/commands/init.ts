import { catchUpReadModels, type Engine } from '@daybook/engine';
import { isId } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { companiesOf } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { openWriter } from '../data/open.js';
import { openInputs, type InputFile } from '../import/input-file.js';
import { inTurn, itemsOf } from '../import/items.js';
import { hasFaults, reportImport } from '../import/report.js';
import { runImport, type ImportTally } from '../import/run-import.js';
import { ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { listed, problemInWords } from '../text/words.js';

export type InitOptions = Readonly<{
  plan: string | null;
  timeZone: string | null;
  setup: string | null;
}>;

const memoryFile = (name: string, text: string): InputFile => ({
  name,
  format: 'setup',
  bytes: 0,
  chunks: (async function* () {
    yield await Promise.resolve(text);
  })(),
  close: () => Promise.resolve(),
});

/** The registration as the line of a setup file, so that both ways are checked by the same rules. */
const registration = (
  context: Context,
  options: InitOptions,
): E.Either<Failure, InputFile | null> => {
  const { company } = context;
  if (company === null && options.setup === null)
    return options.plan === null && options.timeZone === null
      ? E.right(null)
      : E.left(usage('Name the company to register with --company ID.'));
  if (company === null) return E.right(null);
  if (!isId(company))
    return E.left(
      usage('A company’s id has 1 to 100 letters, digits, “.”, “:”, “~” or “-”, no spaces.'),
    );
  if (options.plan === null)
    return options.setup === null
      ? E.left(usage('Name the company’s plan with --plan business|premium|corporate|tensor.'))
      : E.right(null);
  const line = {
    command: 'RegisterCompany',
    at: new Date(context.clock()).toISOString(),
    companyId: company,
    plan: options.plan,
    timeZone: options.timeZone ?? 'UTC',
  };
  return E.right(memoryFile('--company', JSON.stringify(line)));
};

const setUp = async (
  context: Context,
  engine: Engine,
  files: readonly InputFile[],
): Promise<E.Either<Failure, ImportTally>> =>
  runImport(
    {
      engine,
      company: context.company,
      stopped: context.stopped,
      onItem: () => undefined,
      onProblem: (file, problem) => context.output.note(problemInWords(file, problem)),
    },
    inTurn(files.map((file) => itemsOf(file, {}))),
  );

const initialise = async (context: Context, files: readonly InputFile[]): Promise<Outcome> => {
  const { output, directory } = context;
  const opened = await openWriter(context);
  if (E.isLeft(opened)) return opened;
  const engine = opened.right;
  try {
    const done = await setUp(context, engine, files);
    if (E.isLeft(done)) return done;
    const companies = await companiesOf(engine.store);
    if (E.isLeft(companies)) return companies;
    const caughtUp = await catchUpReadModels(context);
    if (E.isLeft(caughtUp)) return E.left(failureOf(caughtUp.left));
    const ids = companies.right.map(({ id }) => id);
    output.line(
      ids.length === 0
        ? `Data directory ${directory} is ready; no company is registered yet.`
        : `Data directory ${directory} is ready with ${listed(ids)}.`,
    );
    if (files.length > 0) reportImport(output, done.right);
    output.json({ directory, companies: companies.right, ...done.right });
    return E.right(hasFaults(done.right) ? ExitCode.refusedOrBadLines : ExitCode.fine);
  } finally {
    await engine.close();
  }
};

/** `daybook init`: makes the data directory and what belongs into it from the start. Safe to repeat. */
export const initCommand = async (context: Context, options: InitOptions): Promise<Outcome> => {
  const registered = registration(context, options);
  if (E.isLeft(registered)) return registered;
  const setup = options.setup === null ? [] : [options.setup];
  const opened = await openInputs(context, setup, 'setup');
  if (E.isLeft(opened)) return opened;
  try {
    const first = registered.right === null ? [] : [registered.right];
    return await initialise(context, [...first, ...opened.right]);
  } finally {
    for (const file of opened.right) await file.close();
  }
};
