import type { HandlingFailure } from '@daybook/command-handling';
import type { Actor } from '@daybook/domain/kernel';
import type { JournalEntry, LineProblem } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import type { Call } from './call.js';
import type { ProcessFailure, ProcessRunner } from './process-runner.js';
import {
  commandIdOf,
  recordEntry,
  spendsCredits,
  type EntryAnswer,
  type EntrySource,
  type SessionDeps,
} from './session-flow.js';

/** One line of an input: its entries, or what is wrong with it. */
export type InputLine = Readonly<{
  line: number;
  /** Offset in the file after this line. */
  bytes: number;
  result: E.Either<LineProblem, readonly JournalEntry[]>;
}>;

export type ImportCounts = Readonly<{
  lines: number;
  problems: number;
  sessions: number;
  recorded: number;
  repeated: number;
  /** Refused entries by the name of the refusal. */
  refused: Readonly<Record<string, number>>;
}>;

export type ImportRequest = Readonly<{
  company: string;
  source: EntrySource;
  lines: AsyncIterable<InputLine>;
  onProblem: (problem: LineProblem) => void;
  onProgress?: (bytes: number, counts: ImportCounts) => void;
}>;

/** Entries that are in hand at one time; after them the insights process catches up. */
const BATCH_ENTRIES = 512;

const actorOf = (entry: JournalEntry): Actor => {
  switch (entry.entry) {
    case 'session-started':
      return { kind: 'supporter', id: entry.supporter ?? 'unknown' };
    case 'prompt-answered':
    case 'consent-withdrawn':
      return { kind: 'remote-side', id: entry.by };
    case 'chat':
      return { kind: entry.speaker, id: 'session' };
    case 'action':
    case 'assistant-message':
      return { kind: 'supporter', id: 'session' };
    case 'prompt-timed-out':
    case 'session-ended':
      return { kind: 'system', id: 'session' };
  }
};

/** The call that records an entry: the entry names its own command, so a repeat is the same command. */
export const callForEntry = (company: string, entry: JournalEntry): Call => ({
  company,
  actor: actorOf(entry),
  commandId: commandIdOf(entry),
  correlationId: entry.session,
  at: entry.at,
});

type Tally = {
  lines: number;
  problems: number;
  sessions: number;
  recorded: number;
  repeated: number;
  refused: Record<string, number>;
  /** At or after everything recorded so far. */
  position: number;
};

/**
 * Records a batch: entries of one session one after another, sessions side by side. An entry that
 * spends credits waits for everything before it, so that the order of the input decides who is paid.
 */
class Batch {
  private readonly chains = new Map<string, Promise<void>>();
  private failure: HandlingFailure | null = null;
  size = 0;

  constructor(
    private readonly record: (entry: JournalEntry) => Promise<EntryAnswer>,
    private readonly tally: Tally,
  ) {}

  async add(entry: JournalEntry): Promise<void> {
    this.size += 1;
    if (spendsCredits(entry)) {
      await this.settled();
      await this.run(entry);
      return;
    }
    const before = this.chains.get(entry.session) ?? Promise.resolve();
    this.chains.set(
      entry.session,
      before.then(() => this.run(entry)),
    );
  }

  async settled(): Promise<HandlingFailure | null> {
    await Promise.all(this.chains.values());
    this.chains.clear();
    return this.failure;
  }

  private async run(entry: JournalEntry): Promise<void> {
    if (this.failure !== null) return;
    const answer = await this.record(entry);
    if (E.isLeft(answer)) {
      this.failure ??= answer.left;
      return;
    }
    const { position, refusal, repeated } = answer.right;
    this.tally.position = Math.max(this.tally.position, position);
    if (refusal !== null)
      this.tally.refused[refusal._tag] = (this.tally.refused[refusal._tag] ?? 0) + 1;
    else if (repeated) this.tally.repeated += 1;
    else this.tally.recorded += 1;
    if (entry.entry === 'session-started') this.tally.sessions += 1;
  }
}

/**
 * Imports journal entries as a stream. Everything good goes in, every bad line is reported. The
 * insights process is driven between batches, so the same input gives the same log whether or not it
 * was interrupted: an interrupted import is simply run again.
 */
export const importEntries =
  (deps: SessionDeps, insights: ProcessRunner) =>
  async (request: ImportRequest): Promise<E.Either<ProcessFailure, ImportCounts>> => {
    const tally: Tally = {
      lines: 0,
      problems: 0,
      sessions: 0,
      recorded: 0,
      repeated: 0,
      refused: {},
      position: 0,
    };
    const record = (entry: JournalEntry): Promise<EntryAnswer> =>
      recordEntry(deps)(callForEntry(request.company, entry), entry, request.source);
    let batch = new Batch(record, tally);
    let bytes = 0;
    const finishBatch = async (): Promise<E.Either<ProcessFailure, void>> => {
      const failure = await batch.settled();
      batch = new Batch(record, tally);
      if (failure !== null) return E.left(failure);
      const settled = await insights.runUntil(tally.position);
      request.onProgress?.(bytes, tally);
      return settled;
    };
    for await (const input of request.lines) {
      tally.lines += 1;
      bytes = input.bytes;
      if (E.isLeft(input.result)) {
        tally.problems += 1;
        request.onProblem(input.result.left);
        continue;
      }
      for (const entry of input.result.right) await batch.add(entry);
      if (batch.size < BATCH_ENTRIES) continue;
      const finished = await finishBatch();
      if (E.isLeft(finished)) return finished;
    }
    const finished = await finishBatch();
    if (E.isLeft(finished)) return finished;
    const { position: _position, ...counts } = tally;
    return E.right(counts);
  };
