import type { LogVerification, ReadModelCondition, UnfinishedReport } from '@daybook/engine';
import type { WayOut } from './ways-out.js';
import type { WriterState } from './writer-state.js';

export type ChargedTwice = Readonly<{
  company: string;
  sessionId: string;
  chargeIds: readonly string[];
}>;

export type Examination = Readonly<{
  directory: string;
  log: LogVerification;
  head: number;
  readModels: ReadonlyMap<string, ReadModelCondition | null>;
  processes: Readonly<Record<string, number>>;
  /** What processes have passed without having done it; the first of what is parked. */
  unfinished: UnfinishedReport;
  waysOut: readonly WayOut[];
  chargedTwice: readonly ChargedTwice[];
  freeBytes: number;
  writer: WriterState;
  /** The log is in an event store: any number of nodes write to it. */
  isLogShared: boolean;
  /** SHA-256 of what the log says; only where it was asked for. */
  contentDigest: string | null;
}>;
