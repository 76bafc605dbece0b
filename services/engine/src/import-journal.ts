import type { Actor } from '@daybook/domain/kernel';
import type { JournalEntry, LineProblem } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import type { Call } from './call.js';
import type { ProcessFailure, ProcessRunner } from './process-runner.js';
import type { FactsFirst } from './reconsider/facts-first.js';
import type { TurnsAhead } from './redaction-memory.js';
import {
  commandIdOf,
  recordEntry,
  spendsCredits,
  turnOf,
  type EntryAnswer,
  type EntryOutcome,
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

export type ImportProgress = Readonly<{
  /** Offset in the input. */
  bytes: number;
  counts: ImportCounts;
  position: number;
}>;

export type ImportRequest = Readonly<{
  company: string;
  source: EntrySource;
  lines: AsyncIterable<InputLine>;
  onProblem: (problem: LineProblem) => void;
  /** After each batch; everything up to `position` is on disk by then. */
  onProgress?: (progress: ImportProgress) => void;
}>;

/** A batch ends after this many entries as soon as no session is open in it; the insights process follows. */
const BATCH_ENTRIES = 2048;
/** A batch ends here whatever is open: memory must not grow with the input. */
const BATCH_ENTRIES_MAX = 8192;
const BATCH_BYTES_MAX = 16_777_216;

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

/** Entries that are handled together: complete sessions where they fit, so that redaction can look ahead. */
class Batch {
  readonly entries: JournalEntry[] = [];
  /** Size of the lines that it was read from. */
  bytes = 0;
  private readonly open = new Set<string>();

  add(entry: JournalEntry): void {
    this.entries.push(entry);
    if (entry.entry === 'session-started') this.open.add(entry.session);
    if (entry.entry === 'session-ended') this.open.delete(entry.session);
  }

  get isFull(): boolean {
    const { length } = this.entries;
    if (this.bytes >= BATCH_BYTES_MAX) return true;
    return length >= BATCH_ENTRIES_MAX || (length >= BATCH_ENTRIES && this.open.size === 0);
  }

  /** The turns of each session in the batch. */
  ahead(company: string): readonly TurnsAhead[] {
    const sessions = new Map<
      string,
      { startsHere: boolean; turns: TurnsAhead['turns'][number][] }
    >();
    for (const entry of this.entries) {
      const ahead = sessions.get(entry.session) ?? { startsHere: false, turns: [] };
      sessions.set(entry.session, ahead);
      if (entry.entry === 'session-started') ahead.startsHere = true;
      const turn = turnOf(entry);
      if (turn !== null) ahead.turns.push(turn);
    }
    return [...sessions].map(([sessionId, ahead]) => ({ company, sessionId, ...ahead }));
  }
}

const count = (tally: Tally, entry: JournalEntry, outcome: EntryOutcome): void => {
  const { position, refusal, repeated } = outcome;
  tally.position = Math.max(tally.position, position);
  if (refusal !== null) tally.refused[refusal._tag] = (tally.refused[refusal._tag] ?? 0) + 1;
  else if (repeated) tally.repeated += 1;
  else tally.recorded += 1;
  if (entry.entry === 'session-started') tally.sessions += 1;
};

type Recorder = Readonly<{
  tally: Tally;
  record: (entry: JournalEntry) => Promise<EntryAnswer>;
  insights: ProcessRunner;
  /** Where others write, too, what lies between a line and its place in the log takes as long as it likes. */
  manyWriters: boolean;
}>;

/**
 * Records a batch: entries of one session one after another, sessions side by side. The first entry of
 * a session that spends credits waits for everything before it, summaries included: the order of the
 * input decides who is paid, not the speed of the disk nor the size of a batch.
 */
const recordBatch = async (
  batch: Batch,
  { tally, record, insights, manyWriters }: Recorder,
): Promise<E.Either<ProcessFailure, void>> => {
  const chains = new Map<string, Promise<void>>();
  const queued: Promise<void>[] = [];
  const failures: ProcessFailure[] = [];
  const run = async (entry: JournalEntry): Promise<void> => {
    if (failures.length > 0) return;
    const answer = await record(entry);
    if (E.isLeft(answer)) failures.push(answer.left);
    else count(tally, entry, answer.right);
  };
  const catchUp = async (): Promise<void> => {
    await Promise.all(chains.values());
    await Promise.all(queued.splice(0));
    chains.clear();
    if (failures.length > 0) return;
    const settled = await insights.runUntil(tally.position);
    if (E.isLeft(settled)) failures.push(settled.left);
  };
  /** Sessions whose first use of AI in this batch has been decided: what follows is paid or refused alike. */
  const decided = new Set<string>();
  for (const entry of batch.entries) {
    if (spendsCredits(entry) && !decided.has(entry.session)) {
      decided.add(entry.session);
      await catchUp();
      await run(entry);
      continue;
    }
    const before = chains.get(entry.session) ?? Promise.resolve();
    chains.set(
      entry.session,
      before.then(() => {
        const recorded = run(entry);
        const isText = entry.entry === 'chat' || entry.entry === 'action';
        if (!isText || manyWriters) return recorded;
        // Text is queued at once and needs no answer before the next line: one sync for many lines.
        queued.push(recorded);
        return undefined;
      }),
    );
  }
  await catchUp();
  const [failure] = failures;
  return failure === undefined ? E.right(undefined) : E.left(failure);
};

/**
 * Imports journal entries as a stream. Everything good goes in, every bad line is reported. The
 * insights process is driven between batches, so the same input gives the same log whether or not it
 * was interrupted: an interrupted import is simply run again.
 */
export const importEntries =
  (
    deps: SessionDeps & Readonly<{ factsFirst?: FactsFirst; manyWriters?: boolean }>,
    insights: ProcessRunner,
  ) =>
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
    const { company, source } = request;
    const { manyWriters = false } = deps;
    const recordNow = (entry: JournalEntry): Promise<EntryAnswer> =>
      recordEntry(deps)(callForEntry(company, entry), entry, source);
    const record: typeof recordNow = (entry) =>
      deps.factsFirst?.entry(company, () => recordNow(entry)) ?? recordNow(entry);
    let batch = new Batch();
    let bytes = 0;
    const finishBatch = async (): Promise<E.Either<ProcessFailure, void>> => {
      for (const ahead of batch.ahead(request.company)) {
        const foreseen = await deps.redaction.foresee(ahead);
        if (E.isLeft(foreseen)) return foreseen;
      }
      const recorded = await recordBatch(batch, { tally, record, insights, manyWriters });
      batch = new Batch();
      if (E.isLeft(recorded)) return recorded;
      request.onProgress?.({ bytes, counts: tally, position: tally.position });
      return recorded;
    };
    for await (const input of request.lines) {
      tally.lines += 1;
      batch.bytes += input.bytes - bytes;
      bytes = input.bytes;
      if (E.isLeft(input.result)) {
        tally.problems += 1;
        request.onProblem(input.result.left);
        continue;
      }
      for (const entry of input.result.right) batch.add(entry);
      if (!batch.isFull) continue;
      const finished = await finishBatch();
      if (E.isLeft(finished)) return finished;
    }
    const finished = await finishBatch();
    if (E.isLeft(finished)) return finished;
    const { lines, problems, sessions, recorded, repeated, refused } = tally;
    return E.right({ lines, problems, sessions, recorded, repeated, refused });
  };
