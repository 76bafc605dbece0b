import { decodeWith, Revision } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** How many of a stream's latest commands are remembered; older repeats are the decider's to recognise. */
const REMEMBERED_MAX = 16_384;

const KnownEntries = t.array(t.tuple([t.string, Revision]));

/** Id of a command's first event, and its revision. */
export type KnownEntry = readonly [firstEventId: string, revision: number];

/** Entries as a snapshot keeps them; null for anything else. */
export const knownEntries = (value: unknown): readonly KnownEntry[] | null => {
  const decoded = decodeWith(KnownEntries, value);
  return E.isRight(decoded) && decoded.right.length <= REMEMBERED_MAX ? decoded.right : null;
};

/**
 * The latest commands of a stream, each by the id of its first event, which derives from the command
 * id: finding it here means that the command has been answered. Bounded: a busy account has no end.
 */
export class KnownCommands {
  private readonly revisions: Map<string, number>;
  /** Ids in a ring: a map's first key is found only past all the places of removed ones. */
  private readonly ring: string[];
  /** Where the oldest id stands once the ring is full. */
  private oldest = 0;

  constructor(entries: readonly KnownEntry[] = []) {
    this.revisions = new Map(entries);
    this.ring = [...this.revisions.keys()];
  }

  remember(firstEventId: string, revision: number): void {
    const isNew = !this.revisions.has(firstEventId);
    this.revisions.set(firstEventId, revision);
    if (!isNew) return;
    if (this.ring.length < REMEMBERED_MAX) {
      this.ring.push(firstEventId);
      return;
    }
    this.revisions.delete(this.ring[this.oldest] ?? '');
    this.ring[this.oldest] = firstEventId;
    this.oldest = (this.oldest + 1) % REMEMBERED_MAX;
  }

  revisionOf(firstEventId: string): number | undefined {
    return this.revisions.get(firstEventId);
  }

  /** Oldest first. */
  entries(): readonly KnownEntry[] {
    return [...this.revisions];
  }
}
