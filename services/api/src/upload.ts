import type { Readable } from 'node:stream';

/** Bytes as they come, up to a bound; `exceeded` says afterwards whether more were sent. */
export type BoundedBytes = Readonly<{
  bytes: AsyncIterable<Buffer>;
  exceeded: () => boolean;
  /** The client went away before it had sent everything. */
  cutOff: () => boolean;
}>;

/**
 * Passes on what arrives until the bound, then ends: what was whole before it has been handled, and
 * memory does not grow with what a client sends.
 */
export const boundedBytes = (source: Readable, bytesMax: number): BoundedBytes => {
  let exceeded = false;
  let cutOff = false;
  async function* bounded(): AsyncGenerator<Buffer> {
    let seen = 0;
    try {
      // Kept open: a destroyed request would take its connection, and with it the answer, away.
      const chunks: AsyncIterable<Buffer> = source.iterator({ destroyOnReturn: false });
      for await (const chunk of chunks) {
        const room = bytesMax - seen;
        seen += chunk.length;
        exceeded = chunk.length > room;
        yield exceeded ? chunk.subarray(0, room) : chunk;
        if (exceeded) {
          source.resume();
          return;
        }
      }
    } catch {
      // The socket's own error says nothing that the caller, who is gone, could read.
      cutOff = true;
    }
  }
  return { bytes: bounded(), exceeded: () => exceeded, cutOff: () => cutOff };
};
