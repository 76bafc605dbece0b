import { isId } from '@daybook/domain/kernel';
import { refusalInWords, type CommandAnswer, type Engine, type InputLine } from '@daybook/engine';
import type { LineProblem } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { chooseCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import type { Failure } from '../outcome.js';
import type { Item } from './items.js';

/** What became of an import. `refused` counts by the name of the refusal. */
export type ImportTally = {
  lines: number;
  problems: number;
  commands: number;
  commandsRepeated: number;
  commandsRefused: number;
  sessions: number;
  recorded: number;
  repeated: number;
  refused: Record<string, number>;
};

export const emptyTally = (): ImportTally => ({
  lines: 0,
  problems: 0,
  commands: 0,
  commandsRepeated: 0,
  commandsRefused: 0,
  sessions: 0,
  recorded: 0,
  repeated: 0,
  refused: {},
});

export type ImportRun = Readonly<{
  engine: Engine;
  /** Null: the one that a registration in the input names, else the only one that there is. */
  company: string | null;
  onProblem: (file: string, problem: LineProblem) => void;
  onItem: (item: Item) => void;
  /** Stops between lines; what was recorded stays, and the same import goes on from there. */
  stopped: AbortSignal;
}>;

type Entries = Extract<Item, { kind: 'entries' }>;
type Command = Extract<Item, { kind: 'command' }>;

/** Reads one item ahead, so that a run of entries ends where something else begins. */
class Ahead {
  private next: Item | null = null;

  constructor(private readonly items: AsyncIterator<Item>) {}

  async peek(): Promise<Item | null> {
    if (this.next !== null) return this.next;
    const read = await this.items.next();
    this.next = read.done === true ? null : read.value;
    return this.next;
  }

  drop(): void {
    this.next = null;
  }
}

const refusedAs = (answer: CommandAnswer): string | null =>
  E.isLeft(answer) && answer.left._tag === 'Refused' ? answer.left.refusal._tag : null;

/** One import under way: the company so far, and what has become of the lines. */
class Importing {
  readonly tally = emptyTally();
  private company: string | null;

  constructor(private readonly run: ImportRun) {
    this.company = run.company;
  }

  async all(items: AsyncIterable<Item>): Promise<E.Either<Failure, ImportTally>> {
    const ahead = new Ahead(items[Symbol.asyncIterator]());
    for (;;) {
      const item = this.run.stopped.aborted ? null : await ahead.peek();
      if (item === null) return E.right(this.tally);
      const done =
        item.kind === 'entries' ? await this.entries(ahead, item) : await this.single(ahead, item);
      if (E.isLeft(done)) return done;
    }
  }

  private seen(item: Item): void {
    this.tally.lines += 1;
    this.run.onItem(item);
  }

  private problem(item: Item, problem: LineProblem): void {
    this.tally.problems += 1;
    this.run.onProblem(item.file.name, problem);
  }

  private async single(
    ahead: Ahead,
    item: Exclude<Item, Entries>,
  ): Promise<E.Either<Failure, void>> {
    ahead.drop();
    this.seen(item);
    if (item.kind === 'command') return this.command(item);
    this.problem(item, item.problem);
    return E.right(undefined);
  }

  private async companyNow(): Promise<E.Either<Failure, string>> {
    if (this.company !== null && isId(this.company)) return E.right(this.company);
    const chosen = await chooseCompany(this.run.engine.store, this.company);
    if (E.isRight(chosen)) this.company = chosen.right.id;
    return E.isLeft(chosen) ? chosen : E.right(chosen.right.id);
  }

  private async command(item: Command): Promise<E.Either<Failure, void>> {
    const { call, command } = item.setup;
    if (command.command === 'RegisterCompany' && command.companyId !== undefined)
      this.company = command.companyId;
    const company = await this.companyNow();
    if (E.isLeft(company)) return company;
    const answer = await this.run.engine.company({ ...call, company: company.right }, command);
    const refused = refusedAs(answer);
    if (refused !== null) {
      this.tally.commandsRefused += 1;
      const reason = `was refused: ${refusalInWords(refused)}`;
      this.run.onProblem(item.file.name, { line: item.line, field: command.command, reason });
    } else if (E.isLeft(answer)) return E.left(failureOf(answer.left));
    else if (answer.right.repeated || answer.right.events.length === 0)
      this.tally.commandsRepeated += 1;
    else this.tally.commands += 1;
    return E.right(undefined);
  }

  /** Entries that follow each other go in together; bad lines among them are reported and left out. */
  private async *lines(ahead: Ahead, source: Entries['source']): AsyncGenerator<InputLine> {
    for (;;) {
      const item = this.run.stopped.aborted ? null : await ahead.peek();
      if (item === null || item.kind === 'command') return;
      if (item.kind === 'entries' && item.source !== source) return;
      ahead.drop();
      this.seen(item);
      if (item.kind === 'problem') this.problem(item, item.problem);
      else yield { line: item.line, bytes: item.bytes, result: E.right(item.entries) };
    }
  }

  private async entries(ahead: Ahead, first: Entries): Promise<E.Either<Failure, void>> {
    const company = await this.companyNow();
    if (E.isLeft(company)) return company;
    const imported = await this.run.engine.importEntries({
      company: company.right,
      source: first.source,
      lines: this.lines(ahead, first.source),
      onProblem: (problem) => this.run.onProblem(first.file.name, problem),
    });
    if (E.isLeft(imported)) return E.left(failureOf(imported.left));
    const { sessions, recorded, repeated, refused } = imported.right;
    this.tally.sessions += sessions;
    this.tally.recorded += recorded;
    this.tally.repeated += repeated;
    for (const [tag, count] of Object.entries(refused))
      this.tally.refused[tag] = (this.tally.refused[tag] ?? 0) + count;
    return E.right(undefined);
  }
}

/** Puts items in, in their order. Everything good goes in, every bad line is reported. */
export const runImport = (
  run: ImportRun,
  items: AsyncIterable<Item>,
): Promise<E.Either<Failure, ImportTally>> => new Importing(run).all(items);
