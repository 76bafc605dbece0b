/** What a stranger, a broken client or a crowd can do to the server: get a clear answer, and nothing else. */
import { readdirSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EventStoreDBClient, jsonEvent, START, streamNameFilter } from '@eventstore/db-client';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { generate } from 'selfsigned';
import { startEventStoreServer } from '../src/index.js';
import { bytesField, messageField, numberField } from '../src/wire/protobuf.js';
import { streamIdentifier } from '../src/wire/read-response.js';
import { eventually, inMemory, inSqlite, numbers, serve, type Served } from './serving.js';

const STREAMS = '/event_store.client.streams.Streams';
const note = (n: number) => jsonEvent({ type: 'NoteTaken', data: { n } });
/** Makes the client use the older append: its batches of different servers get in each other's way. */
const older = { credentials: { username: 'a', password: 'b' } };
const same = (bytes: Buffer): Buffer => bytes;
const empty = Buffer.alloc(0);

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

type Held = Readonly<{ descriptors: number; heapMb: number }>;

const held = (): Held => {
  collect();
  collect();
  const heapMb = Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
  return { descriptors: readdirSync('/proc/self/fd').length, heapMb };
};

const print = (what: string, before: Held, after: Held): void => {
  process.stdout.write(
    `${what}: before ${JSON.stringify(before)}, after ${JSON.stringify(after)}\n`,
  );
};

const rawClient = (served: Served): Client =>
  new Client(`127.0.0.1:${String(served.server.port)}`, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
  });

const unary = (client: Client, path: string, message: Buffer): Promise<number> =>
  new Promise((resolve) => {
    client.makeUnaryRequest(path, same, same, message, (error) =>
      resolve(error?.code ?? status.OK),
    );
  });

/** Status and number of messages of a call that streams its answer. */
const streaming = (client: Client, message: Buffer): Promise<readonly number[]> =>
  new Promise((resolve) => {
    let messages = 0;
    const call = client.makeServerStreamRequest(`${STREAMS}/Read`, same, same, message);
    call.on('data', () => (messages += 1));
    call.on('error', () => undefined);
    call.on('status', ({ code }) => resolve([code, messages]));
  });

const batch = (client: Client, messages: readonly Buffer[]): Promise<number> =>
  new Promise((resolve) => {
    const call = client.makeBidiStreamRequest(`${STREAMS}/BatchAppend`, same, same);
    call.on('data', () => undefined);
    call.on('error', () => undefined);
    call.on('status', ({ code }) => resolve(code));
    for (const message of messages) call.write(message);
    call.end();
  });

