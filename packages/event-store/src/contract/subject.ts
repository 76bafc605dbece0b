import * as E from 'fp-ts/lib/Either.js';
import type {
  AllPage,
  AppendError,
  Appended,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  ReadAllOptions,
  ReadError,
  ReadStreamOptions,
  StoredEvent,
} from '../event-store.js';

export type StoreUnderTest = Readonly<{
  /** An open, empty store that nobody else writes to. */
  store: EventStore;
  /** Closes it, if the test has not, and removes what it left. */
  dispose: () => Promise<void>;
}>;

export type MakeStore = () => Promise<StoreUnderTest>;

/** The n-th of the fixed event ids. */
export const eventId = (n: number): string =>
  `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const event = (n: number, overrides: Partial<EventToAppend> = {}): EventToAppend => ({
  id: eventId(n),
  type: 'NoteTaken',
  data: `{"n":${String(n)}}`,
  metadata: '{"schema":1}',
  ...overrides,
});

export const rightOf = <Failure, A>(answer: E.Either<Failure, A>): A => {
  if (E.isLeft(answer)) throw new Error(`Failed, unexpectedly: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

export const tryAppend = (
  store: EventStore,
  at: Readonly<{ stream: string; expected: ExpectedRevision }>,
  ...events: readonly [EventToAppend, ...EventToAppend[]]
): Promise<E.Either<AppendError, Appended>> => store.append(at.stream, at.expected, events)();

export const append = async (
  store: EventStore,
  at: Readonly<{ stream: string; expected: ExpectedRevision }>,
  ...events: readonly [EventToAppend, ...EventToAppend[]]
): Promise<Appended> => rightOf(await tryAppend(store, at, ...events));

/** `count` appends of one event, one after another: ids from `firstId` on, the stream starts empty. */
export const fillStream = async (
  store: EventStore,
  stream: string,
  ids: Readonly<{ firstId: number; count: number }>,
): Promise<readonly Appended[]> => {
  const answers: Appended[] = [];
  for (let index = 0; index < ids.count; index += 1) {
    const expected = index === 0 ? 'no-stream' : index - 1;
    answers.push(await append(store, { stream, expected }, event(ids.firstId + index)));
  }
  return answers;
};

export const pagesOf = async <Page>(
  pages: AsyncIterable<E.Either<ReadError, Page>>,
): Promise<readonly Page[]> => {
  const read: Page[] = [];
  for await (const page of pages) read.push(rightOf(page));
  return read;
};

export const eventsOf = (
  pages: readonly Readonly<{ events: readonly StoredEvent[] }>[],
): readonly StoredEvent[] => pages.flatMap((page) => page.events);

export const streamEvents = async (
  store: EventStore,
  stream: string,
  options?: ReadStreamOptions,
): Promise<readonly StoredEvent[]> => eventsOf(await pagesOf(store.readStream(stream, options)));

export const allEvents = async (
  store: EventStore,
  options?: ReadAllOptions,
): Promise<readonly StoredEvent[]> => eventsOf(await pagesOf(store.readAll(options)));

export const idsOf = (events: readonly StoredEvent[]): readonly string[] =>
  events.map(({ id }) => id);

export const idRange = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => eventId(first + index));

/** Reads a subscription until `isEnough`, then aborts it and waits until it has ended. */
export const readUntil = async (
  pages: AsyncIterable<E.Either<ReadError, AllPage>>,
  controller: AbortController,
  isEnough: (pages: readonly AllPage[]) => boolean,
): Promise<readonly AllPage[]> => {
  const read: AllPage[] = [];
  for await (const page of pages) {
    if (controller.signal.aborted) continue;
    read.push(rightOf(page));
    if (isEnough(read)) controller.abort();
  }
  return read;
};

/** Runs a test against a fresh store and disposes of it, whatever happens. */
export const withStore =
  (make: MakeStore, test: (store: EventStore) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const { store, dispose } = await make();
    try {
      await test(store);
    } finally {
      await dispose();
    }
  };
