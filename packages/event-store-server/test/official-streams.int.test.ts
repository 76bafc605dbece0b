/** What the official client is promised of truncation, deletion, revival and tombstones. */
import {
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
} from '@eventstore/db-client';
import {
  eventually,
  inMemory,
  inSqlite,
  type MakeStore,
  numbers,
  serve,
  type Served,
} from './serving.js';

const note = (n: number) => jsonEvent({ type: 'NoteTaken', data: { n } });

const describeStreams = (name: string, make: MakeStore): void => {
  describe(`a stream ${name}`, () => {
    let served: Served;
    let client: EventStoreDBClient;
    let now: number;

    beforeEach(async () => {
      now = Date.now();
      served = await serve(make, { clock: () => now });
      client = EventStoreDBClient.connectionString(`esdb://${served.address}`);
      await client.appendToStream('note-1', numbers(0, 9).map(note));
    });

    afterEach(async () => {
      await client.dispose();
      await served.dispose();
    });

    type Options = Parameters<EventStoreDBClient['readStream']>[1];
    const revisions = async (
      options: Options = {},
      stream = 'note-1',
    ): Promise<readonly number[]> => {
      const found: number[] = [];
      for await (const { event } of client.readStream(stream, options)) {
        found.push(Number(event?.revision));
      }
      return found;
    };

    const typeOf = async (failing: Promise<unknown>): Promise<unknown> => {
      try {
        return await failing;
      } catch (thrown) {
        return (thrown as { type: unknown }).type;
      }
    };

    it('shows the latest of its events where $maxCount says so', async () => {
      await client.setStreamMetadata('note-1', { maxCount: 3 });
      expect(await revisions()).toStrictEqual([7, 8, 9]);
      expect(await revisions({ fromRevision: 8n })).toStrictEqual([8, 9]);
      const back = { direction: BACKWARDS, fromRevision: END } as const;
      expect(await revisions(back)).toStrictEqual([9, 8, 7]);
      expect(await revisions({ ...back, fromRevision: 3n })).toStrictEqual([]);
      await client.appendToStream('note-1', note(10));
      expect(await revisions()).toStrictEqual([8, 9, 10]);
      await client.setStreamMetadata('note-1', {});
      expect(await revisions()).toStrictEqual(numbers(0, 10));
    });

    it('shows what stands at or behind $tb, and what is younger than $maxAge', async () => {
      await client.setStreamMetadata('note-1', { truncateBefore: 6 });
      expect(await revisions()).toStrictEqual([6, 7, 8, 9]);
      await client.setStreamMetadata('note-1', { truncateBefore: 20 });
      expect(await revisions()).toStrictEqual([]);
      await client.setStreamMetadata('note-1', { maxAge: 60 });
      expect(await revisions()).toStrictEqual(numbers(0, 9));
      now += 3_600_000;
      expect(await revisions()).toStrictEqual([]);
    });

    it('keeps custom metadata, and its metastream shows the last only', async () => {
      await client.setStreamMetadata('note-1', { maxCount: 3 });
      await client.setStreamMetadata('note-1', { maxCount: 4, owner: 'acme' } as never);
      const { metadata } = await client.getStreamMetadata('note-1');
      expect(metadata).toStrictEqual({ maxCount: 4, owner: 'acme' });
      expect(await revisions({}, '$$note-1')).toStrictEqual([1]);
    });

    it('ignores metadata that makes no sense', async () => {
      const nonsense = jsonEvent({
        type: '$metadata',
        data: { $maxCount: -1, $tb: 'x', $maxAge: 0 },
      });
      await client.appendToStream('$$note-1', nonsense);
      expect(await revisions()).toStrictEqual(numbers(0, 9));
    });

    it('is as if it did not exist after a deletion, and goes on where it was when it lives again', async () => {
      await client.setStreamMetadata('note-1', { maxCount: 5, owner: 'acme' } as never);
      expect((await client.deleteStream('note-1')).position).toBeDefined();
      expect(await typeOf(revisions())).toBe('stream-not-found');
      const exists = client.appendToStream('note-1', note(10), { expectedRevision: STREAM_EXISTS });
      expect(await typeOf(exists)).toBe('stream-deleted');
      const again = await client.appendToStream('note-1', [note(10), note(11)], {
        expectedRevision: NO_STREAM,
      });
      expect(again.nextExpectedRevision).toBe(11n);
      expect(await revisions()).toStrictEqual([10, 11]);
      expect((await client.getStreamMetadata('note-1')).metadata).toStrictEqual({
        truncateBefore: 10,
      });
    });

    it.each([ANY, 9n] as const)(
      'lives again after an append that expects %s',
      async (expectedRevision) => {
        await client.deleteStream('note-1');
        await Promise.all([
          client.appendToStream('note-1', note(10), { expectedRevision }),
          client.appendToStream('note-1', note(11), { expectedRevision: ANY }),
        ]);
        expect(await revisions()).toStrictEqual([10, 11]);
      },
    );

    it('lives again, empty, when it is given metadata', async () => {
      await client.deleteStream('note-1');
      await client.setStreamMetadata('note-1', { maxCount: 4 });
      expect(await revisions()).toStrictEqual([]);
      await client.appendToStream('note-1', note(10));
      expect(await revisions()).toStrictEqual([10]);
    });

    it('is not deleted at another revision, nor when there is none', async () => {
      expect(await typeOf(client.deleteStream('note-1', { expectedRevision: 3n }))).toBe(
        'wrong-expected-version',
      );
      expect(await typeOf(client.deleteStream('note-2'))).toBe('wrong-expected-version');
      expect(await revisions()).toStrictEqual(numbers(0, 9));
      await client.deleteStream('note-1', { expectedRevision: 9n });
    });

    it('is gone for good with a tombstone, which stands in the log', async () => {
      await client.tombstoneStream('note-1', { expectedRevision: 9n });
      expect(await typeOf(revisions())).toBe('stream-deleted');
      expect(await typeOf(revisions({}, '$$note-1'))).toBe('stream-deleted');
      for (const expectedRevision of [ANY, NO_STREAM, STREAM_EXISTS, 9n, 10n] as const) {
        const append = client.appendToStream('note-1', note(1), { expectedRevision });
        expect([expectedRevision, await typeOf(append)]).toStrictEqual([
          expectedRevision,
          'stream-deleted',
        ]);
      }
      expect(await typeOf(client.deleteStream('note-1'))).toBe('stream-deleted');
      expect(await typeOf(client.tombstoneStream('note-1'))).toBe('stream-deleted');
      expect(await typeOf(client.setStreamMetadata('note-1', {}))).toBe('stream-deleted');
      const last = [];
      for await (const { event } of client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
      }))
        last.push(event);
      expect(last).toMatchObject([
        { type: '$streamDeleted', streamId: 'note-1', revision: 2n ** 63n - 1n },
      ]);
    });

    it('may get a tombstone before it exists', async () => {
      await client.tombstoneStream('note-never', { expectedRevision: NO_STREAM });
      expect(await typeOf(client.appendToStream('note-never', note(1)))).toBe('stream-deleted');
    });

    it('tells its subscriber of the tombstone, and ends', async () => {
      const types: unknown[] = [];
      const subscription = client.subscribeToStream('note-1', { fromRevision: END });
      subscription.on('data', ({ event }) => types.push(event?.type));
      subscription.on('error', (error) => types.push((error as unknown as { type: string }).type));
      subscription.on('caughtUp', () => types.push('caught up'));
      await eventually('it caught up', () => types.length === 1);
      await client.tombstoneStream('note-1');
      await eventually('it ended', () => types.length === 3);
      expect(types).toStrictEqual(['caught up', '$streamDeleted', 'stream-deleted']);
    });

    it('shows a subscriber what comes after its deletion and revival, and nothing hidden', async () => {
      const found: number[] = [];
      const subscription = client.subscribeToStream('note-1', { fromRevision: START });
      subscription.on('data', ({ event }) => found.push(Number(event?.revision)));
      await eventually('history came', () => found.length === 10);
      await client.deleteStream('note-1');
      await client.appendToStream('note-1', [note(10), note(11)]);
      await eventually('the new events came', () => found.length === 12);
      await subscription.unsubscribe();
      expect(found).toStrictEqual(numbers(0, 11));
    });

    it('of links shows what they point at, or that it is gone', async () => {
      const link = (target: string) => ({
        ...jsonEvent({ type: '$>', data: {} }),
        contentType: 'application/octet-stream' as const,
        data: Buffer.from(target),
      });
      await client.appendToStream('links', [link('4@note-1'), link('99@note-1')] as never);
      const read = [];
      for await (const { event, link: by } of client.readStream('links', {
        resolveLinkTos: true,
      })) {
        read.push([event?.streamId, event?.revision, by?.streamId, by?.revision]);
      }
      expect(read).toStrictEqual([
        ['note-1', 4n, 'links', 0n],
        [undefined, undefined, 'links', 1n],
      ]);
      expect(await revisions({}, 'links')).toStrictEqual([0, 1]);
    });
  });
};

describeStreams('in memory', inMemory);
describeStreams('in SQLite', inSqlite);
