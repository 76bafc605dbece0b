import { type BrokerFailure, mismatchInWords } from './broker.js';

/** Why the relay does not go on by itself: somebody must look. It still looks again, now and then. */
export type Blocked =
  | Extract<BrokerFailure, { _tag: 'StreamMismatch' | 'ServerTooOld' }>
  /** The last message was removed and nothing says which event it carried. */
  | Readonly<{ _tag: 'TailUnknown'; lastSequence: number }>
  /** The last message is not one of a relay. */
  | Readonly<{ _tag: 'ForeignTail'; sequence: number }>
  /** The stream holds more than the log: the log was put back to an older state. */
  | Readonly<{ _tag: 'AheadOfLog'; position: number; head: number }>
  /** The stream holds the events of another log. */
  | Readonly<{ _tag: 'OtherLog'; position: number }>
  | Readonly<{ _tag: 'CorruptLog'; message: string }>;

/** What the relay is doing. Instants are epoch milliseconds. */
export type RelayState =
  | Readonly<{ _tag: 'Connecting'; since: number }>
  | Readonly<{ _tag: 'Publishing'; since: number }>
  /** It tries again; commands and everything else go on meanwhile. */
  | Readonly<{ _tag: 'Waiting'; since: number; attempts: number; reason: string }>
  /** Another relay writes the stream; this one watches, and takes over when that one stops. */
  | Readonly<{ _tag: 'StandingBack'; since: number; writer: string }>
  | Readonly<{ _tag: 'Blocked'; since: number; blocked: Blocked }>
  | Readonly<{ _tag: 'Stopped'; since: number }>;

export type RelayHealth = Readonly<{
  state: RelayState;
  serverVersion: string | undefined;
  /** Position up to which everything that is published is in the stream; undefined before the first answer. */
  position: number | undefined;
}>;

/** Counters since the relay started, and where it is now. */
export type RelayMetrics = Readonly<{
  published: number;
  inFlight: number;
  /** How often the tail was read again after a failure. */
  resyncs: number;
  /** Of those, in a row, without a message stored between: an alarm when it grows. */
  resyncsWithoutProgress: number;
  unpublishable: number;
  /** Events of the log behind the head, at most: those that are not published count until they are passed. */
  lagEvents: number | undefined;
  /** Age of the oldest event that waits, seconds; 0 when none does. */
  lagSeconds: number | undefined;
}>;

/** Fit for a person who has to do something about it. */
export const blockedInWords = (blocked: Blocked): string => {
  switch (blocked._tag) {
    case 'StreamMismatch':
      return mismatchInWords(blocked);
    case 'ServerTooOld':
      return `The server is version ${blocked.version}; ${blocked.needed} or newer is needed.`;
    case 'TailUnknown':
      return `The last message of the stream (${blocked.lastSequence}) is gone and nothing says which event it carried. Say after which position to go on, or fill another stream.`;
    case 'ForeignTail':
      return `Message ${blocked.sequence} of the stream was not written by a relay. Nobody else may publish into it.`;
    case 'AheadOfLog':
      return `The stream holds the event at position ${blocked.position} and the log ends at ${blocked.head}: the log was put back. Fill another stream.`;
    case 'OtherLog':
      return `The event at position ${blocked.position} of the log is not the one in the stream: they do not belong together.`;
    case 'CorruptLog':
      return `The log cannot be read: ${blocked.message}`;
  }
};
