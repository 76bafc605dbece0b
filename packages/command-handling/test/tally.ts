import type { CommandContext, DomainEvent } from '@daybook/domain/kernel';
import { Count } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type EventStore, type StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import {
  makeCommandHandler,
  type Accepted,
  type Aggregate,
  type CommandHandler,
  type CommandHandlerOptions,
  type HandlingFailure,
  type Loaded,
  type Refused,
} from '../src/index.js';

/** An account of what was decided, in order: enough to see a lost, doubled or reordered command. */
export type Tally = Readonly<{ added: readonly string[] }>;
export type Added = DomainEvent<'Added', Readonly<{ word: string; size: number }>>;
export type TooLong = Readonly<{ _tag: 'TooLong'; size: number; sizeMax: number }>;

export const tally: Aggregate<Tally, Added> = {
  events: { Added: t.strict({ word: t.string, size: Count }) },
  initialState: () => ({ added: [] }),
  evolve: (state, { data }) => ({ added: [...state.added, data.word] }),
};

export const NOW = Date.UTC(2026, 9, 1);
export const STREAM = 'session-acme_s1';

export const contextOf = (commandId: string): CommandContext => ({
  company: 'acme',
  actor: { kind: 'system', id: 'test' },
  commandId,
  correlationId: 'c',
  now: NOW,
});

export type TallyAnswer = E.Either<HandlingFailure | Refused<TooLong>, Accepted<Added>>;

export const added = (word: string): Added => ({
  type: 'Added',
  data: { word, size: word.length },
});

/** Adds words; refused when the tally would grow past `sizeMax`. */
export type Add = Readonly<{
  id: string;
  words?: readonly string[];
  sizeMax?: number;
  stream?: string;
  keepsNoChange?: boolean;
}>;

export const add = (handler: CommandHandler, command: Add): Promise<TallyAnswer> => {
  const { id, words = [id], sizeMax = Number.MAX_SAFE_INTEGER, stream = STREAM } = command;
  const { keepsNoChange = false } = command;
  return handler.handle({
    aggregate: tally,
    stream,
    context: contextOf(id),
    command: 'Add',
    keepsNoChange,
    decide: ({ added: before }): E.Either<TooLong, readonly Added[]> => {
      const size = before.length + words.length;
      return size > sizeMax
        ? E.left({ _tag: 'TooLong', size, sizeMax })
        : E.right(words.map(added));
    },
  })();
};

export const newStore = (): EventStore => makeInMemoryEventStore({ clock: () => NOW });

export const handlerOn = (
  store: EventStore,
  options: Partial<CommandHandlerOptions> = {},
): CommandHandler => makeCommandHandler({ store, ruleBook, ...options });

export const logOf = async (
  store: EventStore,
  stream = STREAM,
): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const page of store.readStream(stream)) {
    if (E.isLeft(page)) throw new Error(page.left._tag);
    for (const event of page.right.events) events.push(event);
  }
  return events;
};

export const wordsIn = (events: readonly StoredEvent[]): readonly string[] =>
  events
    .filter(({ type }) => type === 'Added')
    .map(({ data }) => (JSON.parse(data) as { word: string }).word);

/** What another process writes: the event as its own handler would have stored it. */
export const writeOutside = (
  store: EventStore,
  id: string,
  stream = STREAM,
): Promise<TallyAnswer> => add(handlerOn(store), { id, stream });

export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(`Left, unexpectedly: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

/** A loaded state and its place, without the question it answers. */
export const seen = <State>(
  loaded: E.Either<HandlingFailure, Loaded<State>>,
): Omit<Loaded<State>, 'isAnswered'> => {
  const { state, revision, position } = right(loaded);
  return { state, revision, position };
};

export type Appends = { count: number };

/** The same store, counting appends and letting a test step in before each. */
export const watched = (
  store: EventStore,
  before: (append: number) => Promise<void> = () => Promise.resolve(),
): Readonly<{ store: EventStore; appends: Appends }> => {
  const appends: Appends = { count: 0 };
  const append: EventStore['append'] = (stream, expected, events) => async () => {
    appends.count += 1;
    await before(appends.count);
    return store.append(stream, expected, events)();
  };
  return { store: { ...store, append }, appends };
};
