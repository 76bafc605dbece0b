import * as E from 'fp-ts/lib/Either.js';
import type { Deletes } from './deletes.js';
import { describedBy, isMetastream } from './stream-metadata.js';
import { accessDenied } from './write-failure.js';
import type { Writes } from './writes.js';

/** Whether clients may write to a stream, by its name. */
export type MayWrite = (stream: string) => boolean;

type Guarded = Readonly<{ writes: Writes; deletes: Deletes }>;

/**
 * What clients are given to write with. Metadata hides events of the stream that it describes, so it takes the same
 * permission; so do deletes, which are metadata or a last event.
 */
export const guardWrites = ({ writes, deletes }: Guarded, mayWrite: MayWrite): Guarded => {
  const refusal = (stream: string) => {
    const guarded = isMetastream(stream) ? describedBy(stream) : stream;
    return mayWrite(guarded) ? undefined : E.left(accessDenied(stream));
  };
  return {
    writes: {
      ...writes,
      append: (target, events) => {
        const refused = refusal(target.stream);
        return refused === undefined ? writes.append(target, events) : Promise.resolve(refused);
      },
    },
    deletes: {
      softDelete: (target) => {
        const refused = refusal(target.stream);
        return refused === undefined ? deletes.softDelete(target) : Promise.resolve(refused);
      },
      tombstone: (target) => {
        const refused = refusal(target.stream);
        return refused === undefined ? deletes.tombstone(target) : Promise.resolve(refused);
      },
    },
  };
};
