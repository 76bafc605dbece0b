import type { ServerResponse } from 'node:http';
import { toPublishedEvent, type PublishedEvent } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import type { LogReader } from '../log-reader.js';
import { isWanted, type Wanted } from './wanted.js';

export type Sending = Readonly<{
  reader: LogReader;
  wanted: Wanted;
  /** Events after this position. */
  since: number;
  /** Milliseconds, as in the server’s limits. */
  limits: Readonly<{ heartbeatMs: number; stallMs: number }>;
  /** Aborted when the server ends its streams. */
  signal: AbortSignal;
}>;

/** What EventSource waits before it comes back. */
const RETRY_MS = 2_000;
/** Events that are read at once: the most that is in memory for a client beside the socket's own buffer. */
const PAGE = 64;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // A server that stops waits for its connections: with the stream the connection ends.
  connection: 'close',
  // For reverse proxies that would collect the stream before they pass it on.
  'x-accel-buffering': 'no',
} as const;

const frameOf = ({ position, type, body }: PublishedEvent): string =>
  `id: ${position}\nevent: ${type}\ndata: ${body}\n\n`;

/** Waits until the client has taken what was written; false when it is gone, or takes nothing any more. */
const drained = (
  response: ServerResponse,
  signal: AbortSignal,
  stallMs: number,
): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (isGood: boolean): void => {
      clearTimeout(timer);
      response.off('drain', onDrain);
      signal.removeEventListener('abort', onAbort);
      resolve(isGood);
    };
    const onDrain = (): void => end(true);
    const onAbort = (): void => end(false);
    const timer = setTimeout(() => {
      response.destroy();
      end(false);
    }, stallMs);
    response.once('drain', onDrain);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) end(false);
  });

type Stored = Parameters<typeof toPublishedEvent>[0];

/** Writes what is wanted of a page at once; false when there is nobody to write for any more. */
const sendPage = async (
  response: ServerResponse,
  events: readonly Stored[],
  { wanted, limits, signal }: Sending,
): Promise<boolean> => {
  let frames = '';
  for (const stored of events) {
    const event = toPublishedEvent(stored);
    if (event !== undefined && isWanted(wanted, event)) frames += frameOf(event);
  }
  return frames === '' || response.write(frames) || drained(response, signal, limits.stallMs);
};

/**
 * Server-Sent Events out of the log, until the client or the server ends them. Events are read only as fast
 * as the client takes them: a slow one costs a page of memory, and its place in the log.
 */
export const sendStream = async (response: ServerResponse, asked: Sending): Promise<void> => {
  const { reader, wanted, since, limits } = asked;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // A client that goes away in the middle of a write is no fault of anybody.
  response.on('error', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, asked.signal]);
  response.writeHead(200, HEADERS);
  response.write(`retry: ${RETRY_MS}\n\n`);
  let last = since;
  const beat = setInterval(() => {
    // An id without data moves the place to resume from, past events that were not wanted.
    if (!response.writableNeedDrain) response.write(`id: ${last}\n: still here\n\n`);
  }, limits.heartbeatMs);
  const filter = { types: wanted.storedTypes };
  try {
    for await (const page of reader.subscribe({ after: since, filter, pageSize: PAGE, signal })) {
      if (E.isLeft(page)) return;
      const { events, checkpoint } = page.right;
      if (!(await sendPage(response, events, { ...asked, signal }))) return;
      last = Math.max(last, checkpoint);
    }
  } finally {
    clearInterval(beat);
    response.end();
  }
};