describe('a server that strangers reach', () => {
  let served: Served;
  let client: Client;

  beforeEach(async () => {
    served = await serve(inMemory, { keepaliveMs: 200 });
    client = rawClient(served);
  });

  afterEach(async () => {
    client.close();
    await served.dispose();
  });

  const stillServes = async (): Promise<void> => {
    const official = EventStoreDBClient.connectionString(`esdb://${served.address}`);
    const answer = await official.appendToStream('note-still', note(1), older);
    expect(answer.success).toBe(true);
    await official.dispose();
  };

  it('answers messages that are none with INVALID_ARGUMENT', async () => {
    const junk = Buffer.from('ff'.repeat(40), 'hex');
    for (const method of ['Delete', 'Tombstone', 'Append']) {
      expect(await unary(client, `${STREAMS}/${method}`, junk)).toBe(status.INVALID_ARGUMENT);
      expect(await unary(client, `${STREAMS}/${method}`, empty)).toBe(status.INVALID_ARGUMENT);
    }
    expect(await streaming(client, junk)).toStrictEqual([status.INVALID_ARGUMENT, 0]);
    expect(await streaming(client, empty)).toStrictEqual([status.INVALID_ARGUMENT, 0]);
    expect(await batch(client, [junk])).toBe(status.INVALID_ARGUMENT);
    expect(await batch(client, [numberField(4, 1)])).toBe(status.INVALID_ARGUMENT);
    await stillServes();
  });

  it('refuses an expression that is none, and is not held up by one that is cruel', async () => {
    await served.store.append('note-1', 'no-stream', [
      {
        id: '00000000-0000-4000-8000-000000000001',
        type: 'a'.repeat(5_000),
        data: '{}',
        metadata: '{}',
      },
    ])();
    const filtered = (regex: string): Buffer =>
      messageField(
        1,
        messageField(2, bytesField(2, empty)),
        numberField(5, 10),
        messageField(7, messageField(2, bytesField(1, regex)), numberField(3, 1)),
      );
    expect(await streaming(client, filtered('('))).toStrictEqual([status.INVALID_ARGUMENT, 0]);
    expect(await streaming(client, filtered('(a+)+$'))).toStrictEqual([status.OK, 1]);
    expect(await streaming(client, filtered('^(a|a)*b$'))).toStrictEqual([status.OK, 0]);
  });

  it('answers a message above its limit with RESOURCE_EXHAUSTED', async () => {
    const large = bytesField(1, Buffer.alloc(18 * 1024 * 1024));
    expect(await unary(client, `${STREAMS}/Delete`, large)).toBe(status.RESOURCE_EXHAUSTED);
    expect(await batch(client, [large])).toBe(status.RESOURCE_EXHAUSTED);
    await stillServes();
  });

  it('does not offer what it does not do', async () => {
    for (const path of [
      'projections.Projections/Create',
      'users.Users/Create',
      'operations.Operations/Shutdown',
    ]) {
      expect(await unary(client, `/event_store.client.${path}`, empty)).toBe(status.UNIMPLEMENTED);
    }
  });

  it('survives frames that are not HTTP/2, and lets go of connections that say nothing', async () => {
    const before = held();
    const sockets: Socket[] = [];
    let closed = 0;
    for (const n of numbers(0, 99)) {
      const socket = connect(served.server.port, '127.0.0.1');
      socket.on('error', () => undefined).on('close', () => (closed += 1));
      sockets.push(socket);
      // Some speak garbage, some are silent; nobody answers a ping.
      if (n % 2 === 0) socket.write(Buffer.from('ff00'.repeat(100), 'hex'));
      else socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      socket.pause();
      socket.resume();
    }
    await eventually('the server closed them all', () => closed === 100);
    await stillServes();
    await eventually('no descriptor is left', () => held().descriptors <= before.descriptors + 1);
    print('100 half-open connections', before, held());
  });

  it('survives a frame that promises more than it holds, and a call that is cut', async () => {
    for (const body of [
      Buffer.from('00ffffffff', 'hex'),
      Buffer.from('0000000005aa', 'hex'),
      Buffer.from('07', 'hex'),
    ]) {
      await new Promise<void>((resolve) => {
        const session = connectHttp2(`http://127.0.0.1:${String(served.server.port)}`);
        session.on('error', () => undefined).on('close', () => resolve());
        const call = session.request({
          ':method': 'POST',
          ':path': `${STREAMS}/Read`,
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        call.on('error', () => undefined).on('close', () => session.destroy());
        call.resume();
        call.end(body);
      });
    }
    await stillServes();
  });
});

/** A thousand subscriptions of one client that come, are told of one event, and go. */
const crowd = async (served: Served, n: number): Promise<Held> => {
  const official = EventStoreDBClient.connectionString(`esdb://${served.address}`);
  let caughtUp = 0;
  let told = 0;
  const stream = `note-${String(n)}`;
  const filter = streamNameFilter({ prefixes: [stream] });
  const subscriptions = numbers(1, 1_000).map((index) => {
    const subscription =
      index % 2 === 0
        ? official.subscribeToStream(stream)
        : official.subscribeToAll({ fromPosition: START, filter });
    subscription.on('caughtUp', () => (caughtUp += 1)).on('data', () => (told += 1));
    return subscription;
  });
  await eventually('all caught up', () => caughtUp === 1_000);
  await official.appendToStream(stream, note(1), older);
  await eventually('all were told', () => told === 1_000);
  const during = held();
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()));
  await official.dispose();
  return during;
};

it('holds a thousand idle subscriptions, tells them all, and forgets them all', async () => {
  const served = await serve();
  // The first crowd fills pools and compiles code. What is leaked stays of every later one; what the process
  // holds besides, on a machine that runs other tests in it, stays of one at most.
  await crowd(served, 1);
  const left: number[] = [];
  for (let n = 2; n <= 4 && Math.min(...left) >= 5; n += 1) {
    const before = held();
    const during = await crowd(served, n);
    await eventually('no descriptor is left', () => held().descriptors <= before.descriptors);
    const after = held();
    print('1,000 subscriptions, while they wait', before, during);
    print('1,000 subscriptions, when they are gone', before, after);
    left.push(after.heapMb - before.heapMb);
  }
  expect(Math.min(...left)).toBeLessThan(5);
  await served.dispose();
});

