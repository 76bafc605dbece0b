import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { runProgram } from './run.js';

// The only place that looks at the process: environment, arguments, streams and signals.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // Asked twice, whoever asks does not want to wait; the log is whole at any moment.
    if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
    stop.abort();
  });

// A reader that has seen enough, such as head, closes the pipe: nothing is left to say then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Readonly<{ version: string }>;

process.exitCode = await runProgram({
  arguments: process.argv.slice(2),
  environment: process.env,
  version,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: Date.now,
  stopped: stop.signal,
});
