import type { RelayHealth, RelayMetrics, RelayState } from './health.js';
import type { RelaySettings } from './settings.js';

type Counters = Omit<RelayMetrics, 'lagEvents' | 'lagSeconds'>;

/** A state without its instant; a wait also without its count. */
type Entered =
  | Readonly<{ _tag: 'Connecting' | 'Publishing' | 'Stopped' }>
  | Readonly<{ _tag: 'Waiting'; reason: string }>
  | Omit<Extract<RelayState, { _tag: 'StandingBack' }>, 'since'>
  | Omit<Extract<RelayState, { _tag: 'Blocked' }>, 'since'>;

/** Where the relay is and how it got on: what health and metrics say. */
export type Progress = Readonly<{
  enter: (state: Entered) => void;
  connected: (serverVersion: string) => void;
  stored: () => void;
  unpublishable: () => void;
  watchInFlight: (count: () => number) => void;
  passed: (position: number) => void;
  resync: (fenceBroken: boolean) => void;
  /** Was the last failure a broken fence? Asked once. */
  fenceBroke: () => boolean;
  /** Wait before the next attempt: grows while nothing is stored. */
  waitMs: () => number;
  health: () => RelayHealth;
  counters: () => Counters;
}>;

type Deps = Readonly<{
  clock: () => number;
  random: () => number;
  settings: Pick<RelaySettings, 'backoffMs'>;
}>;

const DOUBLINGS_MAX = 20;

/** Since when: the same kind of state goes on from its first instant. */
const entered = (
  state: Entered,
  before: RelayState,
  at: Readonly<{ now: number; attempts: number }>,
): RelayState => {
  const since = before._tag === state._tag ? before.since : at.now;
  return state._tag === 'Waiting'
    ? { ...state, since, attempts: at.attempts }
    : { ...state, since };
};

export const makeProgress = (deps: Deps): Progress => {
  const { clock, random } = deps;
  const { first, longest } = deps.settings.backoffMs;
  let state: RelayState = { _tag: 'Connecting', since: clock() };
  let serverVersion: string | undefined;
  let position: number | undefined;
  let inFlight = (): number => 0;
  let wasFence = false;
  const counts = { published: 0, resyncs: 0, resyncsWithoutProgress: 0, unpublishable: 0 };
  return {
    enter: (next) => {
      state = entered(next, state, { now: clock(), attempts: counts.resyncsWithoutProgress });
    },
    connected: (version) => {
      serverVersion = version;
    },
    stored: () => {
      counts.published += 1;
      counts.resyncsWithoutProgress = 0;
    },
    unpublishable: () => {
      counts.unpublishable += 1;
    },
    watchInFlight: (count) => {
      inFlight = count;
    },
    passed: (reached) => {
      position = reached;
    },
    resync: (fenceBroken) => {
      counts.resyncs += 1;
      counts.resyncsWithoutProgress += 1;
      wasFence = fenceBroken;
    },
    fenceBroke: () => {
      const was = wasFence;
      wasFence = false;
      return was;
    },
    waitMs: () => {
      const doublings = Math.min(counts.resyncsWithoutProgress - 1, DOUBLINGS_MAX);
      const full = Math.min(longest, first * 2 ** Math.max(0, doublings));
      return full * (1 + random() / 4);
    },
    health: () => ({ state, serverVersion, position }),
    counters: () => ({ ...counts, inFlight: inFlight() }),
  };
};
