import type { CommandContext, DomainEvent } from '@daybook/domain/kernel';
import { rulesAt, type RuleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
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
import { Mailbox } from './mailbox.js';
import type { Answer, PendingCommand } from './pending.js';

export type HandleRequest<State, Event extends DomainEvent, R extends Refusal> = Readonly<{
  aggregate: Aggregate<State, Event>;
  stream: string;
  context: CommandContext;
  /** Name of the command, kept with a refusal. */
  command: string;
  decide: (state: State) => Either<R, readonly Event[]>;
}>;

export type CommandHandler = Readonly<{
  /**
   * Decides and writes one command. The command is queued in the order of the calls; the answer comes
   * when its events are on disk. Repeated with the same command id, it gives the first answer.
   */
  handle: <State, Event extends DomainEvent, R extends Refusal>(
    request: HandleRequest<State, Event, R>,
  ) => TaskEither<HandlingFailure | Refused<R>, Accepted<Event>>;
  /** State of a stream with the revision it was read at (-1: no such stream), to use as a fact. */
  load: <State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ) => TaskEither<HandlingFailure, Loaded<State>>;
}>;

export type CommandHandlerOptions = Readonly<{
  store: EventStore;
  ruleBook: RuleBook;
  /** Streams whose fold is kept in memory. */
  streamsMax?: number;
}>;

/** The state type of a mailbox is known only where a command names its aggregate. */
type AnyMailbox = Mailbox<unknown, DomainEvent>;

const makeMailboxes = (
  store: EventStore,
  streamsMax: number,
): (<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  stream: string,
) => Mailbox<State, Event>) => {
  const mailboxes = new Map<string, AnyMailbox>();
  /** Least recently used first; a busy one is passed over, because its commands are under way. */
  const evict = (): void => {
    for (const [stream, mailbox] of mailboxes) {
      if (mailboxes.size <= streamsMax) return;
      if (mailbox.isIdle) mailboxes.delete(stream);
    }
  };
  return <State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ): Mailbox<State, Event> => {
    const kept = mailboxes.get(stream) as Mailbox<State, Event> | undefined;
    const mailbox = kept ?? new Mailbox(store, stream, aggregate);
    if (kept !== undefined) mailboxes.delete(stream);
    mailboxes.set(stream, mailbox as unknown as AnyMailbox);
    if (mailboxes.size > streamsMax + streamsMax / 8) evict();
    return mailbox;
  };
};

export const makeCommandHandler = (options: CommandHandlerOptions): CommandHandler => {
  const mailboxOf = makeMailboxes(options.store, options.streamsMax ?? 10_000);
  return {
    handle:
      <State, Event extends DomainEvent, R extends Refusal>(
        request: HandleRequest<State, Event, R>,
      ) =>
      () =>
        new Promise<Either<HandlingFailure | Refused<R>, Accepted<Event>>>((resolve) => {
          const pending: PendingCommand<State> = {
            context: request.context,
            command: request.command,
            ruleVersion: rulesAt(options.ruleBook, request.context.now).version,
            decide: request.decide,
            resolve: resolve as (answer: Answer) => void,
          };
          mailboxOf(request.aggregate, request.stream).submit(pending);
        }),
    load: (aggregate, stream) => () =>
      new Promise((resolve) => {
        mailboxOf(aggregate, stream).load({ resolve });
      }),
  };
};
