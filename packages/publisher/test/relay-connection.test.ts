import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { nkeys as untypedNkeys } from 'nats';
import { generate } from 'selfsigned';
import { defaultStream, makeNatsBroker, type NatsCredentials, type NatsTls } from '../src/index.js';
import { type NatsServer, startNatsServer } from '../src/nats-server/index.js';

// Goal: TLS and credentials are used when they are configured, and nothing is said to a server that lacks them.
// Method: real servers, with a certificate that is made for the test.

const folder = mkdtempSync(join(tmpdir(), 'daybook-tls-'));
const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
const servers: NatsServer[] = [];
/** The client's types lead into a package that is not there for this one. */
const nkeys = untypedNkeys as Readonly<{
  createUser: () => Readonly<{ getSeed: () => Uint8Array; getPublicKey: () => string }>;
}>;
const user = nkeys.createUser();
const seed = new TextDecoder().decode(user.getSeed());

beforeAll(async () => {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  writeFileSync(certificate, pems.cert);
  writeFileSync(key, pems.private, { mode: 0o600 });
});
afterAll(async () => {
  for (const server of servers) await server.dispose();
  rmSync(folder, { recursive: true });
});

const started = async (configuration: string): Promise<NatsServer> => {
  const server = await startNatsServer({ configuration });
  servers.push(server);
  return server;
};

const tlsServer = (): Promise<NatsServer> =>
  started(`tls { cert_file: ${JSON.stringify(certificate)}, key_file: ${JSON.stringify(key)} }`);

/** Does a session come about, and what is said when none does? */
const outcome = async (
  url: string,
  how: Readonly<{ credentials?: NatsCredentials; tls?: NatsTls }>,
): Promise<string> => {
  const { credentials = { kind: 'none' }, tls } = how;
  const broker = makeNatsBroker({
    servers: [url],
    credentials,
    tls,
    stream: defaultStream,
    writer: 'relay-a',
    timeoutMs: 2_000,
  });
  const session = await broker.connect();
  if (E.isLeft(session)) return JSON.stringify(session.left);
  const ready = await session.right.ensureStream();
  await session.right.close();
  return ready._tag;
};

describe('TLS', () => {
  it('is spoken with a server whose certificate is trusted, and with no other', async () => {
    const server = await tlsServer();
    const url = server.url.replace('nats:', 'tls:');
    const ca = readFileSync(certificate, 'utf8');
    expect(await outcome(url, { tls: { ca } })).toBe('Right');
    expect(await outcome(url, { tls: {} })).toMatch('self-signed certificate');
  });

  it('is not given up for a server that does not offer it', async () => {
    const server = await started('');
    expect(await outcome(server.url, { tls: {} })).toMatch('BrokerUnavailable');
    expect(await outcome(server.url, {})).toBe('Right');
  });
});

describe('credentials', () => {
  it('open a guarded server when they are right, and are in no error when they are not', async () => {
    const server = await started(
      `authorization { users: [ { nkey: ${user.getPublicKey()} }, { user: relay, password: hunter2 } ] }`,
    );
    const password = (word: string): NatsCredentials => ({
      kind: 'user',
      user: 'relay',
      password: word,
    });
    expect(await outcome(server.url, { credentials: password('hunter2') })).toBe('Right');
    expect(await outcome(server.url, { credentials: { kind: 'nkey', seed } })).toBe('Right');
    const strange = new TextDecoder().decode(nkeys.createUser().getSeed());
    for (const [credentials, secret] of [
      [password('CANARY'), 'CANARY'],
      [{ kind: 'nkey', seed: strange }, strange],
      [{ kind: 'creds', content: 'CANARY' }, 'CANARY'],
      [{ kind: 'token', token: 'CANARY' }, 'CANARY'],
    ] as const) {
      const said = await outcome(server.url, { credentials });
      expect(said).toMatch('BrokerUnavailable');
      expect(said).not.toMatch(secret);
    }
  });
});
