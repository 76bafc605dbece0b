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
/** Bytes that the unfinished appends of one call may hold together, beside the largest one. */
const OPEN_BYTES_MAX = 32 * 1024 * 1024;
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

/** Holds the call back while too much is in flight or its reader is slow. */
type Pace = Readonly<{
  began: () => void;
  /** Sends the answer of what began. */
  answered: (message: Buffer) => void;
  /** The client has said everything: the call ends with its last answer. */
  end: () => void;
}>;

const makePace = (outlet: Outlet, call: ServerDuplexStream<Buffer, Buffer>): Pace => {
  let inFlight = 0;
  let isEnding = false;
  let isWaiting = false;
  const goOn = (): void => {
    if (isEnding && inFlight === 0) outlet.end();
    else if (!isWaiting && inFlight < IN_FLIGHT_MAX) call.resume();
  };
  return {
    began: () => {
      inFlight += 1;
      if (inFlight >= IN_FLIGHT_MAX) call.pause();
    },
    answered: (message) => {
      inFlight -= 1;
      const waiting = outlet.send(message);
      if (waiting !== undefined && !isWaiting) {
        isWaiting = true;
        call.pause();
        void waiting.then(() => {
          isWaiting = false;
          goOn();
        });
      }
      goOn();
    },
    end: () => {
      isEnding = true;
      goOn();
    },
  };
};

type OpenAppends = Readonly<{
  /** The append that the request belongs to, with its events; a failure when there is none. */
  take: (request: BatchAppendRequest) => E.Either<Failure, Open>;
}>;

const makeOpenAppends = ({ clock, appendBytesMax }: BatchAppendDeps): OpenAppends => {
  const opened = new Map<string, Open>();

  const isTooMuch = (): boolean => {
    if (opened.size > OPEN_APPENDS_MAX) return true;
    let held = 0;
    for (const { events, bytes } of opened.values()) held += events.length === 0 ? 0 : bytes;
    return held > OPEN_BYTES_MAX + appendBytesMax;
  };

  const begin = ({ correlation, options }: BatchAppendRequest): Open | undefined => {
    if (options === undefined) return undefined;
    const { stream, expected } = options;
    const deadline = instantOf(options.deadline, clock());
    return { correlation, target: { stream, expected }, deadline, events: [], bytes: 0 };
  };

  return {
    take: (request) => {
      const key = request.correlation.toString('latin1');
      const open = opened.get(key) ?? begin(request);
      if (open === undefined) return E.left(invalidArgument('An append begins without options.'));
      gather(open, request.events, appendBytesMax);
      if (request.isFinal) opened.delete(key);
      else opened.set(key, open);
      return isTooMuch()
        ? E.left(invalidArgument('Too many appends are open at once.'))
        : E.right(open);
    },
  };
};

const answerOf = (open: Open, answer: Answer): Buffer =>
  E.isRight(answer)
    ? batchAppendedResponse(open, answer.right)
    : batchFailedResponse(open, answer.left);

export const serveBatchAppend = (
  deps: BatchAppendDeps,
  outlet: Outlet,
  call: ServerDuplexStream<Buffer, Buffer>,
): void => {
  const pace = makePace(outlet, call);
  const appends = makeOpenAppends(deps);

  const fail = (thrown: unknown): void => outlet.fail(thrownFailure(thrown));

  const take = (message: Buffer): void => {
    const request = readBatchAppendRequest(message);
    const taken = appends.take(request);
    if (E.isLeft(taken)) outlet.fail(taken.left);
    else if (request.isFinal) {
      pace.began();
      write(deps, taken.right).then((answer) => pace.answered(answerOf(taken.right, answer)), fail);
    }
  };

  call.on('data', (message: Buffer) => {
    if (outlet.signal.aborted) return;
    try {
      take(message);
    } catch (thrown) {
      fail(thrown);
    }
  });
  call.on('end', () => pace.end());
};
