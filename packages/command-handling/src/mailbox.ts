import type { DomainEvent } from '@daybook/domain/kernel';
import type { AppendError, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { Aggregate, HandlingFailure, Refusal } from './aggregate.js';
import { encodeEvents, refusalEvent } from './encode.js';
import { eventIdOf } from './event-id.js';
import { firstAnswer } from './first-answer.js';
import type { PendingCommand, PendingLoad } from './pending.js';
import { StreamFold } from './stream-fold.js';

/** A conflict means another process wrote: reload and decide again, but not for ever. */
const ATTEMPTS_MAX = 8;
/** One append carries about this many events, so that a store with a size limit accepts it. */
const BATCH_EVENTS_MAX = 512;

type Decided<State> = Readonly<{
  pending: PendingCommand<State>;
  events: readonly DomainEvent[];
  refusal: Refusal | null;
}>;

/** One round: commands decided against the fold, and the events that one append will write for them. */
type Round<State> = { decided: Decided<State>[]; writes: EventToAppend[] };

/**
 * All commands for one stream in this process: decided one after another against the fold in memory,
 * and written together with one expected revision. While one append is under way the next batch
 * gathers, so a busy stream is as fast as the disk's group commit, not as a retry loop.
 */
export class Mailbox<State, Event extends DomainEvent> {
  private readonly fold: StreamFold<State, Event>;
  private commands: PendingCommand<State>[] = [];
  private loads: PendingLoad<State>[] = [];
  private running = false;
  private conflicts = 0;

  constructor(store: EventStore, stream: string, aggregate: Aggregate<State, Event>) {
    this.fold = new StreamFold(store, stream, aggregate);
  }

  /** Nothing waits and nothing is under way: the mailbox may be forgotten. */
  get isIdle(): boolean {
    return !this.running;
  }

  submit(pending: PendingCommand<State>): void {
    this.commands.push(pending);
    this.start();
  }

  load(pending: PendingLoad<State>): void {
    this.loads.push(pending);
    this.start();
  }

  private start(): void {
    if (this.running) return;
    this.running = true;
    void this.run();
  }

  private async run(): Promise<void> {
    while (this.commands.length > 0 || this.loads.length > 0) {
      const failure = this.fold.isLoaded ? null : await this.fold.reload();
      if (failure !== null) this.failAll(failure);
      else {
        const loads = this.loads.splice(0);
        await this.workOff(this.commands.splice(0));
        this.answerLoads(loads);
      }
    }
    this.running = false;
  }

  /** A load sees the commands that came before it. After a failed append the fold must be read again. */
  private answerLoads(loads: PendingLoad<State>[]): void {
    if (!this.fold.isLoaded) this.loads = [...loads, ...this.loads];
    else for (const load of loads) load.resolve(E.right(this.fold.current()));
  }

  private failAll(failure: HandlingFailure): void {
    for (const pending of this.commands.splice(0)) pending.resolve(E.left(failure));
    for (const load of this.loads.splice(0)) load.resolve(E.left(failure));
  }

  /** Decides a batch and writes it; what does not fit goes back to the head of the queue. */
  private async workOff(batch: PendingCommand<State>[]): Promise<void> {
    const round: Round<State> = { decided: [], writes: [] };
    const expected = this.fold.revision;
    let taken = 0;
    for (const pending of batch) {
      if (round.writes.length >= BATCH_EVENTS_MAX) break;
      taken += 1;
      const earlier = this.fold.known.revisionOf(
        eventIdOf(this.fold.stream, pending.context.commandId, 0),
      );
      if (earlier === undefined) this.decide(pending, round);
      else await this.repeat(pending, earlier);
    }
    if (taken < batch.length) this.commands = [...batch.slice(taken), ...this.commands];
    await this.write(round, expected);
  }

  /** Decides one command against the state so far, which from then on includes its events. */
  private decide(pending: PendingCommand<State>, round: Round<State>): void {
    const decision = pending.decide(this.fold.state);
    const refusal = E.isLeft(decision) ? decision.left : null;
    if (refusal !== null && this.fold.revision < 0) {
      // Nothing to write the refusal into: no stream begins with one.
      pending.resolve(E.left({ _tag: 'Refused', refusal }));
      return;
    }
    const events = E.isLeft(decision)
      ? [refusalEvent(pending.command, decision.left)]
      : decision.right;
    const { context, ruleVersion } = pending;
    const envelope = { stream: this.fold.stream, context, ruleVersion };
    const writes = encodeEvents(envelope, this.fold.table, events);
    for (const [event, write] of RA.zip(events, writes)) {
      round.writes.push(write);
      this.fold.foldNew(event, write);
    }
    round.decided.push({ pending, events, refusal });
  }

  /** The same command twice in one round: the first is not written yet, so the second waits for it. */
  private async repeat(pending: PendingCommand<State>, revision: number): Promise<void> {
    const answer = await firstAnswer(this.fold, pending.context.commandId, revision);
    if (answer === null) this.commands.push(pending);
    else pending.resolve(answer);
  }

  private async write(round: Round<State>, expected: number): Promise<void> {
    if (RA.isNonEmpty(round.writes)) {
      const { store, stream } = this.fold;
      const appended = await store.append(
        stream,
        expected < 0 ? 'no-stream' : expected,
        round.writes,
      )();
      if (E.isLeft(appended)) {
        this.recover(round, appended.left);
        return;
      }
      this.fold.position = appended.right.position;
      this.conflicts = 0;
    }
    this.answer(round, expected);
  }

  /** The fold holds events that were not written: drop it. After a conflict the batch is decided again. */
  private recover(round: Round<State>, failure: AppendError): void {
    if (failure._tag === 'AppendRejected') throw new Error(failure.message);
    this.fold.forget();
    const pendings = round.decided.map((one) => one.pending);
    if (failure._tag !== 'RevisionConflict') {
      for (const pending of pendings) pending.resolve(E.left(failure));
      return;
    }
    this.conflicts += 1;
    if (this.conflicts < ATTEMPTS_MAX) {
      this.commands = [...pendings, ...this.commands];
      return;
    }
    const tooMany: HandlingFailure = {
      _tag: 'TooManyConflicts',
      stream: this.fold.stream,
      attempts: this.conflicts,
    };
    this.conflicts = 0;
    for (const pending of pendings) pending.resolve(E.left(tooMany));
  }

  private answer(round: Round<State>, expected: number): void {
    const { stream, position } = this.fold;
    let revision = expected;
    for (const { pending, events, refusal } of round.decided) {
      revision += events.length;
      pending.resolve(
        refusal === null
          ? E.right({ stream, revision, position, events, repeated: false })
          : E.left({ _tag: 'Refused', refusal }),
      );
    }
  }
}
