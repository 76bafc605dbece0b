import { invariant, type DomainEvent } from '@daybook/domain/kernel';
import type { CommandRefused } from '@daybook/domain/all-events';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { HandlingFailure, Refusal } from './aggregate.js';
import { decodeEvent } from './encode.js';
import { eventIdOf } from './event-id.js';
import type { Answer } from './pending.js';
import type { StreamFold } from './stream-fold.js';

/** Events of one command, read in one page when its answer is repeated; more take more pages. */
const PAGE_EVENTS = 64;

type Found = Readonly<{ events: readonly DomainEvent[]; last: StoredEvent | null }>;

const refusalOf = (event: DomainEvent): Refusal | null => {
  if (event.type !== 'CommandRefused') return null;
  const { refusal, detail } = (event as CommandRefused).data;
  return { ...detail, _tag: refusal };
};

const eventsOfCommand = async <State, Event extends DomainEvent>(
  fold: StreamFold<State, Event>,
  commandId: string,
  from: number,
): Promise<E.Either<HandlingFailure, Found>> => {
  const events: DomainEvent[] = [];
  let last: StoredEvent | null = null;
  const { store, stream, table } = fold;
  for await (const page of store.readStream(stream, { from, pageSize: PAGE_EVENTS })) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (stored.id !== eventIdOf(stream, commandId, events.length))
        return E.right({ events, last });
      const decoded = decodeEvent(table, stored);
      if (E.isLeft(decoded)) return decoded;
      events.push(decoded.right);
      last = stored;
    }
  }
  return E.right({ events, last });
};

/** The answer that a command got the first time, read back from the log, where the fold has seen it. */
export const firstAnswer = async <State, Event extends DomainEvent>(
  fold: StreamFold<State, Event>,
  commandId: string,
  from: number,
): Promise<Answer> => {
  const found = await eventsOfCommand(fold, commandId, from);
  if (E.isLeft(found)) return found;
  const { events, last } = found.right;
  const first = events[0];
  invariant(
    last !== null && first !== undefined,
    'what was read or written at a revision of a stream stays there',
  );
  const refusal = refusalOf(first);
  if (refusal !== null) return E.left({ _tag: 'Refused', refusal });
  const { stream, revision, position } = last;
  const changes = first.type === 'CommandChangedNothing' ? [] : events;
  return E.right({ stream, revision, position, events: changes, repeated: true });
};
