import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { type ConnectionSettings, readConnectionString } from '../src/connection-settings.js';

const nodesOf = (text: string): ConnectionSettings['nodes'] | string => {
  const answer = readConnectionString(text);
  return E.isLeft(answer) ? answer.left.reason : answer.right.nodes;
};

describe('a connection string', () => {
  it('names one node, several of a cluster, or the name under which they are found', () => {
    expect(nodesOf('esdb://one.test')).toStrictEqual({
      endpoint: { address: 'one.test', port: 2113 },
    });
    expect(nodesOf('esdb://one.test:1,two.test:2?nodePreference=leader')).toStrictEqual({
      nodePreference: 'leader',
      endpoints: [
        { address: 'one.test', port: 1 },
        { address: 'two.test', port: 2 },
      ],
    });
    expect(
      nodesOf('esdb+discover://cluster.test?maxDiscoverAttempts=3&keepAliveInterval=20000'),
    ).toStrictEqual({
      keepAliveInterval: 20_000,
      maxDiscoverAttempts: 3,
      discover: { address: 'cluster.test', port: 2113 },
    });
  });

  it('means TLS unless it says otherwise, with the certificates of the files that it names', () => {
    const file = join(tmpdir(), `daybook-ca-${String(process.pid)}.pem`);
    writeFileSync(file, 'CERTIFICATE');
    const secure = readConnectionString(
      `esdb://ada:s%40crt%3A1@one.test?tlsCAFile=${encodeURIComponent(file)}`,
    );
    expect(secure).toStrictEqual(
      E.right({
        nodes: { endpoint: { address: 'one.test', port: 2113 } },
        security: { insecure: false, rootCertificate: Buffer.from('CERTIFICATE') },
        credentials: { username: 'ada', password: 's@crt:1' },
      }),
    );
    const open = readConnectionString('esdb://one.test?tls=false');
    expect(E.isRight(open) && open.right.security).toStrictEqual({ insecure: true });
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['is of another scheme', 'http://one.test', 'unreadable'],
    ['names no host', 'esdb://', 'unreadable'],
    [
      'has credentials without TLS',
      'esdb://ada:secret@one.test?tls=false',
      'credentials-without-tls',
    ],
    [
      'has an option that nobody knows',
      'esdb://ada:secret@one.test?tlsVerify=false',
      'unknown-option',
    ],
    ['asks for TLS without verification', 'esdb://one.test?tlsVerifyCert=false', 'unknown-option'],
    ['has a colon in its password', 'esdb://ada:sec:ret@one.test', 'unreadable'],
    ['has an at sign in its password', 'esdb://ada:sec@ret@one.test', 'unreadable'],
    ['has half an escape in its password', 'esdb://ada:secret%@one.test', 'unreadable'],
    ['names a key without its certificate', 'esdb://one.test?userKeyFile=key.pem', 'unreadable'],
    [
      'names a file that is not there',
      'esdb://one.test?tlsCAFile=/nowhere/ca.pem',
      'unreadable-file',
    ],
    ['has a port that is no number', 'esdb://one.test:http', 'unreadable'],
  ];
  it.each(refused)('is refused when it %s, without being repeated', (_name, text, reason) => {
    const answer = readConnectionString(text);
    expect(E.isLeft(answer) && answer.left.reason).toBe(reason);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});
