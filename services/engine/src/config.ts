import type { SnapshotProblem } from '@daybook/command-handling';
import type { RuleBook } from '@daybook/domain/rules';
import type { Summarizer } from '@daybook/summarizer';
import { join } from 'node:path';
import type { Clock } from './scheduler/clock.js';
import type { EngineObserver } from './metrics/metrics.js';
import type { RetryPolicy } from './retry.js';

/** The log that a node works on: the one in its data directory, or one of an event store that others may share. */
export type LogSource =
  | Readonly<{ kind: 'embedded' }>
  /** `esdb://` or `esdb+discover://`. It may hold a password: it is never printed. */
  | Readonly<{ kind: 'esdb'; connectionString: string }>;

/** What a difference of two positions counts: events in an embedded log, bytes in that of an event store. */
export type PositionUnit = 'events' | 'bytes';

/** A node: where it keeps what is its own, and the log that all of it is filled from. Default: embedded. */
export type Place = Readonly<{ directory: string; source?: LogSource }>;

/** What the engine is made of; read from flags and the environment in one place, by each program. */
export type EngineConfig = Readonly<{
  /** Holds the read models and the checkpoints, and the log where that is embedded. */
  directory: string;
  /** Default: embedded. */
  source?: LogSource;
  /** Others write to the log, too. Default: where it is not embedded. */
  isLogShared?: boolean;
  ruleBook: RuleBook;
  summarizer: Summarizer;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Time as the scheduler waits for it; default: `clock`, with timers. */
  timer?: Clock;
  notice: Readonly<{ version: string; language: string }>;
  /** Summaries that are being made at one time; what a model's service allows, or 64 where nothing waits. */
  summariesAtOnce: number;
  /** Hears of every snapshot that was passed over: for a log line, nothing is wrong with any answer. */
  onSnapshotProblem?: (problem: SnapshotProblem) => void;
  /** How often a summarizer that is not there is asked again; default: `defaultRetryPolicy`. */
  retryPolicy?: RetryPolicy;
  onSummaryFailure?: (company: string, sessionId: string, reason: string) => void;
  /** Sees every command and every append: `makeMetrics().observer`. */
  observer?: EngineObserver;
}>;

export const logDirectory = (directory: string): string => join(directory, 'log');
export const readModelDirectory = (directory: string): string => join(directory, 'read-models');

/** Text of the consent notice that prompts show unless a caller names another. */
export const defaultNotice = { version: '2026-01', language: 'en' } as const;
