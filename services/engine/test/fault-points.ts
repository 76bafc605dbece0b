import type { EventStore } from '@daybook/event-store';
import type { Summarizer } from '@daybook/summarizer';
import type { Checkpoints } from '../src/checkpoints.js';

// A process that is killed, inside one test: the ports count every call that has an effect, and the
// n-th one is the last. Nothing after it reaches a port, and nobody is told, as after `kill -9`: an
// asynchronous call never answers, a synchronous one throws. The production code has no hooks.

/** Everything of a process that outlives it. A port that a test does not need is left out. */
export type FaultPorts = Readonly<{
  store: EventStore;
  checkpoints: Checkpoints;
  summarizer?: Summarizer;
}>;

/** The call is counted from 1; `after`: its effect is there, its answer is lost. */
export type FaultPoint = Readonly<{ call: number; when: 'before' | 'after' }>;

/** Thrown by synchronous ports of a killed process. */
export class Killed extends Error {}

type Guard = Readonly<{
  /** Around an asynchronous call. */
  later: <A>(name: string, effect: () => Promise<A>) => Promise<A>;
  /** Around a synchronous one. */
  now: <A>(name: string, effect: () => A) => A;
  isDead: () => boolean;
}>;

const never = <A>(): Promise<A> => new Promise<A>(() => undefined);

const dead = (): never => {
  throw new Killed('the process is dead');
};

const guardedStore = (store: EventStore, guard: Guard): EventStore => ({
  ...store,
  append: (stream, expected, events) => () =>
    guard.later(`append ${stream} ${events.map(({ type }) => type).join('+')}`, () =>
      store.append(stream, expected, events)(),
    ),
});

/** Reads change nothing: killed at one, a process leaves what it left after its last effect. */
const readingNames = new Set(['read', 'close', 'due', 'nextDueAt', 'find', 'list', 'counts']);

type Method = (...given: readonly unknown[]) => unknown;

/** Every method of a synchronous port that has an effect, and those of the ports inside it. */
const guardedPort = <Port extends object>(port: Port, prefix: string, guard: Guard): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, member]: [string, unknown]) => {
      if (typeof member === 'object' && member !== null)
        return [name, guardedPort(member, `${prefix} ${name}`, guard)];
      if (typeof member !== 'function') return [name, member];
      const method = member as Method;
      if (readingNames.has(name))
        return [name, (...given: unknown[]) => (guard.isDead() ? dead() : method(...given))];
      return [
        name,
        (...given: unknown[]) => guard.now(`${prefix} ${name}`, () => method(...given)),
      ];
    }),
  ) as Port;

const guardedSummarizer = (summarizer: Summarizer, guard: Guard): Summarizer => ({
  ...summarizer,
  summarize: (input) => () =>
    guard.later(`summarize ${input.sessionId}`, () => summarizer.summarize(input)()),
});

const guarded = <Ports extends FaultPorts>(ports: Ports, guard: Guard): Ports => ({
  ...ports,
  store: guardedStore(ports.store, guard),
  checkpoints: guardedPort(ports.checkpoints, 'checkpoints', guard),
  ...(ports.summarizer === undefined
    ? {}
    : { summarizer: guardedSummarizer(ports.summarizer, guard) }),
});

/** The same ports, which write down the name of each call that has an effect, in order. */
export const countCalls = <Ports extends FaultPorts>(
  ports: Ports,
): Readonly<{ ports: Ports; calls: readonly string[] }> => {
  const calls: string[] = [];
  const guard: Guard = {
    later: (name, effect) => {
      calls.push(name);
      return effect();
    },
    now: (name, effect) => {
      calls.push(name);
      return effect();
    },
    isDead: () => false,
  };
  return { ports: guarded(ports, guard), calls };
};

/**
 * The ports of a process that dies at a call. `died` resolves with the call's name then; what runs
 * over the ports may never end, so a test waits for the first of the two: `untilDeath`.
 */
export const crashAt = <Ports extends FaultPorts>(
  point: FaultPoint,
  ports: Ports,
): Readonly<{ ports: Ports; died: Promise<string> }> => {
  let calls = 0;
  let isDead = false;
  let die: (name: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    die = resolve;
  });
  /** Is this call the last one? The process is dead from here on. */
  const isLast = (): boolean => {
    calls += 1;
    isDead = calls === point.call;
    return isDead;
  };
  const guard: Guard = {
    later: async (name, effect) => {
      if (isDead) return never();
      if (!isLast()) {
        const answer = await effect();
        // It died meanwhile: what was under way may have reached the disk, the answer reaches nobody.
        return guard.isDead() ? never() : answer;
      }
      if (point.when === 'after') await effect();
      die(name);
      return never();
    },
    now: (name, effect) => {
      if (isDead) return dead();
      if (!isLast()) return effect();
      if (point.when === 'after') effect();
      die(name);
      return dead();
    },
    isDead: () => isDead,
  };
  return { ports: guarded(ports, guard), died };
};

/** Runs something over the ports of a dying process: what it came to, or at which call it died. */
export const untilDeath = async <A>(
  died: Promise<string>,
  run: () => Promise<A>,
): Promise<Readonly<{ died: string }> | Readonly<{ ended: A }>> => {
  const death = died.then((name) => ({ died: name }));
  const ending = run().then(
    (ended) => ({ ended }),
    (thrown: unknown) => {
      if (thrown instanceof Killed) return death;
      throw thrown;
    },
  );
  const first = await Promise.race([death, ending]);
  // An effect that the last call began is on the disk before anybody looks at it.
  if ('died' in first) await new Promise((resolve) => setImmediate(resolve));
  return first;
};

/** Both sides of every call that was counted. */
export const faultPoints = (
  calls: readonly string[],
): readonly (FaultPoint & Readonly<{ name: string }>)[] =>
  calls.flatMap((name, index) => [
    { call: index + 1, when: 'before', name } as const,
    { call: index + 1, when: 'after', name } as const,
  ]);
