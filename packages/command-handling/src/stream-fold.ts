import type { DomainEvent, EventTable } from '@daybook/domain/kernel';
import type { EventStore, EventToAppend, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Aggregate, HandlingFailure, Loaded } from './aggregate.js';
import { decodeEvent, tableWithRefusals } from './encode.js';
import { KnownCommands } from './known-commands.js';

/** The fold of one stream, kept at the revision it was read or written at. */
export class StreamFold<State, Event extends DomainEvent> {
  readonly table: EventTable;
  revision = -1;
  position = 0;
  state: State;
  known = new KnownCommands();
  isLoaded = false;

  constructor(
    readonly store: EventStore,
    readonly stream: string,
    private readonly aggregate: Aggregate<State, Event>,
  ) {
    this.table = tableWithRefusals(aggregate.events);
    this.state = aggregate.initialState();
  }

  current(): Loaded<State> {
    return { state: this.state, revision: this.revision, position: this.position };
  }

  /** Drops what is in memory; the next use reads the stream again. */
  forget(): void {
    this.isLoaded = false;
    this.state = this.aggregate.initialState();
    this.revision = -1;
    this.position = 0;
    this.known = new KnownCommands();
  }

  async reload(): Promise<HandlingFailure | null> {
    this.forget();
    for await (const page of this.store.readStream(this.stream)) {
      if (E.isLeft(page)) return page.left;
      for (const stored of page.right.events) {
        const failure = this.foldStored(stored);
        if (failure !== null) return failure;
      }
    }
    this.isLoaded = true;
    return null;
  }

  /** Folds an event that is about to be written; a failed append must be followed by `forget`. */
  foldNew(event: DomainEvent, write: EventToAppend): void {
    this.revision += 1;
    this.known.remember(write.id, this.revision);
    this.evolve(event);
  }

  private foldStored(stored: StoredEvent): HandlingFailure | null {
    const decoded = decodeEvent(this.table, stored);
    if (E.isLeft(decoded)) return decoded.left;
    this.evolve(decoded.right);
    this.revision = stored.revision;
    this.position = stored.position;
    this.known.remember(stored.id, stored.revision);
    return null;
  }

  /** A recorded refusal changes no state of the domain. */
  private evolve(event: DomainEvent): void {
    if (event.type !== 'CommandRefused')
      this.state = this.aggregate.evolve(this.state, event as Event);
  }
}
