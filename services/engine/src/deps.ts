import type {
  Accepted,
  CommandHandler,
  HandlingFailure,
  Refusal,
  Refused,
} from '@daybook/command-handling';
import type { DomainEvent } from '@daybook/domain/kernel';
import type { RuleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import type { Either } from 'fp-ts/lib/Either.js';

/** What every command of the engine needs. */
export type CommandDeps = Readonly<{
  handler: CommandHandler;
  ruleBook: RuleBook;
  store: Pick<EventStore, 'readStream'>;
}>;

/** The answer to a command: accepted with its place in the log, refused by the rules, or not possible now. */
export type CommandAnswer = Either<HandlingFailure | Refused<Refusal>, Accepted<DomainEvent>>;
