/**
 * Appends of many writers over one call: their parts may arrive interleaved, their answers leave in any order.
 * What is in flight is bounded: beyond it the call is not read until answers have gone out.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { bytesOf } from './append-size.js';
import { toStored } from './event-form.js';
import { type Failure, invalidArgument, thrownFailure } from './failures.js';
import type { Outlet } from './outlet.js';
import {
  type BatchAppendRequest,
  type Deadline,
  type ProposedEvent,
  readBatchAppendRequest,
  type Target,
} from './wire/append-request.js';
import { batchAppendedResponse, batchFailedResponse } from './wire/append-response.js';
import { appendTooLarge, malformedAppend, timedOut, type WriteFailure } from './write-failure.js';
import type { Writes } from './writes.js';

export type BatchAppendDeps = Readonly<{
  writes: Writes;
  /** Epoch milliseconds. */
  clock: () => number;
  appendBytesMax: number;
}>;

/** An append of which not all parts have come. `events` is empty once it is too large. */
type Open = {
  readonly correlation: Buffer;
  readonly target: Target;
  readonly deadline: number | undefined;
  events: ProposedEvent[];
  bytes: number;
};

const OPEN_APPENDS_MAX = 1_024;
const IN_FLIGHT_MAX = 4_096;

const instantOf = (deadline: Deadline | undefined, now: number): number | undefined => {
  if (deadline === undefined) return undefined;
  return 'at' in deadline ? deadline.at : now + deadline.within;
};

const gather = (open: Open, events: readonly ProposedEvent[], bytesMax: number): void => {
  for (const event of events) open.bytes += bytesOf(event);
  if (open.bytes > bytesMax) open.events = [];
  else for (const event of events) open.events.push(event);
};

type Answer = E.Either<WriteFailure, Parameters<typeof batchAppendedResponse>[1]>;

/** Resolves with the answer, or with a time-out when that comes first. */
const beforeDeadline = (
  answer: Promise<Answer>,
  deadline: number | undefined,
  now: number,
): Promise<Answer> => {
  if (deadline === undefined || !Number.isFinite(deadline)) return answer;
  return new Promise((resolve, reject) => {
    const leftMs = Math.min(Math.max(0, deadline - now), 0x7fffffff);
    const timer = setTimeout(() => resolve(E.left(timedOut)), leftMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
};

const write = (deps: BatchAppendDeps, open: Open): Promise<Answer> => {
  const { target, deadline } = open;
  const now = deps.clock();
  if (open.bytes > deps.appendBytesMax) {
    return Promise.resolve(E.left(appendTooLarge(deps.appendBytesMax)));
  }
  if (deadline !== undefined && deadline <= now) return Promise.resolve(E.left(timedOut));
  const events = open.events.map(toStored);
  if (new Set(events.map(({ id }) => id)).size < events.length) {
    return Promise.resolve(E.left(malformedAppend('Two events of the append have the same id.')));
  }
  return beforeDeadline(deps.writes.append(target, events), deadline, now);
};

type BatchCall = Readonly<{
  take: (request: BatchAppendRequest) => Failure | undefined;
  end: () => void;
}>;

const makeBatchCall = (
  deps: BatchAppendDeps,
  outlet: Outlet,
  call: ServerDuplexStream<Buffer, Buffer>,
): BatchCall => {
  const opened = new Map<string, Open>();
  let inFlight = 0;
  let isEnding = false;
  let isWaiting = false;

  const settle = (): void => {
    inFlight -= 1;
    if (isEnding && inFlight === 0) outlet.end();
    else if (!isWaiting && inFlight < IN_FLIGHT_MAX / 2) call.resume();
  };

  const answer = (message: Buffer): void => {
    const waiting = outlet.send(message);
    if (waiting === undefined || isWaiting) return;
    isWaiting = true;
    call.pause();
    void waiting.then(() => {
      isWaiting = false;
      if (inFlight < IN_FLIGHT_MAX) call.resume();
    });
  };

  const finish = async (open: Open): Promise<void> => {
    inFlight += 1;
    if (inFlight >= IN_FLIGHT_MAX) call.pause();
    const written = await write(deps, open);
    answer(
      E.isRight(written)
        ? batchAppendedResponse(open, written.right)
        : batchFailedResponse(open, written.left),
    );
    settle();
  };

  const openOf = (key: string, request: BatchAppendRequest): Open | undefined => {
    const known = opened.get(key);
    if (known !== undefined || request.options === undefined) return known;
    const { stream, expected, deadline } = request.options;
    const open: Open = {
      correlation: request.correlation,
      target: { stream, expected },
      deadline: instantOf(deadline, deps.clock()),
      events: [],
      bytes: 0,
    };
    return open;
  };

  return {
    take: (request) => {
      const key = request.correlation.toString('latin1');
      const open = openOf(key, request);
      if (open === undefined) return invalidArgument('An append begins without options.');
      gather(open, request.events, deps.appendBytesMax);
      if (!request.isFinal) {
        opened.set(key, open);
        return opened.size > OPEN_APPENDS_MAX
          ? invalidArgument('Too many appends are open at once.')
          : undefined;
      }
      opened.delete(key);
      finish(open).catch((thrown: unknown) => outlet.fail(thrownFailure(thrown)));
      return undefined;
    },
    end: () => {
      isEnding = true;
      if (inFlight === 0) outlet.end();
    },
  };
};

export const serveBatchAppend = (
  deps: BatchAppendDeps,
  outlet: Outlet,
  call: ServerDuplexStream<Buffer, Buffer>,
): void => {
  const batch = makeBatchCall(deps, outlet, call);
  call.on('data', (message: Buffer) => {
    if (outlet.signal.aborted) return;
    try {
      const failure = batch.take(readBatchAppendRequest(message));
      if (failure !== undefined) outlet.fail(failure);
    } catch (thrown) {
      outlet.fail(thrownFailure(thrown));
    }
  });
  call.on('end', () => batch.end());
};
