import type { CommandContext, DomainEvent } from '@daybook/domain/kernel';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Accepted, HandlingFailure, Loaded, Refusal, Refused } from './aggregate.js';

export type Answer = Either<HandlingFailure | Refused<Refusal>, Accepted<DomainEvent>>;

export type PendingCommand<State> = Readonly<{
  context: CommandContext;
  /** Name of the command, kept when it is refused. */
  command: string;
  ruleVersion: string;
  decide: (state: State) => Either<Refusal, readonly DomainEvent[]>;
  resolve: (answer: Answer) => void;
}>;

export type PendingLoad<State> = Readonly<{
  resolve: (loaded: Either<HandlingFailure, Loaded<State>>) => void;
}>;
