import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import {
  categoryOf,
  type Direction,
  type Position,
  type ReadFilter,
  type Revision,
  START,
  type StoredEvent,
} from '@daybook/event-store';
import { isSystemType } from './wire/read-response.js';

type FilterOptions = NonNullable<
  ReturnType<NonNullable<ReturnType<ReadReq['getOptions']>>['getFilter']>
>;

/** How often the server says how far it has looked: after each `window` events times `multiplier`. */
export type CheckpointEvery = Readonly<{ window: number; multiplier: number }>;

/** While there is history. */
export const STRIDES: CheckpointEvery = { window: 512, multiplier: 4 };

/** What the server is asked to filter by, and what is left to check here. */
export type FilterPlan = Readonly<{
  server: ServerFilter | undefined;
  /** Exact, whatever the server let pass. */
  isWanted: (event: StoredEvent) => boolean;
}>;

type ServerFilter = Readonly<{
  on: 'stream' | 'type';
  expression: Readonly<{ prefixes: readonly string[] }> | Readonly<{ regex: string }>;
}>;

/** What the official clients call "exclude system events". */
const noSystemEvents: ServerFilter = { on: 'type', expression: { regex: '^[^$].*' } };

/** Longer patterns are not worth compiling, and servers may refuse them. */
const PATTERN_MAX = 4_000;
const plainWord = /^[A-Za-z0-9_]+$/;

/** Names as one pattern, where none needs escaping; as prefixes otherwise, which any server compares as text. */
const expressionOf = (
  names: readonly string[],
  end: string,
  prefixOf: (name: string) => string,
): ServerFilter['expression'] => {
  const regex = `^(?:${names.join('|')})${end}`;
  const isPattern = regex.length <= PATTERN_MAX && names.every((name) => plainWord.test(name));
  return isPattern ? { regex } : { prefixes: names.map(prefixOf) };
};

/**
 * One filter fits into a request. Types say more than categories, so they go to the server when both are given.
 * What the server lets pass beyond the exact names (`notes-1` for the prefix `note`) is dropped here, and moves
 * the checkpoint like everything else that was looked at.
 */
export const planFilter = (filter: ReadFilter): FilterPlan => {
  const { categories = [], types = [] } = filter;
  const [someCategories, someTypes] = [new Set(categories), new Set(types)];
  const isWanted = (event: StoredEvent): boolean =>
    !isSystemType(event.type) &&
    (someCategories.size === 0 || someCategories.has(categoryOf(event.stream))) &&
    (someTypes.size === 0 || someTypes.has(event.type));
  if (types.length > 0) {
    const expression = expressionOf(types, '$', (type) => type);
    return { server: { on: 'type', expression }, isWanted };
  }
  if (categories.length > 0) {
    // The category without name is that of the streams that begin with the dash.
    const prefixOf = (category: string): string => (category === '' ? '-' : category);
    const expression = expressionOf(categories, '(?:-|$)', prefixOf);
    return { server: { on: 'stream', expression }, isWanted };
  }
  return { server: undefined, isWanted };
};

const asks = (options: InstanceType<typeof streams.ReadReq.Options>): ReadReq => {
  const uuids = new streams.ReadReq.Options.UUIDOption();
  uuids.setString(new shared.Empty());
  options.setUuidOption(uuids);
  options.setResolveLinks(false);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
};

const directionOf = (direction: Direction): 0 | 1 => (direction === 'forwards' ? 0 : 1);

const filterOptions = ({ on, expression }: ServerFilter, every: CheckpointEvery): FilterOptions => {
  const chosen = new streams.ReadReq.Options.FilterOptions.Expression();
  if ('regex' in expression) chosen.setRegex(expression.regex);
  else chosen.setPrefixList([...expression.prefixes]);
  const filter = new streams.ReadReq.Options.FilterOptions();
  if (on === 'stream') filter.setStreamIdentifier(chosen);
  else filter.setEventType(chosen);
  filter.setMax(every.window);
  filter.setCheckpointintervalmultiplier(every.multiplier);
  return filter;
};

const setFilter = (
  options: InstanceType<typeof streams.ReadReq.Options>,
  filter: ServerFilter | undefined,
  every: CheckpointEvery,
): void => {
  if (filter === undefined) options.setNoFilter(new shared.Empty());
  else options.setFilter(filterOptions(filter, every));
};

const allOptions = (
  from: Position | 'start' | 'end',
): InstanceType<typeof streams.ReadReq.Options.AllOptions> => {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'end') all.setEnd(new shared.Empty());
  else if (from === 'start' || from === START) all.setStart(new shared.Empty());
  else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(from));
    position.setPreparePosition(String(from));
    all.setPosition(position);
  }
  return all;
};

export const readStreamRequest = (
  request: Readonly<{
    stream: string;
    from: Revision | undefined;
    direction: Direction;
    count: number;
  }>,
): ReadReq => {
  const { stream, from, direction, count } = request;
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8').toString('base64'));
  const place = new streams.ReadReq.Options.StreamOptions();
  place.setStreamIdentifier(identifier);
  if (from !== undefined) place.setRevision(String(from));
  else if (direction === 'forwards') place.setStart(new shared.Empty());
  else place.setEnd(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setStream(place);
  options.setReadDirection(directionOf(direction));
  options.setCount(String(count));
  options.setNoFilter(new shared.Empty());
  return asks(options);
};

const SEARCH_WINDOW: CheckpointEvery = { window: 512, multiplier: 1 };

export const readAllRequest = (
  request: Readonly<{
    from: Position | 'start' | 'end';
    direction: Direction;
    count: number;
    plan: FilterPlan;
  }>,
): ReadReq => {
  const { from, direction, count, plan } = request;
  const options = new streams.ReadReq.Options();
  options.setAll(allOptions(from));
  options.setReadDirection(directionOf(direction));
  options.setCount(String(count));
  setFilter(options, plan.server, SEARCH_WINDOW);
  return asks(options);
};

/** The last event that is not the database's own. */
export const lastEventRequest = (): ReadReq =>
  readAllRequest({
    from: 'end',
    direction: 'backwards',
    count: 1,
    plan: { server: noSystemEvents, isWanted: () => true },
  });

/** `after` is exclusive, as the port's: the last position that was handled. */
export const subscribeRequest = (
  after: Position,
  plan: FilterPlan,
  every: CheckpointEvery,
): ReadReq => {
  const options = new streams.ReadReq.Options();
  options.setAll(allOptions(after));
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  setFilter(options, plan.server, every);
  return asks(options);
};
