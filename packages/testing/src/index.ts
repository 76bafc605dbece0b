/**
 * Given/when/then for deciders. `then` compares exactly and in order, folds the new events in, and
 * runs the same command once more: a repeated command must change nothing. And laws: properties whose
 * runs and seed can be asked for and are printed. Only tests import this.
 */
import * as E from 'fp-ts/lib/Either.js';

export * from './laws.js';

type DeciderUnderTest<State, Command, Event, Refusal> = Readonly<{
  initialState: () => State;
  evolve: (state: State, event: Event) => State;
  decide: (command: Command, state: State) => E.Either<Refusal, readonly Event[]>;
}>;

export type Specification<Command, Event, Refusal> = (...history: readonly Event[]) => Readonly<{
  when: (command: Command) => Readonly<{
    /** Exactly these events, in this order; the repeated command then emits none. */
    then: (...expected: readonly Event[]) => void;
    thenNothing: () => void;
    thenRefused: (expected: Refusal) => void;
  }>;
}>;

const show = (value: unknown): string => JSON.stringify(value, null, 2);

const equalOrThrow = (actual: unknown, expected: unknown, what: string): void => {
  expect({ [what]: actual }).toStrictEqual({ [what]: expected });
};

export const specificationFor = <State, Command, Event, Refusal>(
  decider: DeciderUnderTest<State, Command, Event, Refusal>,
): Specification<Command, Event, Refusal> => {
  const fold = (from: State, events: readonly Event[]): State => {
    let state = from;
    for (const event of events) state = decider.evolve(state, event);
    return state;
  };
  const eventsOf = (command: Command, state: State): readonly Event[] => {
    const decision = decider.decide(command, state);
    if (E.isLeft(decision)) throw new Error(`Refused, unexpectedly: ${show(decision.left)}`);
    return decision.right;
  };
  return (...history) => ({
    when: (command) => {
      const before = fold(decider.initialState(), history);
      return {
        then: (...expected) => {
          const events = eventsOf(command, before);
          equalOrThrow(events, expected, 'events');
          equalOrThrow(eventsOf(command, fold(before, events)), [], 'events of the repeat');
        },
        thenNothing: () => equalOrThrow(eventsOf(command, before), [], 'events'),
        thenRefused: (expected) =>
          equalOrThrow(decider.decide(command, before), E.left(expected), 'decision'),
      };
    },
  });
};
