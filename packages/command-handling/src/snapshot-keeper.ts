import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { knownEntries, type KnownEntry } from './known-commands.js';
import type { SnapshotHead, SnapshotOptions, SnapshotProblem, Snapshots } from './snapshots.js';

/** What a fold starts from instead of the beginning of its stream. */
export type Restored<State> = Readonly<{
  state: State;
  known: readonly KnownEntry[];
  /** The last event that is folded in. */
  last: StoredEvent;
}>;

/** What a snapshot is made of. It shares nothing with the fold, which goes on. */
export type Taken = Readonly<{
  revision: number;
  known: readonly KnownEntry[];
  parts: readonly unknown[];
}>;

type Unhashed = Omit<SnapshotHead, 'hash'>;

/**
 * The hash names the event that the snapshot ends with, and where and when the log has it: the ids of
 * two logs of the same input are equal, their places and times are not.
 */
const hashOf = (head: Unhashed, last: StoredEvent): ReturnType<typeof createHash> => {
  const { stream, revision, eventId, version } = head;
  const { position, recordedAt, data, metadata } = last;
  const canonical = [stream, revision, eventId, version, position, recordedAt, data, metadata];
  return createHash('sha256').update(JSON.stringify(canonical));
};

const addToHash = (hash: ReturnType<typeof createHash>, text: string): void => {
  hash.update(`\n${text.length}\n`).update(text);
};

const eventAt = async (
  store: EventStore,
  stream: string,
  revision: number,
): Promise<StoredEvent | undefined> => {
  for await (const page of store.readStream(stream, { from: revision, limit: 1 }))
    return E.isRight(page) ? page.right.events[0] : undefined;
  return undefined;
};

type KeeperOptions<State> = SnapshotOptions & Readonly<{ of: Snapshots<State> }>;

/** The snapshots of one stream. A snapshot is only ever a shortcut: every doubt means the log. */
export class SnapshotKeeper<State> {
  private isWriting = false;
  /** Revision of the latest snapshot that was used or made. */
  private latest = -1;

  constructor(
    private readonly log: EventStore,
    private readonly stream: string,
    private readonly options: KeeperOptions<State>,
  ) {}

  /** Is the stream far enough beyond its latest snapshot? The cost of making one stays a share of the events'. */
  isDue(revision: number): boolean {
    const since = revision - this.latest;
    return !this.isWriting && since >= Math.max(this.options.of.everyEvents, revision >> 3);
  }

  /** The newest snapshot that verifies; null: fold the stream from its beginning. */
  async restore(): Promise<Restored<State> | null> {
    const { store } = this.options;
    let before = Number.MAX_SAFE_INTEGER;
    try {
      for (;;) {
        const head = store.latest(this.stream, before);
        if (head === null) return null;
        const restored = await this.verified(head);
        if (typeof restored !== 'string') {
          this.latest = head.revision;
          return restored;
        }
        this.note(head.revision, restored);
        before = head.revision;
      }
    } catch {
      this.note(before, 'unreadable');
      return null;
    }
  }

  /** Writes a snapshot down, some of it at a time: commands go on between. */
  async write(taken: Taken): Promise<void> {
    this.isWriting = true;
    this.latest = taken.revision;
    try {
      if (!(await this.stored(taken))) this.note(taken.revision, 'not-written');
    } catch {
      this.note(taken.revision, 'not-written');
    }
    this.isWriting = false;
  }

  private async verified(
    head: SnapshotHead,
  ): Promise<Restored<State> | SnapshotProblem['problem']> {
    if (head.version !== this.options.of.version) return 'other-version';
    const last = await eventAt(this.log, this.stream, head.revision);
    if (last?.id !== head.eventId) return 'not-of-this-log';
    const texts = this.options.store.parts(head);
    const hash = hashOf(head, last);
    for (const text of texts) addToHash(hash, text);
    if (hash.digest('hex') !== head.hash) return 'damaged';
    const [first, ...parts] = texts.map((text): unknown => JSON.parse(text));
    const known = knownEntries(first);
    const state = this.options.of.decode(parts);
    return known === null || state === null ? 'unreadable' : { state, known, last };
  }

  private async stored({ revision, known, parts }: Taken): Promise<boolean> {
    const { stream, options } = this;
    const last = await eventAt(this.log, stream, revision);
    if (last === undefined) return false;
    const head = { stream, revision, eventId: last.id, version: options.of.version };
    const hash = hashOf(head, last);
    let ordinal = 0;
    for (const part of [known, ...parts]) {
      const text = JSON.stringify(part);
      addToHash(hash, text);
      options.store.addPart({ stream, revision }, { ordinal, text });
      ordinal += 1;
      await turn();
    }
    options.store.finish({ ...head, hash: hash.digest('hex') });
    return true;
  }

  private note(revision: number, problem: SnapshotProblem['problem']): void {
    this.options.onProblem({ stream: this.stream, revision, problem });
  }
}