it('a reader that stops reading costs the server nothing, and misses nothing', async () => {
  const served = await serve(inSqlite);
  const client = rawClient(served);
  const readAll = messageField(
    1,
    messageField(2, bytesField(2, empty)),
    bytesField(6, empty),
    bytesField(8, empty),
  );
  const call = client.makeServerStreamRequest(`${STREAMS}/Read`, same, same, readAll);
  let events = 0;
  let caughtUp = 0;
  call.on('error', () => undefined);
  call.on('data', (message: Buffer) => {
    if (message[0] === 0x0a) events += 1;
    if (message[0] === 0x42) caughtUp += 1;
  });
  await eventually('it caught up', () => caughtUp === 1);
  call.pause();
  const before = held();
  const data = JSON.stringify({ text: 'x'.repeat(1_000) });
  for (const stream of numbers(1, 60)) {
    const some = numbers(1, 1_000).map((n) => ({
      id: `00000000-0000-4000-8000-${String(stream * 1_000 + n).padStart(12, '0')}`,
      type: 'NoteTaken',
      data,
      metadata: '{}',
    }));
    const [first, ...rest] = some;
    if (first === undefined) throw new Error('There is no event.');
    await served.store.append(`note-${String(stream)}`, 'no-stream', [first, ...rest])();
  }
  const during = held();
  print('60,000 events of 1 kB beside a reader that has stopped', before, during);
  expect(during.heapMb - before.heapMb).toBeLessThan(15);
  call.resume();
  await eventually('everything came', () => events === 60_000 && caughtUp === 2);
  call.cancel();
  client.close();
  await served.dispose();
});

describe('a server with a certificate and credentials', () => {
  const user = { username: 'reader', password: 'sécret' };

  it('lets in who is known, and nobody else', async () => {
    const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    const tls = { certificate: pems.cert, privateKey: pems.private };
    const served = await serve(inMemory, { host: '127.0.0.1', tls, credentials: [user] });
    const address = { endpoint: `localhost:${String(served.server.port)}` };
    const outcome = async (given: typeof user | undefined): Promise<unknown> => {
      const client = new EventStoreDBClient(
        address,
        { rootCertificate: Buffer.from(pems.cert) },
        given,
      );
      try {
        const answer = await client.appendToStream('note-1', note(1));
        for await (const { event } of client.readStream('note-1'))
          expect(event?.type).toBe('NoteTaken');
        return answer.success;
      } catch (thrown) {
        return (thrown as { type: unknown }).type;
      } finally {
        await client.dispose();
      }
    };
    expect(await outcome(user)).toBe(true);
    expect(await outcome({ ...user, password: 'wrong' })).toBe('access-denied');
    expect(await outcome({ ...user, username: 'Reader' })).toBe('access-denied');
    expect(await outcome(undefined)).toBe('access-denied');

    const plain = rawClient(served);
    expect(await unary(plain, `${STREAMS}/Delete`, empty)).toBe(status.UNAVAILABLE);
    plain.close();
    await served.dispose();
  });

  it('refuses every method without them, on loopback too', async () => {
    const served = await serve(inMemory, { credentials: [user] });
    const client = rawClient(served);
    const message = messageField(
      1,
      bytesField(1, streamIdentifier('note-1')),
      bytesField(4, empty),
    );
    expect(await unary(client, `${STREAMS}/Tombstone`, message)).toBe(status.UNAUTHENTICATED);
    expect(await streaming(client, message)).toStrictEqual([status.UNAUTHENTICATED, 0]);
    expect(await batch(client, [message])).toBe(status.UNAUTHENTICATED);
    const headers = new Metadata();
    headers.set('authorization', `Basic ${Buffer.from('reader:sécret').toString('base64')}`);
    const answered = await new Promise((resolve) => {
      client.makeUnaryRequest(`${STREAMS}/Tombstone`, same, same, message, headers, (error) =>
        resolve(error?.code ?? 'done'),
      );
    });
    expect(answered).toBe('done');
    client.close();
    await served.dispose();
  });

  it('listens beyond loopback only with both, or when told to', async () => {
    const { store, dispose } = await inMemory();
    const start = (options: object) =>
      startEventStoreServer({ store, host: '0.0.0.0', port: 0, ...options })();
    expect(await start({})).toMatchObject({ left: { _tag: 'InsecureHost', host: '0.0.0.0' } });
    expect(await start({ credentials: [user] })).toMatchObject({ left: { _tag: 'InsecureHost' } });
    expect(
      await start({ tls: { certificate: 'x', privateKey: 'y' }, credentials: [user] }),
    ).toMatchObject({ left: { _tag: 'CertificateUnusable' } });
    const allowed = await start({ allowInsecure: true });
    if (allowed._tag === 'Left') throw new Error(allowed.left.message);
    const again = await startEventStoreServer({
      store,
      host: '127.0.0.1',
      port: allowed.right.port,
    })();
    expect(again).toMatchObject({ left: { _tag: 'AddressUnusable', port: allowed.right.port } });
    await allowed.right.close();
    await dispose();
  });
});
