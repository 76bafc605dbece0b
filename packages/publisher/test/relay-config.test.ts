import * as E from 'fp-ts/lib/Either.js';
import {
  configProblemsInWords,
  defaultRelaySettings,
  defaultStream,
  relayConfigFrom,
} from '../src/index.js';

// Goal: what is configured arrives, and what is not as it must be is told, all at once, without what was written.

const files = new Map([
  ['/ca.pem', 'CA\n'],
  ['/password', 'hunter2\n'],
  ['/creds', 'CREDS'],
  ['/seed', 'SUSEED\n'],
  ['/relay.json', JSON.stringify({ servers: 'nats://a:4222', replicas: 3, maxAge: '90d' })],
  ['/other.json', JSON.stringify({ servres: 'nats://a:4222' })],
]);

const configOf = (environment: Record<string, string>) =>
  relayConfigFrom(environment, (path) => {
    const content = files.get(path);
    if (content === undefined) throw new Error('ENOENT');
    return content;
  });

const URL = { DAYBOOK_NATS_URL: 'nats://127.0.0.1:4222' };

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  const config = configOf(environment);
  return E.isLeft(config) ? config.left.map(({ variable }) => variable) : [];
};

describe('the configuration of the relay', () => {
  it('needs an address only; everything else has its default', () => {
    expect(configOf(URL)).toStrictEqual(
      E.right({
        servers: ['nats://127.0.0.1:4222'],
        tls: undefined,
        credentials: { kind: 'none' },
        stream: defaultStream,
        settings: defaultRelaySettings,
      }),
    );
  });

  it('takes every setting', () => {
    expect(
      configOf({
        DAYBOOK_NATS_URL: 'tls://a.example:4222, tls://b.example',
        DAYBOOK_NATS_CA_FILE: '/ca.pem',
        DAYBOOK_NATS_USER: 'relay',
        DAYBOOK_NATS_PASSWORD_FILE: '/password',
        DAYBOOK_RELAY_STREAM: 'DAYBOOK_2',
        DAYBOOK_RELAY_SUBJECTS: 'support.daybook',
        DAYBOOK_RELAY_REPLICAS: '3',
        DAYBOOK_RELAY_MAX_AGE: '30d',
        DAYBOOK_RELAY_MAX_BYTES: '20GiB',
        DAYBOOK_RELAY_DEDUPE_WINDOW: '45s',
        DAYBOOK_RELAY_WINDOW: '64',
        DAYBOOK_RELAY_RETRY_MAX: '50ms',
      }),
    ).toStrictEqual(
      E.right({
        servers: ['tls://a.example:4222', 'tls://b.example'],
        tls: { ca: 'CA' },
        credentials: { kind: 'user', user: 'relay', password: 'hunter2' },
        stream: {
          name: 'DAYBOOK_2',
          subjectPrefix: 'support.daybook',
          replicas: 3,
          maxAgeMs: 2_592_000_000,
          maxBytes: 21_474_836_480,
          duplicateWindowMs: 45_000,
        },
        settings: { ...defaultRelaySettings, window: 64, backoffMs: { first: 50, longest: 50 } },
      }),
    );
  });

  it.each([
    [{ DAYBOOK_NATS_CREDS: '/creds' }, { kind: 'creds', content: 'CREDS' }],
    [{ DAYBOOK_NATS_NKEY_FILE: '/seed' }, { kind: 'nkey', seed: 'SUSEED' }],
    [{ DAYBOOK_NATS_TOKEN_FILE: '/password' }, { kind: 'token', token: 'hunter2' }],
  ])('reads the credentials that %j names', (named, credentials) => {
    expect(configOf({ ...URL, ...named })).toMatchObject({ right: { credentials } });
  });

  it('reads a JSON file, and lets a variable come before it', () => {
    expect(
      configOf({ DAYBOOK_RELAY_CONFIG: '/relay.json', DAYBOOK_RELAY_REPLICAS: '5' }),
    ).toMatchObject({
      right: {
        servers: ['nats://a:4222'],
        stream: { replicas: 5, maxAgeMs: 7_776_000_000 },
      },
    });
  });

  it.each([
    ['DAYBOOK_NATS_URL', 'http://a'],
    ['DAYBOOK_NATS_URL', 'nats://me:secret@a:4222'],
    ['DAYBOOK_NATS_URL', 'nats://a:4222,b'],
    ['DAYBOOK_NATS_CREDS', '/missing'],
    ['DAYBOOK_NATS_CA_FILE', '/missing'],
    ['DAYBOOK_RELAY_CONFIG', '/missing'],
    ['DAYBOOK_RELAY_CONFIG', '/other.json'],
    ['DAYBOOK_RELAY_CONFIG', '/creds'],
    ['DAYBOOK_RELAY_STREAM', 'day.book'],
    ['DAYBOOK_RELAY_SUBJECTS', 'day.>'],
    ['DAYBOOK_RELAY_SUBJECTS', '$JS'],
    ['DAYBOOK_RELAY_REPLICAS', '0'],
    ['DAYBOOK_RELAY_REPLICAS', '6'],
    ['DAYBOOK_RELAY_MAX_AGE', '30'],
    ['DAYBOOK_RELAY_MAX_BYTES', '-1'],
    ['DAYBOOK_RELAY_MAX_BYTES', '20GB'],
    ['DAYBOOK_RELAY_DEDUPE_WINDOW', 'long'],
    ['DAYBOOK_RELAY_WINDOW', '2048'],
  ])('does not take %s=%s', (variable, value) => {
    expect(problemsOf({ ...URL, [variable]: value })).toStrictEqual([variable]);
  });

  it.each([
    [{ DAYBOOK_NATS_USER: 'relay' }, ['DAYBOOK_NATS_PASSWORD_FILE']],
    [{ DAYBOOK_NATS_PASSWORD_FILE: '/password' }, ['DAYBOOK_NATS_USER']],
    [{ DAYBOOK_NATS_CERT_FILE: '/ca.pem' }, ['DAYBOOK_NATS_KEY_FILE']],
    [
      { DAYBOOK_NATS_CREDS: '/creds', DAYBOOK_NATS_TOKEN_FILE: '/seed' },
      ['DAYBOOK_NATS_TOKEN_FILE'],
    ],
    [{ DAYBOOK_RELAY_MAX_AGE: '1m' }, ['DAYBOOK_RELAY_DEDUPE_WINDOW']],
  ])('does not take what does not go together: %j', (given, variables) => {
    expect(problemsOf({ ...URL, ...given })).toStrictEqual(variables);
  });

  it('tells every problem at once, by expected form and example, and never what was written', () => {
    const config = configOf({ DAYBOOK_RELAY_REPLICAS: 'secret', DAYBOOK_RELAY_MAX_AGE: 'secret' });
    const told = configProblemsInWords(E.isLeft(config) ? config.left : []);
    expect(told).toBe(
      'DAYBOOK_NATS_URL: nats:// or tls:// addresses of one cluster, separated by commas, without user and password; such as tls://nats-1.example:4222,tls://nats-2.example:4222\n' +
        'DAYBOOK_RELAY_REPLICAS: a whole number from 1 to 5, no more than the cluster has servers; such as 3\n' +
        'DAYBOOK_RELAY_MAX_AGE: how long messages are kept: a number with ms, s, m, h or d; 0 keeps them; such as 90d',
    );
  });
});
