/** What clients learn of the node, and how the engine's own events look to them. */
import { END, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { inMemory, inSqlite, numbers, serve } from './serving.js';

it.each([inMemory, inSqlite])(
  'a client that looks for the nodes of a cluster finds this one',
  async (make) => {
    const served = await serve(make);
    const { port } = served.server;
    const client = EventStoreDBClient.connectionString(
      `esdb+discover://127.0.0.1:${String(port)}?tls=false`,
    );
    const answer = await client.appendToStream(
      'note-1',
      jsonEvent({ type: 'NoteTaken', data: {} }),
    );
    expect(answer.success).toBe(true);
    await client.dispose();
    await served.dispose();
  },
);

it('events that the engine writes beside the server look native, and its appends are not held up', async () => {
  const served = await serve(inSqlite);
  const client = EventStoreDBClient.connectionString(`esdb://${served.address}`);
  const older = { credentials: { username: 'a', password: 'b' } };
  await client.appendToStream('note-1', jsonEvent({ type: 'Beside', data: { n: 0 } }), older);
  for (const n of numbers(1, 3)) {
    const event = {
      id: `00000000-0000-4000-8000-00000000000${String(n)}`,
      type: 'NoteTaken',
      data: `{"n":${String(n)}}`,
      metadata: '{"schema":1,"company":"acme"}',
    };
    expect(await served.store.append('note-1', n - 1, [event])()).toMatchObject({
      right: { revision: n },
    });
  }
  const after = await client.appendToStream(
    'note-1',
    jsonEvent({ type: 'Beside', data: { n: 4 } }),
    { ...older, expectedRevision: 3n },
  );
  expect(after.nextExpectedRevision).toBe(4n);
  const seen = [];
  for await (const { event } of client.readStream('note-1'))
    seen.push([event?.type, event?.isJson, event?.data, event?.metadata]);
  expect(seen).toStrictEqual([
    ['Beside', true, { n: 0 }, undefined],
    ...numbers(1, 3).map((n) => ['NoteTaken', true, { n }, { schema: 1, company: 'acme' }]),
    ['Beside', true, { n: 4 }, undefined],
  ]);
  for await (const { event } of client.readAll({
    direction: 'backwards',
    fromPosition: END,
    maxCount: 1,
  })) {
    expect(event?.position).toStrictEqual({ commit: 5n, prepare: 5n });
  }
  await client.dispose();
  await served.dispose();
});
