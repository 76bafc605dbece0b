import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { appendMessages, type AppendRequest } from './append-request.js';
import type { Closing } from './closing.js';
import type { BatchAppendCall, Connection } from './connection.js';
import { makeOutage, type Outage, type RetryPolicy } from './retry.js';
import { CLOSED, NoAnswer, type StoreFailure, toStoreFailure } from './store-error.js';
import { type AppendSuccess, readAppendAnswer } from './wire/append-response.js';

export type AppendOutcome =
  | Readonly<{ kind: 'written'; written: AppendSuccess }>
  | Readonly<{ kind: 'failed'; failure: StoreFailure }>;

export type AppendQueueParts = Readonly<{
  connection: Connection;
  closing: Closing;
  retry: RetryPolicy;
  /** Longest time without an answer to the oldest append, milliseconds. */
  answerTimeoutMs: number;
  /** Epoch milliseconds. */
  clock: () => number;
}>;

export type AppendQueue = Readonly<{ append: (request: AppendRequest) => Promise<AppendOutcome> }>;

type Pending = {
  readonly messages: readonly Buffer[];
  readonly settle: (outcome: AppendOutcome) => void;
  sentAt: number;
};

const failed = (failure: StoreFailure): AppendOutcome => ({ kind: 'failed', failure });

const closedFailure: StoreFailure = { kind: 'unavailable', again: false, error: CLOSED };

/** What failed is rare: the client's own classes read it, and make its errors of it. */
const failureIn = (response: Buffer): AppendOutcome => {
  const error = streams.BatchAppendResp.deserializeBinary(response).getError();
  if (error?.getDetails() === undefined) return failed(toStoreFailure(new Error('no details')));
  return failed(toStoreFailure(unpackToCommandError(error, '')));
};

type Queue = {
  readonly parts: AppendQueueParts;
  /** Unanswered appends by number, the oldest first. */
  readonly pending: Map<number, Pending>;
  call: BatchAppendCall | undefined;
  state: 'idle' | 'opening' | 'open' | 'waiting';
  issued: number;
  /** Since the last answer. */
  readonly outage: Outage;
  /** Of the watch over the oldest append, or of the next attempt. */
  timer: NodeJS.Timeout | undefined;
};

const isAgain = (failure: StoreFailure): boolean => failure.kind === 'unavailable' && failure.again;

const settleAll = (queue: Queue, failure: StoreFailure): void => {
  const unanswered = [...queue.pending.values()];
  queue.pending.clear();
  for (const { settle } of unanswered) settle(failed(failure));
};

const drop = (queue: Queue): void => {
  const dropped = queue.call;
  queue.call = undefined;
  queue.state = 'idle';
  clearTimeout(queue.timer);
  dropped?.cancel();
};

/** The outcome of everything unanswered is unknown: all of it is sent again, or all of it fails. */
const breakOff = (queue: Queue, failure: StoreFailure): void => {
  drop(queue);
  const delayMs = queue.outage.afterFailure();
  if (queue.parts.closing.isClosed()) settleAll(queue, closedFailure);
  if (!isAgain(failure) || delayMs === undefined) settleAll(queue, failure);
  if (queue.pending.size === 0) {
    queue.outage.over();
    return;
  }
  queue.state = 'waiting';
  queue.timer = setTimeout(() => void open(queue), delayMs);
};

/** The protocol has no timer of its own for an append: a server that never answers would never be noticed. */
const watch = (queue: Queue): void => {
  const { answerTimeoutMs, clock } = queue.parts;
  clearTimeout(queue.timer);
  const [oldest] = queue.pending.values();
  if (oldest === undefined) return;
  const look = (): void => {
    const [first] = queue.pending.values();
    const isLate = first !== undefined && first.sentAt + answerTimeoutMs <= clock();
    if (isLate) {
      queue.parts.connection.renew();
      breakOff(queue, toStoreFailure(new NoAnswer('The event store did not answer in time.')));
    } else watch(queue);
  };
  queue.timer = setTimeout(look, Math.max(1, oldest.sentAt + answerTimeoutMs - clock()));
};

