import type { HandlingFailure } from '@daybook/command-handling';
import { companyStream, creditsStream, partsOf } from '@daybook/domain/kernel';
import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { factOf, useFilter, type LogFact } from './reconcile-facts.js';

export type LogReader = Pick<EventStore, 'readStream' | 'readAll' | 'head'>;

type Pages = AsyncIterable<E.Either<ReadError, Readonly<{ events: readonly StoredEvent[] }>>>;

/** Everything that the log knows of a company's credits and of what they paid for, by page. */
const sources = (reader: LogReader, company: string, head: number): readonly Pages[] => [
  reader.readStream(companyStream(company)),
  reader.readStream(creditsStream(company)),
  upTo(head, reader.readAll({ filter: useFilter })),
];

/** A log that grows faster than it is read still ends where the reading began. */
async function* upTo(head: number, pages: ReturnType<LogReader['readAll']>): Pages {
  for await (const page of pages) {
    yield page;
    if (E.isRight(page) && page.right.checkpoint >= head) return;
  }
}

type Taking = Readonly<{ company: string; head: number; take: (fact: LogFact) => void }>;

const takeEvents = (
  events: readonly StoredEvent[],
  { company, head, take }: Taking,
): E.Either<HandlingFailure, void> => {
  for (const stored of events) {
    if (stored.position > head || partsOf(stored.stream).company !== company) continue;
    const fact = factOf(stored);
    if (E.isLeft(fact)) return fact;
    if (fact.right !== null) take(fact.right);
  }
  return E.right(undefined);
};

/**
 * Hands over every fact of a company in the log, up to the position that it answers: what a writer
 * appends meanwhile is left out everywhere, so no charge is seen without its session.
 */
export const gatherFacts = async (
  reader: LogReader,
  company: string,
  take: (fact: LogFact) => void,
): Promise<E.Either<HandlingFailure, number>> => {
  const head = await reader.head()();
  if (E.isLeft(head)) return head;
  const taking = { company, head: head.right, take };
  for (const pages of sources(reader, company, head.right)) {
    for await (const page of pages) {
      const taken = E.isLeft(page) ? page : takeEvents(page.right.events, taking);
      if (E.isLeft(taken)) return taken;
    }
  }
  return head;
};
