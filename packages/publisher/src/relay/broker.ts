import type { Either } from 'fp-ts/lib/Either.js';

/**
 * What the relay needs of a broker; the only way by which it reaches one. The stream is written by the relay alone,
 * and every write is fenced: it names the sequence that it expects to follow.
 */
export type Broker = Readonly<{
  /** A session of its own; it never reconnects by itself, so that nobody writes behind the relay's back. */
  connect: () => Promise<Either<BrokerFailure, BrokerSession>>;
}>;

export type BrokerSession = Readonly<{
  serverVersion: string;
  /** How many stored types this relay publishes: stands in every message. It only grows from version to version. */
  vocabulary: number;
  /** Aborted when the connection has ended, whoever ended it. */
  closed: AbortSignal;
  /** What of the stream's settings is not as wanted; undefined when there is no stream. Changes nothing. */
  differences: () => Promise<Either<BrokerFailure, readonly SettingDifference[] | undefined>>;
  /** Makes the stream when it is missing, and compares its settings when it is there. */
  ensureStream: () => Promise<Either<BrokerFailure, void>>;
  stream: () => Promise<Either<BrokerFailure, StreamFacts>>;
  tail: () => Promise<Either<BrokerFailure, Tail>>;
  /** Stores the message as `expectedLast + 1`, or not at all. Many may be under way at once. */
  publish: (message: OutboundMessage, expectedLast: number) => Promise<Either<BrokerFailure, void>>;
  /** Messages from a sequence up to the last one that is there now, in order, by page. */
  read: (fromSequence: number) => AsyncIterable<Either<BrokerFailure, readonly InboundMessage[]>>;
  /** Remembers beside the stream how far it reaches, for when retention has taken its last message. */
  saveMark: (mark: Mark) => Promise<Either<BrokerFailure, void>>;
  loadMark: () => Promise<Either<BrokerFailure, Mark | undefined>>;
  close: () => Promise<void>;
}>;

export type OutboundMessage = Readonly<{
  /** Position of the event in the log: the message's id. */
  position: number;
  company: string;
  /** `<context>.<event>`, the end of the subject. */
  name: string;
  /** The CloudEvent. */
  body: string;
}>;

export type InboundMessage = Readonly<{
  sequence: number;
  subject: string;
  /** `Nats-Msg-Id`; empty when it has none. */
  id: string;
  body: string;
}>;

/** The end of the stream. `last` is absent when the stream is empty or its last message was removed. */
export type Tail = Readonly<{
  lastSequence: number;
  last: LastMessage | undefined;
}>;

/** With who wrote it; a vocabulary of 0 is one that was not told. */
export type LastMessage = InboundMessage & Readonly<{ writer: string; vocabulary: number }>;

/** The message with this sequence carried the event at this position. */
export type Mark = Readonly<{ sequence: number; position: number }>;

export type StreamFacts = Readonly<{
  name: string;
  messages: number;
  bytes: number;
  firstSequence: number;
  lastSequence: number;
  consumers: number;
}>;

export type StreamSettings = Readonly<{
  /** Default `DAYBOOK`. */
  name: string;
  /** First token of every subject. Two streams of one account need different ones. Default `daybook`. */
  subjectPrefix: string;
  /** Copies in a cluster, 1 to 5. Default 1. */
  replicas: number;
  /** Older messages are removed; 0 keeps them. Default 0. */
  maxAgeMs: number;
  /** The oldest messages are removed above it; -1 is no limit. Default -1. */
  maxBytes: number;
  /** How long the server remembers message ids. The fence does not need it. Default two minutes. */
  duplicateWindowMs: number;
}>;

export const defaultStream: StreamSettings = {
  name: 'DAYBOOK',
  subjectPrefix: 'daybook',
  replicas: 1,
  maxAgeMs: 0,
  maxBytes: -1,
  duplicateWindowMs: 120_000,
};

export type SettingDifference = Readonly<{ setting: string; wanted: string; found: string }>;

export type BrokerFailure = BrokerUnavailable | FenceBroken | StreamMismatch | ServerTooOld;

/** Not reachable, not answering in time, or not able to store now. Trying again later may help. */
export type BrokerUnavailable = Readonly<{ _tag: 'BrokerUnavailable'; message: string }>;
/** Somebody else has written, or an acknowledgement was lost: read the tail again. */
export type FenceBroken = Readonly<{ _tag: 'FenceBroken'; message: string }>;
/** The stream exists with other settings. Nothing is changed: somebody must decide which are right. */
export type StreamMismatch = Readonly<{
  _tag: 'StreamMismatch';
  stream: string;
  differences: readonly SettingDifference[];
}>;
export type ServerTooOld = Readonly<{ _tag: 'ServerTooOld'; version: string; needed: string }>;

/** What is different, and both ways to mend it; the relay itself changes no stream that is there. */
export const mismatchInWords = ({ stream, differences }: StreamMismatch): string => {
  const told = differences
    .map(({ setting, wanted, found }) => `${setting} is ${found}, wanted ${wanted}`)
    .join('; ');
  return `Stream ${stream} has other settings: ${told}. Either configure what the stream has, or let its operator change it; the events in it stay. The relay changes neither.`;
};

/** Fit for a log line or a person. */
export const failureInWords = (failure: BrokerFailure): string => {
  switch (failure._tag) {
    case 'BrokerUnavailable':
      return `The broker cannot be used: ${failure.message}`;
    case 'FenceBroken':
      return `Somebody else wrote to the stream: ${failure.message}`;
    case 'StreamMismatch':
      return mismatchInWords(failure);
    case 'ServerTooOld':
      return `The broker is version ${failure.version}; ${failure.needed} or newer is needed.`;
  }
};
