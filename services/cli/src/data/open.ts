import { ruleBook } from '@daybook/domain/rules';
import {
  defaultNotice,
  makeExtractiveSummarizer,
  makeOpenAiSummarizer,
  openEngine,
  openQueries,
  ownLogIn,
  type Engine,
  type EngineObserver,
  type Place,
  type Queries,
  type Summarizer,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync, statSync } from 'node:fs';
import type { SummarizerConfig } from '../config.js';
import type { Context } from '../context.js';
import { dataProblem, type Failure } from '../outcome.js';
import { failureOf } from './failure.js';

const SUMMARIES_AT_ONCE = 4;
const SUMMARIZER_TIMEOUT_MS = 60_000;
/** For a hiccup of the network; what takes longer the process tries again, while other work goes on. */
const SUMMARIZER_RETRIES = 1;

/** The configured service, or the built-in summarizer that needs none. */
export const summarizerFor = (config: SummarizerConfig | null): Summarizer =>
  config === null
    ? makeExtractiveSummarizer()
    : makeOpenAiSummarizer({
        baseUrl: config.url,
        model: config.model,
        // A service on one's own machine needs no key, the client some text.
        apiKey: config.key === '' ? 'none' : config.key,
        timeoutMs: SUMMARIZER_TIMEOUT_MS,
        maxRetries: SUMMARIZER_RETRIES,
      });

const notADirectory = (path: string): Failure | null =>
  existsSync(path) && !statSync(path).isDirectory()
    ? dataProblem(`${path} is not a directory; name another with --data.`)
    : null;

/**
 * Nothing but `init` and `demo` begins a log: a mistyped name must not begin an empty one. A node of an event
 * store makes its directory whenever it finds none, and fills it from the log.
 */
const presence = ({ directory, source }: Place): Failure | null => {
  const mistaken = notADirectory(directory);
  if (mistaken !== null) return mistaken;
  if (source?.kind === 'esdb' || ownLogIn(directory)) return null;
  return dataProblem(
    [
      `There is no Daybook data in ${directory}. Name another directory with --data, or make one:`,
      '  daybook init --company ID --plan business --time-zone Europe/Berlin',
      '  daybook init --setup FILE.jsonl',
    ].join('\n'),
  );
};

export type WriterOptions = Readonly<{
  /** Others write to the log, too: it is served to them. Default: where it is in an event store. */
  isLogShared?: boolean;
  observer?: EngineObserver;
}>;

/** Opens the log for writing, an embedded one as its one writer; makes the data directory when there is none. */
export const openWriter = async (
  context: Context,
  options: WriterOptions = {},
): Promise<E.Either<Failure, Engine>> => {
  const { directory, source, config, clock, output } = context;
  const mistaken = notADirectory(directory);
  if (mistaken !== null) return E.left(mistaken);
  const opened = await openEngine({
    ...options,
    directory,
    source,
    ruleBook,
    summarizer: summarizerFor(config.summarizer),
    clock,
    notice: defaultNotice,
    summariesAtOnce: SUMMARIES_AT_ONCE,
    onSnapshotProblem: ({ stream, revision, problem }) =>
      output.note(
        `The snapshot of ${stream} at revision ${revision} was passed over (${problem}).`,
      ),
    onSummaryFailure: (company, sessionId, reason) =>
      output.note(`No summary of session ${sessionId} (${company}): ${reason}.`),
  });
  return E.isLeft(opened) ? E.left(failureOf(opened.left)) : opened;
};

/** Does something as the writer of an existing data directory. */
export const asWriter = async <A>(
  context: Context,
  work: (engine: Engine) => Promise<E.Either<Failure, A>>,
): Promise<E.Either<Failure, A>> => {
  const absent = presence(context);
  if (absent !== null) return E.left(absent);
  const opened = await openWriter(context);
  if (E.isLeft(opened)) return opened;
  try {
    return await work(opened.right);
  } finally {
    await opened.right.close();
  }
};

/** Asks an existing data directory, beside its writer or without one. */
export const asReader = async <A>(
  context: Context,
  work: (queries: Queries) => Promise<E.Either<Failure, A>>,
): Promise<E.Either<Failure, A>> => {
  const absent = presence(context);
  if (absent !== null) return E.left(absent);
  const opened = await openQueries(context);
  if (E.isLeft(opened)) return E.left(failureOf(opened.left));
  try {
    return await work(opened.right);
  } finally {
    await opened.right.close();
  }
};

/** Why the data directory cannot be looked at, or null. */
export const absenceOf = presence;
