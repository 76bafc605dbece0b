/**
 * What a call sends, at the pace of its reader. gRPC takes any number of messages into memory: this one asks
 * its writer to wait as soon as the transport does, and ends the wait when the call is over.
 */
import type { ServerWritableStream, ServerDuplexStream } from '@grpc/grpc-js';
import { type Failure, toServiceError } from './failures.js';

export type Outlet = Readonly<{
  /** Wait for what it returns before the next one. */
  send: (message: Buffer) => Promise<void> | undefined;
  /** Aborts when the client cancels, its deadline passes, its connection is lost or the server closes. */
  signal: AbortSignal;
  end: () => void;
  fail: (failure: Failure) => void;
}>;

type Call = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

export const makeOutlet = (call: Call, closing: AbortSignal): Outlet => {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let isOver = false;

  const finish = (how: () => void): void => {
    if (isOver) return;
    isOver = true;
    closing.removeEventListener('abort', abort);
    how();
    abort();
  };

  call.once('cancelled', () => finish(() => call.end()));
  call.once('close', () => finish(() => undefined));
  if (call.cancelled) finish(() => undefined);
  else if (closing.aborted) abort();
  else closing.addEventListener('abort', abort);

  // Many answers of one call may wait together: they share the wait.
  let draining: Promise<void> | undefined;
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        draining = undefined;
        call.off('drain', done);
        controller.signal.removeEventListener('abort', done);
        resolve();
      };
      call.once('drain', done);
      controller.signal.addEventListener('abort', done);
    });

  return {
    signal: controller.signal,
    send: (message) => {
      if (isOver || controller.signal.aborted) return undefined;
      return call.write(message) ? undefined : (draining ??= drained());
    },
    end: () => finish(() => call.end()),
    fail: (failure) => finish(() => call.emit('error', toServiceError(failure))),
  };
};
