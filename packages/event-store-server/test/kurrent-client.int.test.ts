/**
 * A second client, written by others and independent of the first, whose reads go through a Rust library: the
 * server must speak the protocol, not the habits of one client.
 */
import {
  BACKWARDS,
  binaryEvent,
  END,
  eventTypeFilter,
  type Filter,
  jsonEvent,
  KurrentDBClient,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import {
  eventually,
  inMemory,
  inSqlite,
  type MakeStore,
  numbers,
  serve,
  type Served,
} from './serving.js';

const note = (n: number, type = 'NoteTaken') =>
  jsonEvent({ type, data: { n }, metadata: { schema: 1 } });

type Read = Readonly<{ event?: Readonly<{ data: unknown; streamId: string }> | undefined }>;

const nOf = ({ event }: Read): number => (event?.data as { n: number }).n;

const numbersIn = async (read: AsyncIterable<Read>): Promise<readonly number[]> => {
  const found: number[] = [];
  for await (const resolved of read) found.push(nOf(resolved));
  return found;
};

const describeClient = (name: string, make: MakeStore): void => {
  describe(`the Kurrent client over a store ${name}`, () => {
    let served: Served;
    let client: KurrentDBClient;

    beforeEach(async () => {
      served = await serve(make);
      client = KurrentDBClient.connectionString(`kurrentdb://${served.address}`);
    });

    afterEach(async () => {
      await client.dispose();
      await served.dispose();
    });

    const fill = (stream: string, [first, last]: readonly [number, number], type?: string) =>
      client.appendToStream(
        stream,
        numbers(first, last).map((n) => note(n, type)),
      );

    it('appends and reads back what it wrote, both ways', async () => {
      const answer = await client.appendToStream('note-1', [note(0), note(1)], {
        streamState: NO_STREAM,
      });
      expect(answer.nextExpectedRevision).toBe(1n);
      await fill('note-1', [2, 699]);
      expect(await numbersIn(client.readStream('note-1'))).toStrictEqual(numbers(0, 699));
      const backwards = client.readStream('note-1', { direction: BACKWARDS, fromRevision: END });
      expect(await numbersIn(backwards)).toStrictEqual(numbers(0, 699).toReversed());
      const some = client.readStream('note-1', { fromRevision: 300n, maxCount: 5 });
      expect(await numbersIn(some)).toStrictEqual(numbers(300, 304));
    });

    it('gives back ids, types, metadata and bytes', async () => {
      const binary = binaryEvent({
        type: 'Ünïcödé 👩‍🔧',
        data: Buffer.from([0, 255, 1]),
        metadata: Buffer.from([7, 200]),
      });
      await client.appendToStream('note-ж', [note(0), binary]);
      const events = [];
      for await (const { event } of client.readStream('note-ж')) events.push(event);
      expect(events[0]).toMatchObject({
        type: 'NoteTaken',
        isJson: true,
        revision: 0n,
        streamId: 'note-ж',
      });
      expect(events[0]?.metadata).toStrictEqual({ schema: 1 });
      expect(events[1]).toMatchObject({
        id: binary.id,
        type: binary.type,
        isJson: false,
        revision: 1n,
      });
      expect([...(events[1]?.data as Uint8Array)]).toStrictEqual([0, 255, 1]);
      expect([...(events[1]?.metadata as Uint8Array)]).toStrictEqual([7, 200]);
    });

    it('is refused a revision that is not current, and told the current one', async () => {
      await fill('note-1', [0, 4]);
      const refused = client.appendToStream('note-1', note(9), { streamState: 2n });
      await expect(refused).rejects.toThrow(WrongExpectedVersionError);
      await expect(
        client.appendToStream('memo-1', note(9), { streamState: STREAM_EXISTS }),
      ).rejects.toThrow(WrongExpectedVersionError);
      expect(await numbersIn(client.readAll())).toStrictEqual(numbers(0, 4));
    });

    it('learns that a stream does not exist', async () => {
      await expect(numbersIn(client.readStream('note-1'))).rejects.toThrow(StreamNotFoundError);
    });

    it('reads the whole log both ways, from a position', async () => {
      await fill('note-1', [0, 9]);
      const { position } = await fill('memo-1', [10, 19]);
      await fill('note-2', [20, 29]);
      expect(await numbersIn(client.readAll())).toStrictEqual(numbers(0, 29));
      const backwards = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 12 });
      expect(await numbersIn(backwards)).toStrictEqual(numbers(18, 29).toReversed());
      if (position === undefined) throw new Error('The append has no position.');
      expect(await numbersIn(client.readAll({ fromPosition: position }))).toStrictEqual(
        numbers(19, 29),
      );
    });

    it('reads the log filtered by the server: prefixes and expressions, streams and types', async () => {
      await fill('note-1', [0, 9], 'NoteTaken');
      await fill('memo-1', [10, 19], 'MemoTaken');
      await fill('note-2', [20, 29], 'NoteKept');
      const read = (filter: Filter) => numbersIn(client.readAll({ filter }));
      const notes = [...numbers(0, 9), ...numbers(20, 29)];
      expect(await read(streamNameFilter({ prefixes: ['note-'] }))).toStrictEqual(notes);
      expect(await read(streamNameFilter({ regex: '^memo-[0-9]$' }))).toStrictEqual(
        numbers(10, 19),
      );
      expect(await read(eventTypeFilter({ prefixes: ['Note'] }))).toStrictEqual(notes);
      expect(await read(eventTypeFilter({ regex: 'Taken$' }))).toStrictEqual(numbers(0, 19));
    });

    it('follows a stream: history, the moment nothing is left, what comes', async () => {
      await fill('note-1', [0, 299]);
      await fill('memo-1', [1000, 1001]);
      const found: number[] = [];
      const marks: string[] = [];
      const subscription = client.subscribeToStream('note-1', { fromRevision: 9n });
      subscription
        .on('confirmation', () => marks.push(`confirmed at ${String(found.length)}`))
        .on('caughtUp', () => marks.push(`caught up at ${String(found.length)}`))
        .on('data', (resolved) => found.push(nOf(resolved)));
      await eventually('it caught up', () => marks.length === 2);
      await fill('note-1', [300, 304]);
      await eventually('five more came', () => found.length === 295);
      await subscription.unsubscribe();
      expect(found).toStrictEqual(numbers(10, 304));
      expect(marks).toStrictEqual(['confirmed at 0', 'caught up at 290']);
    });

    it('follows the filtered log and resumes exactly after a checkpoint', async () => {
      await fill('memo-1', [1000, 1199]);
      await fill('note-1', [0, 49]);
      await fill('memo-2', [1200, 1399]);
      const found: number[] = [];
      const checkpoints: bigint[] = [];
      const filter = streamNameFilter({
        prefixes: ['note-'],
        checkpointReached: (_subscription, position) => {
          checkpoints.push(position.commit);
          return Promise.resolve();
        },
      });
      const subscription = client.subscribeToAll({ fromPosition: START, filter });
      subscription.on('data', (resolved) => found.push(nOf(resolved)));
      await eventually('it has looked at everything', () => checkpoints.at(-1) === 450n);
      await subscription.unsubscribe();
      expect(found).toStrictEqual(numbers(0, 49));
      expect(checkpoints).toStrictEqual([...checkpoints].sort((a, b) => Number(a - b)));

      await fill('note-2', [50, 59]);
      const [commit = 0n] = checkpoints.slice(-1);
      const resumed: number[] = [];
      const again = client.subscribeToAll({
        fromPosition: { commit, prepare: commit },
        filter: streamNameFilter({ prefixes: ['note-'] }),
      });
      again.on('data', (resolved) => resumed.push(nOf(resolved)));
      await eventually('the rest came', () => resumed.length === 10);
      await again.unsubscribe();
      expect(resumed).toStrictEqual(numbers(50, 59));
    });

    it('has a thousand appends in flight', async () => {
      await Promise.all(
        numbers(0, 999).map((n) => client.appendToStream(`note-${String(n % 50)}`, note(n))),
      );
      const found = await numbersIn(client.readAll());
      expect([...found].sort((a, b) => a - b)).toStrictEqual(numbers(0, 999));
    });
  });
};

describeClient('in memory', inMemory);
describeClient('in SQLite', inSqlite);
