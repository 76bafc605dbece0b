import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { makeSender, type SenderOptions } from '../src/delivery/sender.js';
import type { Outcome } from '../src/delivery/outcome.js';
import type { Resolve } from '../src/destination/guarded-lookup.js';
import { answer, receiver } from './receiver.js';
import { atEnd, cleanUp, local, settle, until } from './set-up.js';

afterEach(cleanUp);

const never: Resolve = () => Promise.reject(new Error('no name was to be looked up'));
const names =
  (...addresses: readonly string[]): Resolve =>
  () =>
    Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const sending = (options: Partial<SenderOptions> = {}) => {
  const sender = makeSender({ rules: local, resolve: never, timeoutMs: 2_000, ca: [], ...options });
  atEnd(sender.close);
  return (url: string): Promise<Outcome> =>
    sender.send(
      { url, headers: { 'webhook-id': 'e-1' }, body: '{"a":"ä"}' },
      new AbortController().signal,
    );
};

const publicOnly = { ...local, allowedNetworks: [] };
const answered = (status: number): Outcome => ({
  _tag: 'Answered',
  status,
  retryAfter: undefined,
});
const unanswered = (reason: string): unknown => ({ _tag: 'NotAnswered', reason });

/** A server below HTTP: it does with a connection what a test wants. */
const rawServer = async (onConnection: Parameters<typeof createServer>[1]): Promise<string> => {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

describe('An attempt', () => {
  test('posts the body as it is', async () => {
    const target = await receiver();
    expect(await sending()(target.url)).toStrictEqual(answered(204));
    const [one] = target.received;
    expect(one?.body).toBe('{"a":"ä"}');
    expect(one?.headers['webhook-id']).toBe('e-1');
    expect(one?.headers['content-length']).toBe('10');
  });

  test('never follows a redirection, wherever it leads', async () => {
    const inside = await receiver();
    const outside = await receiver(answer(307, { location: inside.url }));
    expect(await sending()(outside.url)).toStrictEqual(answered(307));
    await settle();
    expect(inside.received).toStrictEqual([]);
  });

  test('ends when the server never answers', async () => {
    const url = await rawServer((socket) => {
      socket.on('error', () => undefined);
      atEnd(() => void socket.destroy());
    });
    expect(await sending({ timeoutMs: 60 })(url)).toStrictEqual(unanswered('timeout'));
  });

  test('ends when the server sends its headers drop by drop', async () => {
    const url = await rawServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drops = setInterval(() => socket.write('y'), 10);
      socket.on('close', () => clearInterval(drops));
    });
    expect(await sending({ timeoutMs: 80 })(url)).toStrictEqual(unanswered('timeout'));
  });

  test('has its status though the text of the answer never ends, and reads only a little of it', async () => {
    let written = 0;
    let isCut = false;
    const target = await receiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      response.on('close', () => {
        isCut = true;
      });
      more();
    });
    expect(await sending({ timeoutMs: 60_000 })(target.url)).toStrictEqual(answered(200));
    await until(() => isCut);
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test.each([
    ['closes at once', '', 'connection'],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'connection'],
    ['sends headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`, 'connection'],
  ])('fails when the server %s', async (_what, says, reason) => {
    const url = await rawServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(says);
    });
    expect(await sending()(url)).toStrictEqual(unanswered(reason));
  });

  test('uses a connection again', async () => {
    const target = await receiver();
    const send = sending();
    await send(target.url);
    await settle();
    await send(target.url);
    expect(target.received).toHaveLength(2);
    expect(target.connections()).toBe(1);
  });
});

describe('Where an attempt may go', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://[::7f00:1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://0.0.0.0:PORT/',
  ])('%s: not', async (url) => {
    const target = await receiver();
    const send = sending({ rules: publicOnly });
    expect(await send(url.replace('PORT', String(target.port)))).toStrictEqual(
      unanswered('address-refused'),
    );
    expect(target.connections()).toBe(0);
  });

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['169.254.169.254'],
    ['10.0.0.7'],
    // One public address does not make the other one trustworthy, in either order.
    ['93.184.216.34', '127.0.0.1'],
    ['127.0.0.1', '93.184.216.34'],
  ])('not to a name that stands for %s', async (...addresses) => {
    const target = await receiver();
    const send = sending({ rules: publicOnly, resolve: names(...addresses) });
    const url = `http://hooks.example.com:${target.port}/`;
    expect(await send(url)).toStrictEqual(unanswered('address-refused'));
    expect(target.connections()).toBe(0);
  });

  test('not to localhost by its name, as this system resolves it', async () => {
    const target = await receiver();
    const { systemResolve: resolve } = await import('../src/destination/guarded-lookup.js');
    const send = sending({ rules: publicOnly, resolve });
    for (const name of ['localhost', 'LOCALHOST'])
      expect(await send(`http://${name}:${target.port}/`)).toStrictEqual(
        unanswered('address-refused'),
      );
    expect(target.connections()).toBe(0);
  });

  test('the address that was checked is the one that is connected to: a name is asked for once', async () => {
    const target = await receiver();
    let asked = 0;
    // A name that changes its mind: allowed when it is looked at, forbidden from then on.
    const rebinding: Resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    const send = sending({ resolve: rebinding });
    const url = `http://hooks.example.com:${target.port}/`;
    expect(await send(url)).toStrictEqual(answered(204));
    expect(asked).toBe(1);
    expect(target.received[0]?.headers['host']).toBe(`hooks.example.com:${target.port}`);
  });

  test('not over plain http, nor to another port, unless that is allowed', async () => {
    const target = await receiver();
    const strict = { ...local, allowHttp: false };
    expect(await sending({ rules: strict })(target.url)).toStrictEqual(
      unanswered('destination-refused'),
    );
    const ports = { ...local, ports: [443] };
    expect(await sending({ rules: ports })(target.url)).toStrictEqual(
      unanswered('destination-refused'),
    );
    expect(target.connections()).toBe(0);
  });

  test('a name that does not exist is told apart', async () => {
    const missing: Resolve = () =>
      Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    expect(await sending({ resolve: missing })('http://nobody.example.com/')).toStrictEqual(
      unanswered('dns'),
    );
  });
});

describe('Over TLS', () => {
  const certificate = () =>
    generate([{ name: 'commonName', value: 'hooks.example.com' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'hooks.example.com' }] },
      ],
    });

  test('only to a server that proves its name to whom the operator trusts', async () => {
    const { private: key, cert } = await certificate();
    const target = await receiver(answer(200), { key, cert });
    const resolve = names('127.0.0.1');
    const url = `https://hooks.example.com:${target.port}/`;
    expect(await sending({ resolve })(url)).toStrictEqual(unanswered('tls'));
    expect(await sending({ resolve, ca: [cert] })(url)).toStrictEqual(answered(200));
    const other = `https://other.example.com:${target.port}/`;
    expect(await sending({ resolve, ca: [cert] })(other)).toStrictEqual(unanswered('tls'));
    expect(target.received).toHaveLength(1);
  });
});
