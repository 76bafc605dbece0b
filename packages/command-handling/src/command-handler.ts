import type { CommandContext, DomainEvent } from '@daybook/domain/kernel';
import { rulesAt, type RuleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type {
  Accepted,
  Aggregate,
  HandlingFailure,
  Loaded,
  Refusal,
  Refused,
} from './aggregate.js';
import { eventIdOf } from './event-id.js';
import { Mailbox, type MailboxOptions } from './mailbox.js';
import type { Answer } from './pending.js';
import type { SnapshotOptions } from './snapshots.js';

export type HandleRequest<State, Event extends DomainEvent, R extends Refusal> = Readonly<{
  aggregate: Aggregate<State, Event>;
  stream: string;
  context: CommandContext;
  /** Name of the command, kept with a refusal. */
  command: string;
  decide: (state: State) => Either<R, readonly Event[]>;
  /**
   * Is an accepted command that changes nothing written down, too, so that sent again it changes nothing
   * for ever? Without it the decider has to recognise repeats by their content. Default: false.
   */
  keepsNoChange?: boolean;
}>;

export type CommandHandler = Readonly<{
  /**
   * Decides and writes one command. The command is queued in the order of the calls; the answer comes
   * when its events are on disk. Repeated with the same command id, it gives the first answer.
   */
  handle: <State, Event extends DomainEvent, R extends Refusal>(
    request: HandleRequest<State, Event, R>,
  ) => TaskEither<HandlingFailure | Refused<R>, Accepted<Event>>;
  /**
   * State of a stream with the revision it was read at (-1: no such stream), to use as a fact. It sees
   * the commands that were sent before it. Where `evolve` changes its state in place, use `read`: the
   * state given here goes on changing.
   */
  load: <State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ) => TaskEither<HandlingFailure, Loaded<State>>;
  /** The same for a part of the state: `select` runs while the state is exactly that of the revision. */
  read: <State, Event extends DomainEvent, A>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    select: (state: State) => A,
  ) => TaskEither<HandlingFailure, Loaded<A>>;
}>;

export type CommandHandlerOptions = Readonly<{
  store: EventStore;
  ruleBook: RuleBook;
  /** Streams whose fold is kept in memory: about this many, and those with commands under way. */
  streamsMax?: number;
  /**
   * No other process writes to this store, so the fold in memory is always the newest: reads and
   * commands that change nothing need not look at the store. False when in doubt (the default).
   */
  soleWriter?: boolean;
  /** Where long streams' states are kept, so that a cold fold need not begin at the beginning. */
  snapshots?: SnapshotOptions;
}>;

/** The state type of a mailbox is known only where a command names its aggregate. */
type AnyMailbox = Mailbox<unknown, DomainEvent>;

type Mailboxes = <State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  stream: string,
) => Mailbox<State, Event>;

/** Mailboxes that one request looks at to make room: with two, room is made faster than it is used. */
const LOOKED_AT_MAX = 2;

const makeMailboxes = (options: MailboxOptions, streamsMax: number): Mailboxes => {
  /** Least recently used first. */
  const mailboxes = new Map<string, AnyMailbox>();
  /** A busy one is in use: it moves to the end, so that no request walks past all the busy ones. */
  const evict = (): void => {
    let lookedAt = 0;
    for (const [stream, mailbox] of mailboxes) {
      if (mailboxes.size < streamsMax || lookedAt === LOOKED_AT_MAX) return;
      lookedAt += 1;
      mailboxes.delete(stream);
      if (!mailbox.isIdle) mailboxes.set(stream, mailbox);
    }
  };
  return <State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ): Mailbox<State, Event> => {
    const kept = mailboxes.get(stream) as Mailbox<State, Event> | undefined;
    if (kept === undefined) evict();
    else mailboxes.delete(stream);
    const mailbox = kept ?? new Mailbox(options, stream, aggregate);
    mailboxes.set(stream, mailbox as unknown as AnyMailbox);
    return mailbox;
  };
};

export const makeCommandHandler = (options: CommandHandlerOptions): CommandHandler => {
  const { store, ruleBook, streamsMax = 10_000, soleWriter = false, snapshots } = options;
  const kept = snapshots === undefined ? {} : { snapshots };
  const mailboxOf = makeMailboxes({ store, soleWriter, ...kept }, streamsMax);
  const read: CommandHandler['read'] = (aggregate, stream, select) => () =>
    new Promise((resolve, reject) => {
      const fail = (failure: HandlingFailure): void => resolve(E.left(failure));
      const answer = (loaded: Loaded<Parameters<typeof select>[0]>): void => {
        resolve(E.right({ ...loaded, state: select(loaded.state) }));
      };
      mailboxOf(aggregate, stream).submit({ kind: 'load', answer, fail, reject });
    });
  return {
    handle:
      <State, Event extends DomainEvent, R extends Refusal>(
        request: HandleRequest<State, Event, R>,
      ) =>
      () =>
        new Promise<Either<HandlingFailure | Refused<R>, Accepted<Event>>>((resolve, reject) => {
          const { aggregate, stream, context, command, decide, keepsNoChange = false } = request;
          mailboxOf(aggregate, stream).submit({
            kind: 'command',
            context,
            command,
            ruleVersion: rulesAt(ruleBook, context.now).version,
            decide,
            keepsNoChange,
            resolve: resolve as (answer: Answer) => void,
            reject,
            firstEventId: eventIdOf(stream, context.commandId, 0),
            conflicts: 0,
          });
        }),
    load: (aggregate, stream) => read(aggregate, stream, (state) => state),
    read,
  };
};
