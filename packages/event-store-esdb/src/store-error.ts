import {
  AccessDeniedError,
  convertToCommandError,
  DeadlineExceededError,
  InvalidTransactionError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type {
  AppendRejected,
  CorruptStore,
  ReadError,
  Revision,
  StoreUnavailable,
} from '@daybook/event-store';

/** The log holds what the port cannot say, for example a position above 2^53 - 1. */
export class UnreadableLog extends Error {
  override readonly name = 'UnreadableLog';
}

/** No answer within the time set for one. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What the client's error means here, in the port's words. */
export type StoreFailure =
  | Readonly<{ kind: 'conflict'; actual: Revision | 'no-stream' }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'rejected'; error: AppendRejected }>
  | Readonly<{ kind: 'corrupt'; error: CorruptStore }>
  /** `again`: the outcome is unknown, or it was refused for now; the identical call may succeed. */
  | Readonly<{ kind: 'unavailable'; again: boolean; error: StoreUnavailable }>;

export const CLOSED: StoreUnavailable = {
  _tag: 'StoreUnavailable',
  reason: 'closed',
  message: 'The event store is closed.',
};

const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;
const UNAUTHENTICATED = 16;

const unavailable = (
  reason: StoreUnavailable['reason'],
  message: string,
  again: boolean,
): StoreFailure => ({
  kind: 'unavailable',
  again,
  error: { _tag: 'StoreUnavailable', reason, message },
});

const rejected = (message: string): StoreFailure => ({
  kind: 'rejected',
  error: { _tag: 'AppendRejected', message },
});

const corrupt = (message: string): StoreFailure => ({
  kind: 'corrupt',
  error: { _tag: 'CorruptStore', message },
});

/**
 * The status of an error that has one. The client's defect: the first failure after a server's death is a raw
 * error of the transport and none of its classes, so that the class alone does not tell.
 */
const codeOf = (error: Error): number | undefined => {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
};

/** The call's own time was up before the server had said everything. */
export const isOutOfTime = (thrown: unknown): boolean =>
  thrown instanceof Error && codeOf(thrown) === DEADLINE_EXCEEDED;

const ofCode = (error: Error): StoreFailure => {
  switch (codeOf(error)) {
    case UNAUTHENTICATED:
    case PERMISSION_DENIED:
      return unavailable('read-only', 'The event store denies access.', false);
    case UNIMPLEMENTED:
      return unavailable('io', 'The event store is older than this adapter supports.', false);
    case INVALID_ARGUMENT:
    case FAILED_PRECONDITION:
      return corrupt(
        'The event store refuses the request: a position or stream is not of this log.',
      );
    case RESOURCE_EXHAUSTED:
      return corrupt('An event of the log is larger than the 17 MiB that the client takes.');
    default:
      // UNAVAILABLE, CANCELLED, ABORTED, UNKNOWN, INTERNAL, and errors of sockets and discovery.
      return unavailable('io', 'The event store cannot be reached, or broke off.', true);
  }
};

const ofClass = (error: Error): StoreFailure | undefined => {
  if (error instanceof StreamNotFoundError) return { kind: 'not-found' };
  if (error instanceof StreamDeletedError) {
    return corrupt('A stream was deleted in the event store for good, which Daybook never does.');
  }
  if (error instanceof AccessDeniedError) {
    return unavailable('read-only', 'The event store denies access.', false);
  }
  if (error instanceof NotLeaderError) {
    return unavailable('busy', 'The node of the event store does not lead its cluster.', true);
  }
  if (error instanceof TimeoutError || error instanceof DeadlineExceededError) {
    return unavailable('busy', 'The event store did not finish in time.', true);
  }
  return undefined;
};

const ofAppend = (error: Error): StoreFailure | undefined => {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    const isNumber = typeof actualVersion === 'bigint' && actualVersion >= 0n;
    return { kind: 'conflict', actual: isNumber ? Number(actualVersion) : 'no-stream' };
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return rejected(
      `The append exceeds the ${String(error.maxAppendSize)} bytes that the store takes.`,
    );
  }
  if (
    error instanceof RequiredMetadataPropertyMissingError ||
    error instanceof InvalidTransactionError
  ) {
    return rejected('The event store takes the append for malformed.');
  }
  return undefined;
};

/** The only place where errors of the client and of its transport become the port's. */
export const toStoreFailure = (thrown: unknown): StoreFailure => {
  if (thrown instanceof UnreadableLog) return corrupt(thrown.message);
  if (thrown instanceof NoAnswer) return unavailable('busy', thrown.message, true);
  if (!(thrown instanceof Error)) return unavailable('io', 'The client failed.', true);
  const error = convertToCommandError(thrown);
  return ofClass(error) ?? ofAppend(error) ?? ofCode(thrown);
};

/** A failure as a reader sees it; what only an append can meet would be a defect of the server. */
export const toReadError = (failure: StoreFailure): ReadError => {
  switch (failure.kind) {
    case 'corrupt':
    case 'unavailable':
      return failure.error;
    case 'conflict':
    case 'rejected':
    case 'not-found':
      return { _tag: 'CorruptStore', message: 'The event store answered a read as an append.' };
  }
};
