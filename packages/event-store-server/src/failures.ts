/** Statuses and the ASCII trailers from which clients make their errors. */
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { ReadError } from '@daybook/event-store';
import { MissingMetadata, type Expectation } from './wire/append-request.js';
import { MalformedMessage } from './wire/protobuf.js';
import type { WriteFailure } from './write-failure.js';

export type Failure = Readonly<{
  code: status;
  details: string;
  /** Trailers by key; values are made printable. */
  trailers?: Readonly<Record<string, string>>;
}>;

const TRAILER_MAX = 1_024;

/** Trailers are printable ASCII: other characters are percent-encoded, and a very long name is cut. */
const printable = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    )
    .slice(0, TRAILER_MAX);

export const toServiceError = ({ code, details, trailers = {} }: Failure): ServiceError => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, printable(value));
  return Object.assign(new Error(details), { code, details, metadata });
};

export const isServiceError = (thrown: unknown): thrown is ServiceError =>
  thrown instanceof Error && 'code' in thrown && 'metadata' in thrown;

export const invalidArgument = (details: string): Failure => ({
  code: status.INVALID_ARGUMENT,
  details,
});

export const unavailable = (details: string): Failure => ({ code: status.UNAVAILABLE, details });

export const streamDeleted = (stream: string): Failure => ({
  code: status.FAILED_PRECONDITION,
  details: 'The stream is deleted.',
  trailers: { exception: 'stream-deleted', 'stream-name': stream },
});

export const readFailure = (error: ReadError): Failure => {
  switch (error._tag) {
    case 'StoreUnavailable':
      return unavailable(`The store is unavailable: ${error.reason}.`);
    case 'CorruptStore':
      return { code: status.DATA_LOSS, details: 'The store is damaged.' };
  }
};

const expectedVersion = (expected: Expectation): string => {
  if (typeof expected === 'number') return String(expected);
  return { 'no-stream': '-1', any: '-2', 'stream-exists': '-4' }[expected];
};

/** A failed write as a status; batches carry it in their answer instead. */
export const writeFailureStatus = (failure: WriteFailure, expected: Expectation): Failure => {
  const details = failure.message;
  switch (failure._tag) {
    case 'WrongExpectedRevision':
      return {
        code: status.FAILED_PRECONDITION,
        details,
        trailers: {
          exception: 'wrong-expected-version',
          'stream-name': failure.stream,
          'expected-version': expectedVersion(expected),
          ...(failure.actual === undefined ? {} : { 'actual-version': String(failure.actual) }),
        },
      };
    case 'StreamIsDeleted':
      return streamDeleted(failure.stream);
    case 'AccessDenied':
      return {
        code: status.PERMISSION_DENIED,
        details,
        trailers: { exception: 'access-denied' },
      };
    case 'AppendTooLarge':
      return {
        code: status.INVALID_ARGUMENT,
        details,
        trailers: {
          exception: 'maximum-append-size-exceeded',
          'maximum-append-size': String(failure.bytesMax),
        },
      };
    case 'MalformedAppend':
      return invalidArgument(details);
    case 'TimedOut':
      return { code: status.DEADLINE_EXCEEDED, details };
    case 'StoreFailed':
      return unavailable(failure.isBusy ? 'Server Is Too Busy' : details);
  }
};

/** A request that could not be decoded; anything else that is thrown is a bug, told as such without detail. */
export const thrownFailure = (thrown: unknown): Failure => {
  if (thrown instanceof MalformedMessage) return invalidArgument(thrown.message);
  if (thrown instanceof MissingMetadata) {
    return {
      ...invalidArgument(thrown.message),
      trailers: {
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      },
    };
  }
  return { code: status.INTERNAL, details: 'The server failed.' };
};