const onAnswer = (queue: Queue, response: Buffer): void => {
  const { correlation, success } = readAppendAnswer(response);
  const found = correlation === undefined ? undefined : queue.pending.get(correlation);
  // An answer that comes late, or twice. In the client it is an unhandled rejection.
  if (correlation === undefined || found === undefined) return;
  const outcome: AppendOutcome =
    success === undefined ? failureIn(response) : { kind: 'written', written: success };
  if (outcome.kind === 'failed' && isAgain(outcome.failure)) {
    breakOff(queue, outcome.failure);
    return;
  }
  queue.outage.over();
  queue.pending.delete(correlation);
  if (queue.pending.size === 0) clearTimeout(queue.timer);
  found.settle(outcome);
};

/** Bytes that are no answer leave the outcome of every append unknown. */
const answer = (queue: Queue, response: Buffer): void => {
  try {
    onAnswer(queue, response);
  } catch {
    breakOff(queue, toStoreFailure(new Error('no answer')));
  }
};

const send = (queue: Queue, entry: Pending): void => {
  entry.sentAt = queue.parts.clock();
  // What the socket does not take now is kept by the call, and bounded by those who wait for their answers.
  for (const message of entry.messages) queue.call?.write(message);
};

const listen = (queue: Queue, call: BatchAppendCall): void => {
  const ifCurrent = (act: () => void): void => {
    if (queue.call === call) act();
  };
  // The listener stays when the call is dropped: an error without one ends the process.
  call.on('error', (error) => ifCurrent(() => breakOff(queue, toStoreFailure(error))));
  call.on('end', () => ifCurrent(() => breakOff(queue, toStoreFailure(new Error('ended')))));
  call.on('data', (response: Buffer) => ifCurrent(() => answer(queue, response)));
};

const open = async (queue: Queue): Promise<void> => {
  queue.state = 'opening';
  try {
    const call = await queue.parts.connection.batchAppend({ requiresLeader: true });
    listen(queue, call);
    if (queue.parts.closing.isClosed()) {
      call.cancel();
      return;
    }
    queue.call = call;
    queue.state = 'open';
    for (const entry of queue.pending.values()) send(queue, entry);
    watch(queue);
  } catch (error) {
    breakOff(queue, toStoreFailure(error));
  }
};

const enqueue = (queue: Queue, request: AppendRequest): Promise<AppendOutcome> =>
  new Promise((settle) => {
    queue.issued += 1;
    const correlation = queue.issued;
    const messages = appendMessages(request, correlation);
    const entry: Pending = { messages, settle, sentAt: queue.parts.clock() };
    queue.pending.set(correlation, entry);
    if (queue.state === 'idle') void open(queue);
    if (queue.state !== 'open') return;
    send(queue, entry);
    if (queue.pending.size === 1) watch(queue);
  });

/**
 * Appends over one long call, many in flight, each answered by its number.
 *
 * Whenever the outcome of an append is unknown (the call broke, the server stopped, no answer came in time, it
 * says that it timed out) the call is dropped and everything unanswered is sent again, identically and **in
 * the order in which it was issued**; what had been written answers as it would have the first time. So the
 * appends of one queue are never written in another order than they were issued, across reconnects too.
 * When that has lasted too long all of them fail, for the same reason.
 */
export const makeAppendQueue = (parts: AppendQueueParts): AppendQueue => {
  const queue: Queue = {
    parts,
    pending: new Map(),
    call: undefined,
    state: 'idle',
    issued: 0,
    outage: makeOutage(parts.retry),
    timer: undefined,
  };
  parts.closing.onClose(() => {
    drop(queue);
    settleAll(queue, closedFailure);
  });
  return {
    append: (request) =>
      parts.closing.isClosed() ? Promise.resolve(failed(closedFailure)) : enqueue(queue, request),
  };
};
