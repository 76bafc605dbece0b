import type { ConnectionOptions } from 'nats';
import { credsAuthenticator } from 'nats';

export type Credentials =
  | Readonly<{ kind: 'none' }>
  /** Content of a `.creds` file. */
  | Readonly<{ kind: 'creds'; content: string }>
  | Readonly<{ kind: 'token'; token: string }>
  | Readonly<{ kind: 'user'; user: string; password: string }>;

/** Where the broker is, and what things are called there. */
export type Place = Readonly<{
  /** `nats://host:4222`, or several of one cluster. */
  servers: readonly string[];
  /** Default: none. */
  credentials?: Credentials;
  /** Default `DAYBOOK`. */
  stream?: string;
  /** Name of the durable consumer, and of the subscriber in its checkpoint: letters, digits, `-`, `_`. */
  durable: string;
  /** First token of the subjects that parked messages get. Default `daybook-parked`. */
  parkedPrefix?: string;
  /** How long an answer of the broker may take, milliseconds. Default 5 s. */
  timeoutMs?: number;
}>;

export type PlaceInFull = Required<Place>;

const DURABLE = /^[A-Za-z0-9_-]{1,64}$/;

/** Throws when a name cannot be one: a wildcard in it would reach what belongs to others. */
export const inFull = (place: Place): PlaceInFull => {
  if (!DURABLE.test(place.durable))
    throw new TypeError('A durable is named by 1 to 64 letters, digits, “-” or “_”.');
  return {
    credentials: { kind: 'none' },
    stream: 'DAYBOOK',
    parkedPrefix: 'daybook-parked',
    timeoutMs: 5_000,
    ...place,
  };
};

/** Inboxes of a subscriber have a prefix of their own, so that it may listen to nobody else’s answers. */
export const inboxOf = (durable: string): string => `_INBOX_${durable}`;

const credentialsOf = (credentials: Credentials): ConnectionOptions => {
  switch (credentials.kind) {
    case 'none':
      return {};
    case 'creds':
      return { authenticator: credsAuthenticator(new TextEncoder().encode(credentials.content)) };
    case 'token':
      return { token: credentials.token };
    case 'user':
      return { user: credentials.user, pass: credentials.password };
  }
};

export const connectionOptions = (place: PlaceInFull): ConnectionOptions => ({
  servers: [...place.servers],
  name: `daybook-subscriber-${place.durable}`,
  inboxPrefix: inboxOf(place.durable),
  // What was handed out over a connection that broke is redelivered; only a new session sees to its order.
  reconnect: false,
  timeout: place.timeoutMs,
  noAsyncTraces: true,
  ignoreClusterUpdates: true,
  ...credentialsOf(place.credentials),
});

/** One of a kind for each message, so that none is parked twice however often that is tried. */
export const parkedSubject = (
  place: Pick<PlaceInFull, 'parkedPrefix' | 'durable'>,
  message: Readonly<{ subject: string; sequence: number }>,
): string => `${place.parkedPrefix}.${place.durable}.${message.subject}.${message.sequence}`;
