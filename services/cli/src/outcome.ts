import type * as E from 'fp-ts/lib/Either.js';

/** Exit codes of the program; the README and `--help` promise them. */
export const ExitCode = { fine: 0, refusedOrBadLines: 1, usage: 2, dataDirectory: 3 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What ended a command early, in words that say what to do. Never session text. */
export type Failure = Readonly<{ exitCode: ExitCode; message: string }>;

export type Outcome = E.Either<Failure, ExitCode>;

export const usage = (message: string): Failure => ({ exitCode: ExitCode.usage, message });
export const refusal = (message: string): Failure => ({
  exitCode: ExitCode.refusedOrBadLines,
  message,
});
export const dataProblem = (message: string): Failure => ({
  exitCode: ExitCode.dataDirectory,
  message,
});
