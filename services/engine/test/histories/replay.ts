import type { Aggregate } from '@daybook/command-handling';
import { partsOf, type DomainEvent } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import { isDeepStrictEqual } from 'node:util';
import * as aggregates from '../../src/aggregates.js';
import { stateAt } from '../../src/fold-stream.js';
import { right, type TestEngine } from '../in-memory-engine.js';

type Compare = (engine: TestEngine, stream: string, revision: number) => Promise<boolean>;

/** Is the state that the engine keeps in memory the one that the stored events give? */
const comparing =
  <State, Event extends DomainEvent>(aggregate: Aggregate<State, Event>): Compare =>
  async ({ deps, store }, stream, revision) => {
    const replayed = right(await stateAt(store, aggregate, { stream, revision }));
    const compared = await deps.handler.read(aggregate, stream, (live) =>
      isDeepStrictEqual(live, replayed),
    )();
    const { state, revision: reached } = right(compared);
    return state && reached === revision;
  };

const comparisons: Readonly<Record<string, Compare>> = {
  company: comparing(aggregates.companies),
  user: comparing(aggregates.users),
  policy: comparing(aggregates.policies),
  group: comparing(aggregates.groups),
  device: comparing(aggregates.devices),
  session: comparing(aggregates.sessions),
  summary: comparing(aggregates.sessionSummaries),
  credits: comparing(aggregates.accounts),
};

/** Streams among those of the events whose live state is not what a replay gives. */
export const differingStreams = async (
  engine: TestEngine,
  events: readonly StoredEvent[],
): Promise<readonly string[]> => {
  const reached = new Map<string, number>();
  for (const { stream, revision } of events) reached.set(stream, revision);
  const differing: string[] = [];
  for (const [stream, revision] of reached) {
    const compare = comparisons[partsOf(stream).category];
    if (compare === undefined) throw new Error(`no aggregate for ${stream}`);
    if (!(await compare(engine, stream, revision))) differing.push(stream);
  }
  return differing;
};
