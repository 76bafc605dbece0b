import { status } from '@grpc/grpc-js';
import type { WriteFailure, Written } from '../write-failure.js';
import type { Expectation, Target } from './append-request.js';
import { bytesField, messageField, numberField } from './protobuf.js';
import { positionMessage, streamIdentifier } from './read-response.js';

const empty = Buffer.alloc(0);

/** The expected revision as an oneof whose first member has the number `first`. */
const expectation = (expected: Expectation, numbers: readonly [number, number, number, number]) => {
  const [revision, noStream, any, exists] = numbers;
  if (typeof expected === 'number') return numberField(revision, expected);
  switch (expected) {
    case 'no-stream':
      return bytesField(noStream, empty);
    case 'any':
      return bytesField(any, empty);
    case 'stream-exists':
      return bytesField(exists, empty);
  }
};

const currentRevision = (
  revision: number | undefined,
  numbers: readonly [number, number],
): Buffer =>
  revision === undefined ? bytesField(numbers[1], empty) : numberField(numbers[0], revision);

const optionalPosition = (
  position: number | undefined,
  numbers: readonly [number, number],
): Buffer =>
  position === undefined
    ? bytesField(numbers[1], empty)
    : bytesField(numbers[0], positionMessage(position));

const written = ({ revision, position }: Written, at: readonly [number, number]): Buffer =>
  Buffer.concat([currentRevision(revision, [1, 2]), optionalPosition(position, at)]);

/** `AppendResp` of a success. */
export const appendedResponse = (answer: Written): Buffer => bytesField(1, written(answer, [3, 4]));

/** `AppendResp` of a revision that is not the one expected: there it is an answer, not an error. */
export const wrongRevisionResponse = (actual: number | undefined, expected: Expectation): Buffer =>
  messageField(2, currentRevision(actual, [6, 7]), expectation(expected, [8, 11, 9, 10]));

/** `DeleteResp` and `TombstoneResp`. */
export const deletedResponse = (position: number | undefined): Buffer =>
  optionalPosition(position, [1, 2]);

type Detail = Readonly<{ code: status; name: string; body: Buffer }>;

const detailOf = (failure: WriteFailure, expected: Expectation): Detail => {
  switch (failure._tag) {
    case 'WrongExpectedRevision':
      return {
        code: status.ALREADY_EXISTS,
        name: 'WrongExpectedVersion',
        body: Buffer.concat([
          currentRevision(failure.actual, [1, 2]),
          expectation(expected, [3, 6, 4, 5]),
        ]),
      };
    case 'StreamIsDeleted':
      return {
        code: status.NOT_FOUND,
        name: 'StreamDeleted',
        body: bytesField(1, streamIdentifier(failure.stream)),
      };
    case 'AccessDenied':
      return { code: status.PERMISSION_DENIED, name: 'AccessDenied', body: empty };
    case 'AppendTooLarge':
      return {
        code: status.INVALID_ARGUMENT,
        name: 'MaximumAppendSizeExceeded',
        body: numberField(1, failure.bytesMax),
      };
    case 'MalformedAppend':
      return {
        code: status.INVALID_ARGUMENT,
        name: 'BadRequest',
        body: bytesField(1, failure.message),
      };
    case 'TimedOut':
      return { code: status.DEADLINE_EXCEEDED, name: 'Timeout', body: empty };
    case 'StoreFailed':
      return { code: status.UNKNOWN, name: 'Unknown', body: empty };
  }
};

/** Who asked: the id to answer under and what was expected of which stream. */
export type BatchReference = Readonly<{ correlation: Buffer; target: Target }>;

const batchResponse = ({ correlation, target }: BatchReference, outcome: Buffer): Buffer =>
  Buffer.concat([
    bytesField(1, correlation),
    outcome,
    bytesField(4, streamIdentifier(target.stream)),
    expectation(target.expected, [5, 6, 7, 8]),
  ]);

/** `BatchAppendResp` of a success. */
export const batchAppendedResponse = (reference: BatchReference, answer: Written): Buffer =>
  batchResponse(reference, bytesField(3, written(answer, [3, 4])));

/** `BatchAppendResp` of a failure: a `google.rpc.Status` with one detail. */
export const batchFailedResponse = (reference: BatchReference, failure: WriteFailure): Buffer => {
  const { code, name, body } = detailOf(failure, reference.target.expected);
  const detail = messageField(
    3,
    bytesField(1, `type.googleapis.com/event_store.client.${name}`),
    bytesField(2, body),
  );
  return batchResponse(
    reference,
    messageField(2, numberField(1, code), bytesField(2, failure.message), detail),
  );
};
