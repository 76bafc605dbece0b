import * as E from 'fp-ts/lib/Either.js';
import {
  connect,
  type ConnectionOptions,
  credsAuthenticator,
  type JetStreamManager,
  type NatsConnection,
  nkeyAuthenticator,
} from 'nats';
import { publishedStoredTypes } from '../contracts/registry.js';
import { messageOf } from '../message-of.js';
import type {
  Broker,
  BrokerFailure,
  BrokerSession,
  SettingDifference,
  StreamSettings,
} from '../relay/broker.js';
import { isNotFound, toFailure } from './failure.js';
import { makeSession } from './session.js';
import { differencesOf, streamConfig } from './stream-config.js';

export type NatsCredentials =
  | Readonly<{ kind: 'none' }>
  /** Content of a `.creds` file. */
  | Readonly<{ kind: 'creds'; content: string }>
  /** Seed of a user's nkey. */
  | Readonly<{ kind: 'nkey'; seed: string }>
  | Readonly<{ kind: 'token'; token: string }>
  | Readonly<{ kind: 'user'; user: string; password: string }>;

/** PEM texts. Given, even empty, TLS is asked for: a server without it is refused before anything is said to it. */
export type NatsTls = Readonly<{ ca?: string; cert?: string; key?: string }>;

export type NatsBrokerOptions = Readonly<{
  /** `nats://host:4222`, or several of one cluster. */
  servers: readonly string[];
  credentials: NatsCredentials;
  /** Default: TLS where the server offers it. */
  tls?: NatsTls | undefined;
  stream: StreamSettings;
  /** Name of this writer: stands in every message, so that two relays can tell each other apart. */
  writer: string;
  /** How many stored types are published: stands in every message. Default: as many as this version does. */
  vocabulary?: number;
  /** How long an answer may take. Default 5 s. */
  timeoutMs?: number;
}>;

/** The simplified consumers that `verify` reads with are there from here on. */
const OLDEST = [2, 9, 4] as const;

const isOlder = (version: string): boolean => {
  const numbers = version.split(/[.-]/).slice(0, 3).map(Number);
  for (const [place, oldest] of OLDEST.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== oldest) return number < oldest;
  }
  return false;
};

const credentialsOf = (credentials: NatsCredentials): ConnectionOptions => {
  switch (credentials.kind) {
    case 'none':
      return {};
    case 'creds':
      return { authenticator: credsAuthenticator(new TextEncoder().encode(credentials.content)) };
    case 'nkey':
      return { authenticator: nkeyAuthenticator(new TextEncoder().encode(credentials.seed)) };
    case 'token':
      return { token: credentials.token };
    case 'user':
      return { user: credentials.user, pass: credentials.password };
  }
};

type Differences = readonly SettingDifference[] | undefined;

const findDifferences = async (
  manager: JetStreamManager,
  settings: StreamSettings,
): Promise<E.Either<BrokerFailure, Differences>> => {
  try {
    const { config } = await manager.streams.info(settings.name);
    return E.right(differencesOf(streamConfig(settings), config));
  } catch (error) {
    return isNotFound(error) ? E.right(undefined) : E.left(toFailure(error, settings.name));
  }
};

const ensureStream = async (
  manager: JetStreamManager,
  settings: StreamSettings,
): Promise<E.Either<BrokerFailure, void>> => {
  const found = await findDifferences(manager, settings);
  if (E.isLeft(found)) return found;
  if (found.right !== undefined)
    return found.right.length === 0
      ? E.right(undefined)
      : E.left({ _tag: 'StreamMismatch', stream: settings.name, differences: found.right });
  try {
    await manager.streams.add(streamConfig(settings));
    return E.right(undefined);
  } catch (error) {
    return E.left(toFailure(error, settings.name));
  }
};

const sessionOn = async (
  connection: NatsConnection,
  options: NatsBrokerOptions,
  timeout: number,
): Promise<E.Either<BrokerFailure, BrokerSession>> => {
  const version = connection.info?.version ?? '0';
  if (isOlder(version)) return E.left({ _tag: 'ServerTooOld', version, needed: OLDEST.join('.') });
  const { vocabulary = publishedStoredTypes.length } = options;
  const manager = await connection.jetstreamManager({ timeout });
  return E.right({
    ...makeSession({ ...options, connection, manager, timeout, vocabulary }),
    serverVersion: version,
    differences: () => findDifferences(manager, options.stream),
    ensureStream: () => ensureStream(manager, options.stream),
  });
};

/** NATS JetStream as the relay's broker. Nothing but this folder knows the client. */
export const makeNatsBroker = (options: NatsBrokerOptions): Broker => ({
  connect: async () => {
    const timeout = options.timeoutMs ?? 5_000;
    let connection: NatsConnection | undefined;
    try {
      connection = await connect({
        servers: [...options.servers],
        name: `daybook-${options.writer}`,
        // The relay must know of every break: what was under way is settled before it goes on.
        reconnect: false,
        timeout,
        noAsyncTraces: true,
        ignoreClusterUpdates: true,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
        ...credentialsOf(options.credentials),
      });
      const session = await sessionOn(connection, options, timeout);
      if (E.isLeft(session)) await connection.close();
      return session;
    } catch (error) {
      await connection?.close();
      return E.left({ _tag: 'BrokerUnavailable', message: messageOf(error) });
    }
  },
});
