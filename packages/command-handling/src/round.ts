import type { DomainEvent } from '@daybook/domain/kernel';
import type { EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { HandlingFailure, Refusal } from './aggregate.js';
import { changedNothing, encodeEvents, refusalEvent } from './encode.js';
import type { Answer, Pending, PendingCommand, PendingLoad } from './pending.js';
import type { StreamFold } from './stream-fold.js';

type Taken<State> =
  | Readonly<{
      kind: 'decided';
      pending: PendingCommand<State>;
      events: readonly DomainEvent[];
      refusal: Refusal | null;
      /** Events written for it: none when nothing became of it where nothing is, or need be, written. */
      writes: number;
    }>
  | Readonly<{ kind: 'known'; pending: PendingCommand<State>; answer: Answer }>
  | Readonly<{ kind: 'load'; pending: PendingLoad<State> }>;

/** What is written for a command without effect, so that it keeps its answer. */
const answerOf = <State>(
  { command, keepsNoChange }: PendingCommand<State>,
  refusal: Refusal | null,
): readonly DomainEvent[] => {
  if (refusal !== null) return [refusalEvent(command, refusal)];
  return keepsNoChange ? [changedNothing(command)] : [];
};

/**
 * What the mailbox works off together: requests in the order of their submission, and the events that
 * one append writes for them. Nobody is answered before that append.
 */
export class Round<State, Event extends DomainEvent> {
  readonly writes: EventToAppend[] = [];
  /** Revision of the stream before the round, which the append expects. */
  readonly expected: number;
  hasDecisions = false;
  private readonly taken: Taken<State>[] = [];

  constructor(private readonly fold: StreamFold<State, Event>) {
    this.expected = fold.revision;
  }

  get size(): number {
    return this.taken.length;
  }

  addLoad(pending: PendingLoad<State>): void {
    this.taken.push({ kind: 'load', pending });
  }

  addKnown(pending: PendingCommand<State>, answer: Answer): void {
    this.taken.push({ kind: 'known', pending, answer });
  }

  /** Decides one command against the state so far, which from then on includes its events. */
  decide(pending: PendingCommand<State>): void {
    const { fold } = this;
    const decision = pending.decide(fold.state);
    const refusal = E.isLeft(decision) ? decision.left : null;
    const changes = E.isLeft(decision) ? [] : decision.right;
    const events = changes.length > 0 ? changes : answerOf(pending, refusal);
    // Nothing to write an answer into where no stream is: no stream begins with one.
    const isWritten = events.length > 0 && (changes.length > 0 || fold.revision >= 0);
    if (isWritten) {
      const { context, ruleVersion, firstEventId } = pending;
      const envelope = { stream: fold.stream, context, ruleVersion, firstEventId };
      const writes = encodeEvents(envelope, fold.table, events);
      for (const write of writes) this.writes.push(write);
      fold.foldNew(events, writes);
    }
    const writes = isWritten ? events.length : 0;
    this.taken.push({ kind: 'decided', pending, events: changes, refusal, writes });
    this.hasDecisions = true;
  }

  /** The log has it: everybody is answered, in the order of submission. */
  answer(): void {
    const { stream, position } = this.fold;
    let revision = this.expected;
    for (const one of this.taken) {
      if (one.kind === 'load') this.show(one.pending);
      else if (one.kind === 'known') one.pending.resolve(one.answer);
      else {
        const { pending, events, refusal, writes } = one;
        revision += writes;
        const accepted = { stream, revision, position, events, repeated: false };
        pending.resolve(
          refusal === null ? E.right(accepted) : E.left({ _tag: 'Refused', refusal }),
        );
      }
    }
  }

  private show(pending: PendingLoad<State>): void {
    try {
      pending.answer(this.fold.current());
    } catch (bug) {
      pending.reject(bug);
    }
  }

  /** The log has it not: decisions end with the failure. What does not depend on them is still to do. */
  fail(failure: HandlingFailure): readonly Pending<State>[] {
    return this.unanswered((pending) => pending.resolve(E.left(failure)));
  }

  /** The same for a bug of the store. */
  reject(bug: unknown): readonly Pending<State>[] {
    return this.unanswered((pending) => pending.reject(bug));
  }

  /** Everything again, in the same order. */
  requests(): readonly Pending<State>[] {
    return this.taken.map((one) => one.pending);
  }

  private unanswered(end: (pending: PendingCommand<State>) => void): readonly Pending<State>[] {
    const rest: Pending<State>[] = [];
    for (const one of this.taken) {
      if (one.kind === 'decided') end(one.pending);
      else rest.push(one.pending);
    }
    return rest;
  }
}
