import {
  AccessDeniedError,
  ANY,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
} from '@eventstore/db-client';
import { inMemory, serve, type Served } from './serving.js';

// Goal: what a client may not write it cannot write by any way that the protocol has, and reads all the same.
// Method: the official client against a server that lets it write to streams of its own category.

let served: Served;
let client: EventStoreDBClient;

const event = () => jsonEvent({ type: 'Noted', data: { amount: 1 } });

beforeAll(async () => {
  const mayWrite = (stream: string): boolean => stream.startsWith('notes-');
  served = await serve(inMemory, { mayWrite });
  await served.store.append('credits-acme', 'no-stream', [
    { id: '00000000-0000-4000-8000-000000000001', type: 'Granted', data: '{}', metadata: '{}' },
  ])();
  client = EventStoreDBClient.connectionString(`esdb://${served.address}`);
});
afterAll(async () => {
  await client.dispose();
  await served.dispose();
});

const head = async (): Promise<unknown> => served.store.head()();

describe('A client that may write to its own streams', () => {
  it('writes there', async () => {
    const written = await client.appendToStream('notes-1', [event()], {
      expectedRevision: NO_STREAM,
    });
    expect(written.success).toBe(true);
  });

  it.each([
    ['in a batch', () => client.appendToStream('credits-acme', [event()])],
    [
      'by the older append',
      () =>
        client.appendToStream('credits-acme', [event()], {
          // Credentials of its own make the client take the call that is not a batch.
          credentials: { username: 'a', password: 'b' },
          expectedRevision: ANY,
        }),
    ],
    ['by hiding its events', () => client.setStreamMetadata('credits-acme', { truncateBefore: 1 })],
    ['by deleting it', () => client.deleteStream('credits-acme')],
    ['by ending it for good', () => client.tombstoneStream('credits-acme')],
    ['in the server’s own streams', () => client.appendToStream('$settings', [event()])],
  ])('changes nothing elsewhere %s', async (_how, write) => {
    const before = await head();
    await expect(write()).rejects.toBeInstanceOf(AccessDeniedError);
    expect(await head()).toStrictEqual(before);
  });

  it('reads what it may not write', async () => {
    const types: string[] = [];
    for await (const { event: read } of client.readStream('credits-acme'))
      types.push(String(read?.type));
    expect(types).toStrictEqual(['Granted']);
  });
});
