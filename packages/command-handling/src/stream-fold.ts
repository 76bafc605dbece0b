import { isCommandEvent } from '@daybook/domain/all-events';
import type { DomainEvent, EventTable } from '@daybook/domain/kernel';
import type { EventStore, EventToAppend, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Aggregate, HandlingFailure, Loaded } from './aggregate.js';
import { decodeEvent } from './encode.js';
import { eventIdOf } from './event-id.js';
import { KnownCommands } from './known-commands.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import type { SnapshotOptions } from './snapshots.js';

export type FoldOptions = Readonly<{ store: EventStore; snapshots?: SnapshotOptions }>;

/** The fold of one stream, kept at the revision it was read or written at. */
export class StreamFold<State, Event extends DomainEvent> {
  readonly table: EventTable;
  revision = -1;
  position = 0;
  state: State;
  known = new KnownCommands();
  isLoaded = false;
  readonly store: EventStore;
  private lastMetadata = '';
  private readonly keeper: SnapshotKeeper<State> | null;

  constructor(
    { store, snapshots }: FoldOptions,
    readonly stream: string,
    private readonly aggregate: Aggregate<State, Event>,
  ) {
    this.store = store;
    this.table = aggregate.events;
    this.state = aggregate.initialState();
    this.keeper =
      snapshots === undefined || aggregate.snapshots === undefined
        ? null
        : new SnapshotKeeper(store, stream, { of: aggregate.snapshots, ...snapshots });
  }

  current(): Loaded<State> {
    const { state, revision, position, stream, known } = this;
    return {
      state,
      revision,
      position,
      isAnswered: (commandId) => known.revisionOf(eventIdOf(stream, commandId, 0)) !== undefined,
    };
  }

  /** Drops what is in memory; the next use reads the stream again. */
  forget(): void {
    this.isLoaded = false;
    this.state = this.aggregate.initialState();
    this.revision = -1;
    this.position = 0;
    this.known = new KnownCommands();
    this.lastMetadata = '';
  }

  /** Folds what has been written since the revision in memory; says whether anything was. */
  async catchUp(): Promise<E.Either<HandlingFailure, boolean>> {
    const before = this.revision;
    if (!this.isLoaded) await this.restore();
    const read = await this.foldPages(this.revision + 1);
    if (read === null) {
      this.isLoaded = true;
      return E.right(this.revision > before);
    }
    this.forget();
    return E.left(read);
  }

  /** Folds the events of one command, about to be written; a failed append must be followed by `forget`. */
  foldNew(events: readonly DomainEvent[], writes: readonly EventToAppend[]): void {
    const first = writes[0];
    if (first === undefined) return;
    this.known.remember(first.id, this.revision + 1);
    this.lastMetadata = first.metadata;
    this.revision += writes.length;
    for (const event of events) this.evolve(event);
  }

  /** Is it time to keep the state? Only to be asked while every folded event is on disk. */
  get isSnapshotDue(): boolean {
    return this.isLoaded && this.keeper?.isDue(this.revision) === true;
  }

  /** Takes the state as it is now; writing it down is nobody's to wait for. */
  keepSnapshot(): void {
    const { snapshots } = this.aggregate;
    if (snapshots === undefined) return;
    const { revision, known } = this;
    const parts = snapshots.encode(this.state);
    void this.keeper?.write({ revision, known: known.entries(), parts });
  }

  private async restore(): Promise<void> {
    const restored = await this.keeper?.restore();
    if (restored === undefined || restored === null) return;
    this.state = restored.state;
    this.known = new KnownCommands(restored.known);
    this.revision = restored.last.revision;
    this.position = restored.last.position;
    this.lastMetadata = restored.last.metadata;
  }

  private async foldPages(from: number): Promise<HandlingFailure | null> {
    for await (const page of this.store.readStream(this.stream, { from })) {
      if (E.isLeft(page)) return page.left;
      for (const stored of page.right.events) {
        const failure = this.foldStored(stored);
        if (failure !== null) return failure;
      }
    }
    return null;
  }

  private foldStored(stored: StoredEvent): HandlingFailure | null {
    const decoded = decodeEvent(this.table, stored);
    if (E.isLeft(decoded)) return decoded.left;
    this.evolve(decoded.right);
    this.revision = stored.revision;
    this.position = stored.position;
    // The events of one command have one metadata: only the first can be asked for again.
    if (stored.metadata !== this.lastMetadata) this.known.remember(stored.id, stored.revision);
    this.lastMetadata = stored.metadata;
    return null;
  }

  private evolve(event: DomainEvent): void {
    if (!isCommandEvent(event.type)) this.state = this.aggregate.evolve(this.state, event as Event);
  }
}
