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
  return E.isRight(decoded) ? decoded.right : null;
};

/**
 * The latest commands of a stream, each by the id of its first event, which derives from the command
 * id: finding it here means that the command has been answered. Bounded: a busy account has no end.
 */
export class KnownCommands {
  private readonly revisions: Map<string, number>;

  constructor(entries: readonly KnownEntry[] = []) {
    this.revisions = new Map(entries);
  }

  remember(firstEventId: string, revision: number): void {
    this.revisions.set(firstEventId, revision);
    if (this.revisions.size <= REMEMBERED_MAX) return;
    const oldest = this.revisions.keys().next();
    if (oldest.done !== true) this.revisions.delete(oldest.value);
  }

  revisionOf(firstEventId: string): number | undefined {
    return this.revisions.get(firstEventId);
  }

  /** Oldest first. */
  entries(): readonly KnownEntry[] {
    return [...this.revisions];
  }
}
