import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { type EventStoreServer, startEventStoreServer } from '@daybook/event-store-server';
import * as E from 'fp-ts/lib/Either.js';
import { generate } from 'selfsigned';
import { makeEsdbEventStore } from '../src/index.js';
import { rightOf } from './served.js';

const event = {
  id: '00000000-0000-4000-8000-000000000001',
  type: 'NoteTaken',
  data: '{}',
  metadata: '{}',
};

describe('a server with TLS and credentials', () => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-tls-'));
  const authority = join(directory, 'ca.pem');
  let server: EventStoreServer;
  const inner = makeInMemoryEventStore({ clock: Date.now });

  beforeAll(async () => {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    });
    writeFileSync(authority, made.cert);
    server = rightOf(
      await startEventStoreServer({
        store: inner,
        host: 'localhost',
        port: 0,
        tls: { certificate: made.cert, privateKey: made.private },
        credentials: [{ username: 'ada', password: 's@crt:1' }],
      })(),
    );
  });

  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  const connect = (user: string, options: string): EventStore =>
    rightOf(
      makeEsdbEventStore({
        connectionString: `esdb://${user}localhost:${String(server.port)}?${options}`,
        clock: Date.now,
        random: () => 0.5,
        outageMsMax: 0,
      }),
    );
  const trusted = `tlsCAFile=${encodeURIComponent(authority)}`;

  it('is reached with the right ones', async () => {
    const store = connect('ada:s%40crt%3A1@', trusted);
    expect(await store.append('note-1', 'no-stream', [event])()).toStrictEqual(
      E.right({ revision: 0, position: 1 }),
    );
    expect(await store.head()()).toStrictEqual(E.right(1));
    await store.close();
  });

  const refused = [
    ['with a wrong password', 'ada:secret@', 'read-only'],
    ['without any', '', 'read-only'],
  ] as const;
  it.each(refused)('denies access %s, to writers and readers', async (_name, user, reason) => {
    const store = connect(user, trusted);
    const denied = { left: { _tag: 'StoreUnavailable', reason } };
    expect(await store.append('note-2', 'no-stream', [event])()).toMatchObject(denied);
    expect(await store.head()()).toMatchObject(denied);
    await store.close();
  });

  it('is not spoken to when its certificate is not trusted', async () => {
    const store = connect('ada:s%40crt%3A1@', 'tls=true');
    expect(await store.head()()).toMatchObject({
      left: { _tag: 'StoreUnavailable', reason: 'io' },
    });
    await store.close();
  });
});
