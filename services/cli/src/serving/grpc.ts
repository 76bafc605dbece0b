import { startEventStoreServer, type EventStoreServerOptions } from '@daybook/event-store-server';
import { categories } from '@daybook/domain/kernel';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { dataProblem, usage, type Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

/**
 * What clients of the gRPC server may write: nothing; streams that are not Daybook's; or everything, which
 * the other nodes of a cluster need. Whoever may write everything may write what no rule has decided.
 */
export const grpcWrites = ['none', 'others', 'all'] as const;
export type GrpcWrites = (typeof grpcWrites)[number];

export type GrpcOptions = Readonly<{
  host: string;
  port: number;
  writes: GrpcWrites;
  /** PEM files; both or neither. */
  certificate: string | null;
  key: string | null;
  /** File with a `name:password` on each line: who may connect. */
  users: string | null;
  /** The name that clients which look for the nodes are told. */
  advertise: string | null;
}>;

const DAYBOOKS: ReadonlySet<string> = new Set(categories);

/** The streams that Daybook decides by its rules, and those of the store itself. */
const isOurs = (stream: string): boolean =>
  stream.startsWith('$') || DAYBOOKS.has(stream.split('-', 1)[0] ?? '');

const mayWrite = (writes: GrpcWrites): ((stream: string) => boolean) => {
  if (writes === 'all') return () => true;
  return (stream) => writes === 'others' && !isOurs(stream);
};

type Read<A> = E.Either<Failure, A>;

const textOf = (file: string, flag: string): Read<string> => {
  try {
    return E.right(readFileSync(file, 'utf8'));
  } catch {
    return E.left(usage(`The file that ${flag} names cannot be read.`));
  }
};

const tlsOf = ({ certificate, key }: GrpcOptions): Read<Pick<EventStoreServerOptions, 'tls'>> => {
  if (certificate === null && key === null) return E.right({});
  if (certificate === null || key === null)
    return E.left(usage('--grpc-certificate and --grpc-key are given together.'));
  const pem = textOf(certificate, '--grpc-certificate');
  if (E.isLeft(pem)) return pem;
  const privateKey = textOf(key, '--grpc-key');
  if (E.isLeft(privateKey)) return privateKey;
  return E.right({ tls: { certificate: pem.right, privateKey: privateKey.right } });
};

const usersOf = ({
  users,
  certificate,
}: GrpcOptions): Read<Pick<EventStoreServerOptions, 'credentials'>> => {
  if (users === null) return E.right({});
  if (certificate === null)
    return E.left(
      usage('Passwords are sent over TLS only: give --grpc-certificate and --grpc-key, too.'),
    );
  const text = textOf(users, '--grpc-users');
  if (E.isLeft(text)) return text;
  const lines = text.right.split('\n').filter((line) => line.trim() !== '');
  const credentials = lines.map((line) => {
    const colon = line.indexOf(':');
    return { username: line.slice(0, colon), password: line.slice(colon + 1) };
  });
  return lines.length > 0 && lines.every((line) => line.indexOf(':') > 0)
    ? E.right({ credentials })
    : E.left(usage('The file of --grpc-users holds a name:password on each line.'));
};

export type Grpc = Readonly<{ part: Part; address: string }>;

/** Serves the embedded log to clients of EventStoreDB; on loopback, unless it has a certificate and users. */
export const startGrpc = async (
  store: EventStore,
  options: GrpcOptions,
): Promise<E.Either<Failure, Grpc>> => {
  const { host, port, writes, advertise } = options;
  const tls = tlsOf(options);
  if (E.isLeft(tls)) return tls;
  const users = usersOf(options);
  if (E.isLeft(users)) return users;
  const started = await startEventStoreServer({
    store,
    host,
    port,
    mayWrite: mayWrite(writes),
    ...tls.right,
    ...users.right,
    ...(advertise === null ? {} : { advertisedHost: advertise }),
  })();
  if (E.isLeft(started)) {
    const { _tag, message } = started.left;
    const remedy = {
      InsecureHost: 'Give --grpc-certificate, --grpc-key and --grpc-users, or listen on loopback.',
      AddressUnusable: 'Name another with --grpc and --grpc-host.',
      CertificateUnusable: 'See --grpc-certificate and --grpc-key.',
    }[_tag];
    return E.left(dataProblem(`${message} ${remedy}`));
  }
  const { right: server } = started;
  const name = advertise ?? (server.host.includes(':') ? `[${server.host}]` : server.host);
  const isPlain = tls.right.tls === undefined;
  const address = `esdb://${name}:${server.port}${isPlain ? '?tls=false' : ''}`;
  return E.right({ part: lasting('grpc', server.close), address });
};
