import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { NoAnswer, type StoreFailure, toStoreFailure } from '../src/store-error.js';

/** As grpc-js throws it, without trailers. */
const status = (code: number): Error => Object.assign(new Error('status'), { code, details: '' });

const summary = (failure: StoreFailure): string => {
  switch (failure.kind) {
    case 'conflict':
      return `conflict at ${String(failure.actual)}`;
    case 'not-found':
    case 'rejected':
    case 'corrupt':
      return failure.kind;
    case 'unavailable':
      return `${failure.error.reason}, ${failure.again ? 'again' : 'final'}`;
  }
};

const errors: readonly (readonly [string, unknown, string])[] = [
  ['a status UNAVAILABLE', status(14), 'io, again'],
  ['a status CANCELLED', status(1), 'io, again'],
  ['a status ABORTED', status(10), 'busy, again'],
  ['a status DEADLINE_EXCEEDED', status(4), 'busy, again'],
  ['a status UNKNOWN', status(2), 'io, again'],
  ['a status INTERNAL', status(13), 'io, again'],
  ['a status UNAUTHENTICATED', status(16), 'read-only, final'],
  ['a status PERMISSION_DENIED', status(7), 'read-only, final'],
  ['a status UNIMPLEMENTED', status(12), 'io, final'],
  ['a status INVALID_ARGUMENT', status(3), 'corrupt'],
  ['a status RESOURCE_EXHAUSTED', status(8), 'corrupt'],
  ['an error of a socket', new Error('ECONNRESET'), 'io, again'],
  ['something that is no error', undefined, 'io, again'],
  ['no answer in time', new NoAnswer('silence'), 'busy, again'],
  ['an UnavailableError', new UnavailableError(), 'io, again'],
  ['a CancelledError', new CancelledError(), 'io, again'],
  ['a DeadlineExceededError', new DeadlineExceededError(), 'busy, again'],
  ['an AccessDeniedError', new AccessDeniedError(), 'read-only, final'],
  ['a StreamDeletedError', StreamDeletedError.fromStreamName('note-1'), 'corrupt'],
  ['a MaxAppendSizeExceededError', new MaxAppendSizeExceededError(undefined, 10), 'rejected'],
  [
    'a WrongExpectedVersionError',
    WrongExpectedVersionError.prototype instanceof Error &&
      Object.assign(Object.create(WrongExpectedVersionError.prototype) as Error, {
        actualVersion: 7n,
      }),
    'conflict at 7',
  ],
  [
    'a WrongExpectedVersionError of a stream that is not there',
    Object.assign(Object.create(WrongExpectedVersionError.prototype) as Error, {
      actualVersion: 'no_stream',
    }),
    'conflict at no-stream',
  ],
  ['a NotLeaderError', Object.create(NotLeaderError.prototype), 'busy, again'],
];

describe('an error of the client', () => {
  it.each(errors)('%s becomes what the port calls it', (_name, error, expected) => {
    expect(summary(toStoreFailure(error))).toBe(expected);
  });
});
