import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerReadableStream,
} from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { bytesOf } from './append-size.js';
import { serveBatchAppend } from './batch-append.js';
import type { Deletes } from './deletes.js';
import { toStored } from './event-form.js';
import {
  type Failure,
  invalidArgument,
  isServiceError,
  thrownFailure,
  toServiceError,
  writeFailureStatus,
} from './failures.js';
import { makeOutlet, type Outlet } from './outlet.js';
import { readAll, readStream } from './reads.js';
import { type Service, serviceDefinition } from './service.js';
import { type SubscriptionDeps, subscribeToAll, subscribeToStream } from './subscriptions.js';
import {
  type ProposedEvent,
  readAppendRequest,
  readDeleteRequest,
  type Target,
} from './wire/append-request.js';
import {
  appendedResponse,
  deletedResponse,
  wrongRevisionResponse,
} from './wire/append-response.js';
import { readReadRequest } from './wire/read-request.js';
import { appendTooLarge, type WriteFailure } from './write-failure.js';
import type { WriteAnswer, Writes } from './writes.js';

export type StreamsDeps = SubscriptionDeps &
  Readonly<{
    writes: Writes;
    deletes: Deletes;
    appendBytesMax: number;
    /** Aborts when the server closes. */
    closing: AbortSignal;
  }>;

const serveRead = async (
  deps: StreamsDeps,
  outlet: Outlet,
  message: Buffer,
): Promise<Failure | undefined> => {
  const request = readReadRequest(message);
  const { target, count } = request;
  if (target.kind === 'all') {
    const asked = { request, from: target.from };
    return count === undefined ? subscribeToAll(deps, outlet, asked) : readAll(deps, outlet, asked);
  }
  const asked = { request, stream: target.stream, from: target.from };
  return count === undefined
    ? subscribeToStream(deps, outlet, asked)
    : readStream(deps, outlet, asked);
};

/** Runs a call to its end: its failure, expected or not, becomes a status and never a crash. */
export const runCall = async (
  outlet: Outlet,
  serve: () => Promise<Failure | undefined>,
): Promise<void> => {
  try {
    const failure = await serve();
    if (failure === undefined) outlet.end();
    else outlet.fail(failure);
  } catch (thrown) {
    outlet.fail(thrownFailure(thrown));
  }
};

const makeDelete =
  (write: (target: Target) => WriteAnswer<number>): handleUnaryCall<Buffer, Buffer> =>
  (call, callback) => {
    const serve = async (): Promise<Buffer> => {
      const target = readDeleteRequest(call.request);
      const answer = await write(target);
      if (E.isRight(answer)) return deletedResponse(answer.right);
      throw toServiceError(writeFailureStatus(answer.left, target.expected));
    };
    answerWith(serve(), callback);
  };

/** What a handler throws is a status when it says so, and a bug otherwise. */
export const answerWith = <A>(answer: Promise<A>, callback: sendUnaryData<A>): void => {
  answer.then(
    (message) => callback(null, message),
    (thrown: unknown) =>
      callback(isServiceError(thrown) ? thrown : toServiceError(thrownFailure(thrown))),
  );
};

type Gathered = Readonly<{ target: Target; events: readonly ProposedEvent[]; bytes: number }>;

/** The older append sends its options and then its events, one message each. */
const gather = async (
  call: ServerReadableStream<Buffer, Buffer>,
  bytesMax: number,
): Promise<Gathered> => {
  let target: Target | undefined;
  let events: ProposedEvent[] = [];
  let bytes = 0;
  for await (const message of call) {
    const part = readAppendRequest(message as Buffer);
    if (part.kind === 'options') {
      target ??= part.target;
      continue;
    }
    bytes += bytesOf(part.event);
    // Counted on, so that the answer comes when the client has said everything; kept no longer.
    if (bytes > bytesMax) events = [];
    else events.push(part.event);
  }
  if (target === undefined) throw toServiceError(invalidArgument('The append has no options.'));
  return { target, events, bytes };
};

const appendAnswer = (target: Target, failure: WriteFailure): Buffer => {
  if (failure._tag === 'WrongExpectedRevision') {
    return wrongRevisionResponse(failure.actual, target.expected);
  }
  throw toServiceError(writeFailureStatus(failure, target.expected));
};

const makeAppend =
  (deps: StreamsDeps): handleClientStreamingCall<Buffer, Buffer> =>
  (call, callback) => {
    const serve = async (): Promise<Buffer> => {
      const { target, events, bytes } = await gather(call, deps.appendBytesMax);
      if (bytes > deps.appendBytesMax) {
        return appendAnswer(target, appendTooLarge(deps.appendBytesMax));
      }
      const answer = await deps.writes.append(target, events.map(toStored));
      return E.isRight(answer) ? appendedResponse(answer.right) : appendAnswer(target, answer.left);
    };
    answerWith(serve(), callback);
  };

const makeRead =
  (deps: StreamsDeps): handleServerStreamingCall<Buffer, Buffer> =>
  (call) => {
    const outlet = makeOutlet(call, deps.closing);
    void runCall(outlet, () => serveRead(deps, outlet, call.request));
  };

const makeBatchAppend =
  (deps: StreamsDeps): handleBidiStreamingCall<Buffer, Buffer> =>
  (call) =>
    serveBatchAppend(deps, makeOutlet(call, deps.closing), call);

const definition = serviceDefinition('event_store.client.streams.Streams', {
  Read: { response: true },
  Append: { request: true },
  Delete: {},
  Tombstone: {},
  BatchAppend: { request: true, response: true },
});

/** `event_store.client.streams.Streams`. */
export const makeStreamsService = (deps: StreamsDeps): Service => ({
  definition,
  implementation: {
    Read: makeRead(deps),
    Append: makeAppend(deps),
    Delete: makeDelete(deps.deletes.softDelete),
    Tombstone: makeDelete(deps.deletes.tombstone),
    BatchAppend: makeBatchAppend(deps),
  },
});
