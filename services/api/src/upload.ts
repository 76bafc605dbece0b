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
export const boundedBytes = (source: AsyncIterable<Buffer>, bytesMax: number): BoundedBytes => {
  let exceeded = false;
  let cutOff = false;
  async function* bounded(): AsyncGenerator<Buffer> {
    let seen = 0;
    try {
      for await (const chunk of source) {
        const room = bytesMax - seen;
        seen += chunk.length;
        exceeded = chunk.length > room;
        yield exceeded ? chunk.subarray(0, room) : chunk;
        if (exceeded) return;
      }
    } catch {
      // The socket's own error says nothing that the caller, who is gone, could read.
      cutOff = true;
    }
  }
  return { bytes: bounded(), exceeded: () => exceeded, cutOff: () => cutOff };
};
