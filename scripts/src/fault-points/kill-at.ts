/**
 * The ports of a process that kills itself with SIGKILL at one call: the production code runs unchanged
 * over them. Every call that has an effect is counted, by name.
 */
import type { Checkpoints, Summarizer } from '@daybook/engine';
import type { EventStore } from '@daybook/event-store';

export type Ports = Readonly<{
  store: EventStore;
  checkpoints: Checkpoints;
  summarizer: Summarizer;
}>;

/** From 1; 0: never. `after`: the effect is there, its answer is lost. */
export type Point = Readonly<{ call: number; when: 'before' | 'after' }>;

/** The kernel ends the process here: no handler runs, nothing is flushed. */
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('a process survived its SIGKILL');
};

export const killAt = (ports: Ports, point: Point, onCall: (name: string) => void): Ports => {
  const { store, checkpoints, summarizer } = ports;
  let calls = 0;
  const count = (name: string): boolean => {
    calls += 1;
    onCall(name);
    if (calls === point.call && point.when === 'before') die();
    return calls === point.call;
  };
  const later = async <A>(name: string, effect: () => Promise<A>): Promise<A> => {
    const isLast = count(name);
    const answer = await effect();
    return isLast ? die() : answer;
  };
  const now = <A>(name: string, effect: () => A): A => {
    const isLast = count(name);
    const answer = effect();
    return isLast ? die() : answer;
  };
  const { unfinished } = checkpoints;
  return {
    store: {
      ...store,
      append: (stream, expected, events) => () =>
        later(`append ${stream} ${events.map(({ type }) => type).join('+')}`, () =>
          store.append(stream, expected, events)(),
        ),
    },
    checkpoints: {
      ...checkpoints,
      write: (name, position) => now(`checkpoint ${name}`, () => checkpoints.write(name, position)),
      unfinished: {
        ...unfinished,
        wait: (work) => now('list as waiting', () => unfinished.wait(work)),
        park: (work) => now('list as parked', () => unfinished.park(work)),
        done: (key) => now('take off the list', () => unfinished.done(key)),
      },
    },
    summarizer: {
      ...summarizer,
      summarize: (input) => () =>
        later(`summarize ${input.sessionId}`, () => summarizer.summarize(input)()),
    },
  };
};
