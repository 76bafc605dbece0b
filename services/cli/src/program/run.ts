import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { Outcome } from '../outcome.js';

export type GlobalOptions = Readonly<{
  data?: string;
  store?: string;
  company?: string;
  json?: boolean;
  color?: boolean;
  summarizerUrl?: string;
  summarizerModel?: string;
}>;

/** Runs a command with its context; what it answers becomes the exit code. */
export type Run = (command: Command, work: (context: Context) => Promise<Outcome>) => Promise<void>;
