/** What the official client is promised of appends: expectations, repeats, sizes, names, both ways of appending. */
import {
  ANY,
  EventStoreDBClient,
  jsonEvent,
  type JSONEventData,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import { inMemory, inSqlite, type MakeStore, numbers, serve, type Served } from './serving.js';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const note = (n: number): JSONEventData => jsonEvent({ id: id(n), type: 'NoteTaken', data: { n } });

/** Per-call credentials make the client use the older append. */
const older = { credentials: { username: 'a', password: 'b' } };

const describeAppends = (name: string, make: MakeStore, options: object): void => {
  describe(`appends ${name}`, () => {
    let served: Served;
    let client: EventStoreDBClient;

    beforeEach(async () => {
      served = await serve(make);
      client = EventStoreDBClient.connectionString(`esdb://${served.address}`);
    });

    afterEach(async () => {
      await client.dispose();
      await served.dispose();
    });

    const append = (expectedRevision: AppendExpectedRevision, ...ids: readonly number[]) =>
      client.appendToStream('note-1', ids.map(note), { expectedRevision, ...options });

    const refusal = async (
      expectedRevision: AppendExpectedRevision,
      ...ids: readonly number[]
    ): Promise<unknown> => {
      try {
        return await append(expectedRevision, ...ids);
      } catch (thrown) {
        const { type, actualVersion, expectedVersion } = thrown as Record<string, unknown>;
        return { type, actualVersion, expectedVersion };
      }
    };

    const ids = async (stream = 'note-1'): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { event } of client.readStream(stream)) found.push(event?.id ?? 'none');
      return found;
    };

    const wrong = (expectedVersion: unknown, actualVersion: unknown) => ({
      type: 'wrong-expected-version',
      expectedVersion,
      actualVersion,
    });

    it('hold every expectation to the revision of the stream', async () => {
      expect(await refusal(STREAM_EXISTS, 1)).toStrictEqual(wrong(STREAM_EXISTS, NO_STREAM));
      expect(await refusal(0n, 1)).toStrictEqual(wrong(0n, NO_STREAM));
      expect((await append(NO_STREAM, 1, 2)).nextExpectedRevision).toBe(1n);
      expect(await refusal(NO_STREAM, 3)).toStrictEqual(wrong(NO_STREAM, 1n));
      expect(await refusal(0n, 3)).toStrictEqual(wrong(0n, 1n));
      expect(await refusal(5n, 3)).toStrictEqual(wrong(5n, 1n));
      expect((await append(1n, 3)).nextExpectedRevision).toBe(2n);
      expect((await append(STREAM_EXISTS, 4)).nextExpectedRevision).toBe(3n);
      expect((await append(ANY, 5)).nextExpectedRevision).toBe(4n);
      expect(await ids()).toStrictEqual(numbers(1, 5).map(id));
    });

    it('answer a repeat at an exact revision with its first answer, however old', async () => {
      const first = await append(NO_STREAM, 1, 2);
      const second = await append(1n, 3);
      await append(2n, 4, 5);
      expect(await append(NO_STREAM, 1, 2)).toStrictEqual(first);
      expect(await append(1n, 3)).toStrictEqual(second);
      expect(await refusal(NO_STREAM, 1, 9)).toStrictEqual(wrong(NO_STREAM, 4n));
      expect(await refusal(NO_STREAM, 9, 2)).toStrictEqual(wrong(NO_STREAM, 4n));
      expect(await ids()).toStrictEqual(numbers(1, 5).map(id));
    });

    it('answer a repeat at any revision with what is stored, and refuse half of one', async () => {
      const first = await append(ANY, 1, 2);
      await append(ANY, 3);
      expect(await append(ANY, 1, 2)).toStrictEqual(first);
      expect((await append(ANY, 1)).nextExpectedRevision).toBe(0n);
      expect((await append(STREAM_EXISTS, 3)).nextExpectedRevision).toBe(2n);
      expect(await refusal(ANY, 1, 9)).toMatchObject({ type: 'wrong-expected-version' });
      expect((await append(ANY, 9, 1)).nextExpectedRevision).toBe(4n);
      expect(await ids()).toStrictEqual([1, 2, 3, 9, 1].map(id));
    });

    it('take a repeated id where the revision is current', async () => {
      await append(NO_STREAM, 1);
      expect((await append(0n, 1)).nextExpectedRevision).toBe(1n);
    });

    it('take no events, where the expectation holds', async () => {
      expect((await append(ANY)).success).toBe(true);
      expect(await refusal(0n)).toStrictEqual(wrong(0n, NO_STREAM));
      await append(ANY, 1);
      expect((await append(0n)).nextExpectedRevision).toBe(0n);
    });

    it('are refused above a mebibyte, whole', async () => {
      const large = jsonEvent({ type: 'Large', data: { text: 'x'.repeat(600_000) } });
      const other = jsonEvent({ type: 'Large', data: { text: 'y'.repeat(600_000) } });
      await expect(client.appendToStream('note-1', [large, other], options)).rejects.toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: 1_048_576,
      });
      await expect(ids()).rejects.toMatchObject({ type: 'stream-not-found' });
      await client.appendToStream('note-1', large, options);
      expect(await ids()).toStrictEqual([large.id]);
    });

    it('take any name for a stream', async () => {
      for (const stream of ['note', '-1', 'ж 👩‍🔧', '$$$$', 'a\u0000b', '%41']) {
        await client.appendToStream(stream, note(1), options);
        expect(await ids(stream)).toStrictEqual([id(1)]);
      }
    });

    it('all land when many writers append anywhere, beside one who does not use the server', async () => {
      const beside = async (): Promise<void> => {
        let written = 0;
        for (let n = 0; written < 20; n += 1) {
          const event = {
            id: id(5_000 + written),
            type: 'Beside',
            data: '{"n":0}',
            metadata: '{}',
          };
          const answer = await served.store.append('note-1', n === 0 ? 'no-stream' : n - 1, [
            event,
          ])();
          if (answer._tag === 'Right') written += 1;
          else await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      const appends = numbers(1, 300).map((n) => append(ANY, n));
      await Promise.all([...appends, beside()]);
      const expected = [...numbers(1, 300), ...numbers(5_000, 5_019)].map(id);
      expect([...(await ids())].sort()).toStrictEqual(expected.sort());
    });
  });
};

describeAppends('in batches, in memory', inMemory, {});
describeAppends('in batches, in SQLite', inSqlite, {});
describeAppends('one call each, in memory', inMemory, older);
describeAppends('one call each, in SQLite', inSqlite, older);
