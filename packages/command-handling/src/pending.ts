import type { CommandContext, DomainEvent } from '@daybook/domain/kernel';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Accepted, HandlingFailure, Loaded, Refusal, Refused } from './aggregate.js';

export type Answer = Either<HandlingFailure | Refused<Refusal>, Accepted<DomainEvent>>;

export type PendingCommand<State> = Readonly<{
  kind: 'command';
  context: CommandContext;
  /** Name of the command, kept when it is refused. */
  command: string;
  ruleVersion: string;
  keepsNoChange: boolean;
  decide: (state: State) => Either<Refusal, readonly DomainEvent[]>;
  resolve: (answer: Answer) => void;
  /** For bugs only: what the command threw. */
  reject: (bug: unknown) => void;
  /** Id of the first event that the command writes: how an earlier answer is found. */
  firstEventId: string;
}> & {
  /** How often the command was decided in vain, because another process had written. */
  conflicts: number;
};

export type PendingLoad<State> = Readonly<{
  kind: 'load';
  /** Takes what it needs out of the state, at once: the next command may change the state in place. */
  answer: (loaded: Loaded<State>) => void;
  fail: (failure: HandlingFailure) => void;
  reject: (bug: unknown) => void;
}>;

export type Pending<State> = PendingCommand<State> | PendingLoad<State>;
