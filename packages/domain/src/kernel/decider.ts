import type { Either } from 'fp-ts/lib/Either.js';

/**
 * A decision core: synchronous, total, deterministic. `decide` answers a repeated command with no
 * events; `evolve` never fails and never decides.
 */
export type Decider<State, Command, Event, Refusal> = Readonly<{
  initialState: () => State;
  evolve: (state: State, event: Event) => State;
  decide: (command: Command, state: State) => Either<Refusal, readonly Event[]>;
}>;
