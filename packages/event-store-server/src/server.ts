import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { EventStore } from '@daybook/event-store';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { authenticationOf, type Credentials } from './authentication.js';
import { makeDeletes } from './deletes.js';
import { makeFeaturesService, makeGossipService } from './node-services.js';
import { makePersistentService } from './persistent/service.js';
import { makeStreamStates } from './stream-states.js';
import type { Service } from './service.js';
import { makeStreamsService } from './streams-service.js';
import { makeTail } from './tail.js';
import { guardWrites, type MayWrite } from './write-guard.js';
import { makeWrites } from './writes.js';

export type EventStoreServerOptions = Readonly<{
  /** Stays open when the server closes: who opened it closes it. */
  store: EventStore;
  /** A name or address to listen on. Beyond loopback it needs `tls` and `credentials`. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** PEM texts. */
  tls?: Readonly<{ certificate: string; privateKey: string }>;
  /** Who may call; everybody when absent. */
  credentials?: readonly Credentials[];
  /**
   * Which streams clients may append to, describe and delete. Default: all. Groups are kept in streams of their own,
   * which the server writes whatever this says.
   */
  mayWrite?: MayWrite;
  /** Listens beyond loopback without `tls` or `credentials` all the same. */
  allowInsecure?: boolean;
  /** The host that clients which ask for the nodes are told. Default: `host`. */
  advertisedHost?: string;
  /** Epoch milliseconds. Default: the system's. */
  clock?: () => number;
  /** How often a connection is asked whether its other end lives, and how long it may take. Default 10 s. */
  keepaliveMs?: number;
  /** Most bytes in one append: data, custom metadata and twice the type of its events. Default 1 MiB. */
  appendBytesMax?: number;
}>;

export type ListenProblem = Readonly<{ message: string }> &
  (
    | Readonly<{ _tag: 'InsecureHost'; host: string }>
    | Readonly<{ _tag: 'AddressUnusable'; host: string; port: number }>
    | Readonly<{ _tag: 'CertificateUnusable' }>
  );

export type EventStoreServer = Readonly<{
  host: string;
  port: number;
  /** Ends every call with CANCELLED and frees the port; the store stays open. */
  close: () => Promise<void>;
}>;

const MIB = 1024 * 1024;
const APPEND_BYTES_MAX = MIB;
/** Clients pack up to 3 MiB and one event into a message. */
const MESSAGE_BYTES = 17 * MIB;
const KEEPALIVE_MS = 10_000;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const insecureHost = (options: EventStoreServerOptions): ListenProblem | undefined => {
  const { host, tls, credentials = [], allowInsecure = false } = options;
  const isGuarded = tls !== undefined && credentials.length > 0;
  if (isLoopback(host) || isGuarded || allowInsecure) return undefined;
  return {
    _tag: 'InsecureHost',
    host,
    message: `${host} is reachable from other machines: it needs a certificate and credentials.`,
  };
};

const credentialsOf = ({
  tls,
}: EventStoreServerOptions): E.Either<ListenProblem, ServerCredentials> => {
  if (tls === undefined) return E.right(ServerCredentials.createInsecure());
  try {
    const pair = {
      cert_chain: Buffer.from(tls.certificate),
      private_key: Buffer.from(tls.privateKey),
    };
    // gRPC looks at them only when somebody connects.
    createSecureContext({ cert: pair.cert_chain, key: pair.private_key });
    return E.right(ServerCredentials.createSsl(null, [pair]));
  } catch {
    return E.left({
      _tag: 'CertificateUnusable',
      message: 'The certificate and its private key are not usable.',
    });
  }
};

type Running = Readonly<{ services: readonly Service[]; stop: () => void }>;

const all: MayWrite = () => true;

const makeServices = (options: EventStoreServerOptions, port: () => number): Running => {
  const { store, clock = Date.now, appendBytesMax = APPEND_BYTES_MAX } = options;
  const closing = new AbortController();
  // Every call listens: as many as there are is no leak.
  setMaxListeners(0, closing.signal);
  const states = makeStreamStates(store);
  const tail = makeTail(store);
  const writes = makeWrites(store, states);
  const deletes = makeDeletes({ store, states, writes });
  const host = options.advertisedHost ?? options.host;
  const address = (): Readonly<{ host: string; port: number }> => ({ host, port: port() });
  const signal = closing.signal;
  const deps = { store, states, tail, writes, deletes, clock, appendBytesMax, closing: signal };
  const served = [
    makeGossipService({ nodeId: randomUUID(), address, clock }),
    makeStreamsService({ ...deps, ...guardWrites({ writes, deletes }, options.mayWrite ?? all) }),
    makePersistentService(deps),
  ];
  return {
    services: [...served, makeFeaturesService(served)],
    stop: () => {
      closing.abort();
      states.close();
      tail.close();
    },
  };
};

const makeServer = ({
  appendBytesMax = APPEND_BYTES_MAX,
  credentials = [],
  keepaliveMs = KEEPALIVE_MS,
}: EventStoreServerOptions): Server =>
  new Server({
    interceptors: [...authenticationOf(credentials)],
    'grpc.max_receive_message_length': Math.max(MESSAGE_BYTES, appendBytesMax + MIB),
    'grpc.max_send_message_length': -1,
    // A connection whose other end is gone is noticed and its calls are freed.
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveMs,
  });

const bind = (
  server: Server,
  { host, port }: EventStoreServerOptions,
  credentials: ServerCredentials,
): Promise<E.Either<ListenProblem, number>> =>
  new Promise((resolve) => {
    const address = isIP(host) === 6 ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
    server.bindAsync(address, credentials, (error, bound) => {
      if (error === null) resolve(E.right(bound));
      else {
        const message = `Port ${String(port)} of ${host} cannot be listened on.`;
        resolve(E.left({ _tag: 'AddressUnusable', host, port, message }));
      }
    });
  });

/** Serves a store over the EventStoreDB protocol until it is closed. */
export const startEventStoreServer =
  (options: EventStoreServerOptions): TaskEither<ListenProblem, EventStoreServer> =>
  async () => {
    const problem = insecureHost(options);
    if (problem !== undefined) return E.left(problem);
    const credentials = credentialsOf(options);
    if (E.isLeft(credentials)) return credentials;
    const server = makeServer(options);
    let port = options.port;
    const { services, stop } = makeServices(options, () => port);
    for (const { definition, implementation } of services) {
      server.addService(definition, implementation);
    }
    const bound = await bind(server, options, credentials.right);
    if (E.isLeft(bound)) {
      stop();
      server.forceShutdown();
      return bound;
    }
    port = bound.right;
    const close = (): Promise<void> => {
      stop();
      server.forceShutdown();
      return Promise.resolve();
    };
    return E.right({ host: options.host, port, close });
  };
