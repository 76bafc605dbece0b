/**
 * The limit that the store is measured against: what the disk and Node allow, and nothing else. A bare
 * append-only file, zero-filled beforehand so that no commit changes its size; records are
 * [length][crc32][body]; appends of one turn share one write and one fdatasync. No streams, no revisions,
 * no index, no conflict, no recovery.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 8;
const ZEROS = Buffer.alloc(4 * 1024 * 1024);

export type RawLog = Readonly<{
  /** Resolves when the bodies are on disk. */
  append: (bodies: readonly string[]) => Promise<void>;
  /** Every body in order, as bytes whose checksum was verified; valid until the callback returns. */
  scan: (onBody: (body: Buffer) => void) => void;
  close: () => void;
}>;

const zeroFill = (descriptor: number, bytes: number): void => {
  for (let at = 0; at < bytes; at += ZEROS.length) {
    writeSync(descriptor, ZEROS, 0, Math.min(ZEROS.length, bytes - at), at);
  }
  fsyncSync(descriptor);
};

type Waiting = Readonly<{ bodies: readonly string[]; done: () => void }>;

const encodeBatch = (buffer: Buffer, batch: readonly Waiting[]): number => {
  let at = 0;
  for (const { bodies } of batch) {
    for (const body of bodies) {
      const length = buffer.write(body, at + HEADER_BYTES, 'utf8');
      buffer.writeUInt32LE(length, at);
      const start = at + HEADER_BYTES;
      buffer.writeUInt32LE(crc32(buffer.subarray(start, start + length)), at + 4);
      at = start + length;
    }
  }
  return at;
};

/** Passes every whole record in `chunk` on; returns where the first one begins that is not whole. */
const scanChunk = (chunk: Buffer, onBody: (body: Buffer) => void): number => {
  let at = 0;
  while (at + HEADER_BYTES <= chunk.length) {
    const length = chunk.readUInt32LE(at);
    const start = at + HEADER_BYTES;
    if (start + length > chunk.length) return at;
    const body = chunk.subarray(start, start + length);
    if (crc32(body) !== chunk.readUInt32LE(at + 4)) throw new Error('A raw record is damaged.');
    onBody(body);
    at = start + length;
  }
  return at;
};

/** `bytes`: the size of the file; appending beyond it is the caller's mistake. */
export const openRawLog = (path: string, bytes: number): RawLog => {
  const descriptor = openSync(path, 'w+');
  zeroFill(descriptor, bytes);
  const buffer = Buffer.alloc(8 * 1024 * 1024);
  let end = 0;
  let queue: Waiting[] = [];

  const flush = (): void => {
    const batch = queue;
    queue = [];
    const length = encodeBatch(buffer, batch);
    if (end + length > bytes) throw new Error('The raw log is full.');
    writeSync(descriptor, buffer, 0, length, end);
    fdatasyncSync(descriptor);
    end += length;
    for (const { done } of batch) done();
  };

  return {
    append: (bodies) =>
      new Promise((done) => {
        if (queue.length === 0) setImmediate(flush);
        queue.push({ bodies, done });
      }),
    scan: (onBody) => {
      const chunk = Buffer.alloc(4 * 1024 * 1024);
      let at = 0;
      while (at < end) {
        const read = readSync(descriptor, chunk, 0, Math.min(chunk.length, end - at), at);
        at += scanChunk(chunk.subarray(0, read), onBody);
      }
    },
    close: () => closeSync(descriptor),
  };
};
