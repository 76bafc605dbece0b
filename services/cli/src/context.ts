import type { LogSource } from '@daybook/engine';
import type { Config } from './config.js';
import type { Output } from './output.js';

/** What every command is given: where the data is, how to speak, and what time it is. */
export type Context = Readonly<{
  config: Config;
  /** Data directory, from `--data` or the environment. */
  directory: string;
  /** The log: in the data directory, or in the event store that `--store` or the environment names. */
  source: LogSource;
  /** From `--company`; null: the only one in the data directory. */
  company: string | null;
  output: Output;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Ends long-running work; aborted by SIGINT and SIGTERM. */
  stopped: AbortSignal;
  /** Asks somebody at the terminal; null when nobody is there to ask. */
  ask: ((question: string) => Promise<string>) | null;
  stdin: AsyncIterable<Buffer | string>;
}>;
