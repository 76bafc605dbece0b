import type { DomainEvent } from '@daybook/domain/kernel';
import type { AppendError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { setImmediate as turn } from 'node:timers/promises';
import type { Aggregate } from './aggregate.js';
import { firstAnswer } from './first-answer.js';
import type { Pending, PendingCommand } from './pending.js';
import { Round } from './round.js';
import { StreamFold, type FoldOptions } from './stream-fold.js';

/** A conflict means another process wrote: reload and decide again, but not for ever. */
const ATTEMPTS_MAX = 8;
/** One append carries about this many events, so that a store with a size limit accepts it. */
const BATCH_EVENTS_MAX = 512;

export type MailboxOptions = FoldOptions & Readonly<{ soleWriter: boolean }>;

/**
 * All requests for one stream in this process: decided one after another against the fold in memory,
 * and written together with one expected revision. While one append is under way the next batch
 * gathers, so a busy stream is as fast as the disk's group commit, not as a retry loop.
 *
 * A bug ends the request that it broke, as a rejection: uncaught, that ends the process. The others
 * are decided again on a fresh fold, so nobody waits for ever.
 */
export class Mailbox<State, Event extends DomainEvent> {
  private readonly fold: StreamFold<State, Event>;
  private queue: Pending<State>[] = [];
  private running = false;

  constructor(
    private readonly options: MailboxOptions,
    stream: string,
    aggregate: Aggregate<State, Event>,
  ) {
    this.fold = new StreamFold(options, stream, aggregate);
  }

  /** Nothing waits and nothing is under way: the mailbox may be forgotten. */
  get isIdle(): boolean {
    return !this.running;
  }

  submit(pending: Pending<State>): void {
    this.queue.push(pending);
    if (this.running) return;
    this.running = true;
    void this.run();
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      const isFresh = !this.fold.isLoaded;
      if (isFresh && !(await this.load())) continue;
      const round = new Round(this.fold);
      const isWhole = await this.workOff(round, this.queue.splice(0));
      if (isWhole) await this.write(round, isFresh);
      if (this.fold.isSnapshotDue) await this.keepSnapshot();
    }
    this.running = false;
  }

  /** After a turn of the event loop: nobody's answer waits for it. A fold that was dropped has nothing to keep. */
  private async keepSnapshot(): Promise<void> {
    await turn();
    this.fold.keepSnapshot();
  }

  /** Reads the stream; when that fails, everybody who waits is told. */
  private async load(): Promise<boolean> {
    try {
      const read = await this.fold.catchUp();
      if (E.isRight(read)) return true;
      for (const pending of this.queue.splice(0)) {
        if (pending.kind === 'load') pending.fail(read.left);
        else pending.resolve(E.left(read.left));
      }
    } catch (bug) {
      this.fold.forget();
      for (const pending of this.queue.splice(0)) pending.reject(bug);
    }
    return false;
  }

  /** Fills the round; what it does not take goes back to the head of the queue. False: start again. */
  private async workOff(round: Round<State, Event>, batch: Pending<State>[]): Promise<boolean> {
    for (const pending of batch) {
      if (round.writes.length >= BATCH_EVENTS_MAX) break;
      try {
        if (!(await this.take(pending, round))) break;
      } catch (bug) {
        pending.reject(bug);
        this.again([...round.requests(), ...batch.slice(round.size + 1)]);
        return false;
      }
    }
    if (round.size < batch.length) this.queue = [...batch.slice(round.size), ...this.queue];
    return true;
  }

  /** False: not in this round. A repeat of what the round is about to write waits for that. */
  private async take(pending: Pending<State>, round: Round<State, Event>): Promise<boolean> {
    if (pending.kind === 'load') {
      round.addLoad(pending);
      return true;
    }
    const earlier = this.fold.known.revisionOf(pending.firstEventId);
    if (earlier === undefined) {
      round.decide(pending);
      return true;
    }
    if (earlier > round.expected) return false;
    round.addKnown(pending, await firstAnswer(this.fold, pending.context.commandId, earlier));
    return true;
  }

  private async write(round: Round<State, Event>, isFresh: boolean): Promise<void> {
    try {
      if (!RA.isNonEmpty(round.writes)) {
        await this.confirm(round, isFresh);
        return;
      }
      const { store } = this.options;
      const expected = round.expected < 0 ? 'no-stream' : round.expected;
      const appended = await store.append(this.fold.stream, expected, round.writes)();
      if (E.isLeft(appended)) {
        this.recover(round, appended.left);
        return;
      }
      this.fold.position = appended.right.position;
      round.answer();
    } catch (bug) {
      this.again(round.reject(bug));
    }
  }

  /**
   * Without an append nothing has proved that the fold is current: another process may have written.
   * Facts read here decide elsewhere, and a command that changed nothing must have had nothing to change.
   */
  private async confirm(round: Round<State, Event>, isFresh: boolean): Promise<void> {
    const read = isFresh || this.options.soleWriter ? E.right(false) : await this.fold.catchUp();
    if (E.isLeft(read)) this.again(round.fail(read.left));
    else if (read.right && round.hasDecisions) this.decideAgain(round);
    else round.answer();
  }

  private recover(round: Round<State, Event>, failure: AppendError): void {
    if (failure._tag === 'AppendRejected') throw new Error(failure.message);
    if (failure._tag === 'RevisionConflict') this.decideAgain(round);
    else this.again(round.fail(failure));
  }

  private decideAgain(round: Round<State, Event>): void {
    const { stream } = this.fold;
    this.again(
      round.requests().filter((pending) => {
        if (pending.kind === 'load' || !this.isExhausted(pending)) return true;
        const attempts = pending.conflicts;
        pending.resolve(E.left({ _tag: 'TooManyConflicts', stream, attempts }));
        return false;
      }),
    );
  }

  private isExhausted(pending: PendingCommand<State>): boolean {
    pending.conflicts += 1;
    return pending.conflicts >= ATTEMPTS_MAX;
  }

  /** The fold may hold events that were not written: it is dropped, and the requests come first again. */
  private again(requests: readonly Pending<State>[]): void {
    this.fold.forget();
    this.queue = [...requests, ...this.queue];
  }
}
