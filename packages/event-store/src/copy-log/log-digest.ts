import { createHash } from 'node:crypto';
import type { StoredEvent } from '../event-store.js';

/** What identifies a log wherever it is kept. Positions and recorded times are the store's, and left out. */
export type LogDigest = Readonly<{ events: number; sha256: string }>;

export type DigestBuilder = Readonly<{
  add: (event: StoredEvent) => void;
  /** Of everything added; the builder takes no more after it. */
  digest: () => LogDigest;
}>;

/** SHA-256 of one JSON array a line, in the order of the log: stream, revision, id, type, data, metadata. */
export const makeDigestBuilder = (): DigestBuilder => {
  const hash = createHash('sha256');
  let events = 0;
  return {
    add: ({ stream, revision, id, type, data, metadata }) => {
      hash.update(`${JSON.stringify([stream, revision, id, type, data, metadata])}\n`);
      events += 1;
    },
    digest: () => ({ events, sha256: hash.digest('hex') }),
  };
};
