import type { DeliveryState } from '../deliveries/rows.js';

/** What a connector is doing. Instants are epoch milliseconds. */
export type ConnectorState =
  | Readonly<{ _tag: 'Idle' | 'Delivering' | 'Stopped' }>
  /** Not reachable, or its limits are used up; it goes on by itself. */
  | Readonly<{ _tag: 'Paused'; since: number; until: number; reason: string }>
  /** The credentials are refused: somebody must look. It still tries again, now and then. */
  | Readonly<{ _tag: 'Blocked'; since: number; until: number; reason: string }>
  | Readonly<{ _tag: 'LogUnavailable'; since: number; reason: string }>;

/** Counters since the connector started. */
export type Counters = Readonly<{
  delivered: number;
  cancelled: number;
  skipped: number;
  parked: number;
  /** Attempts of single deliveries that are made again. */
  retries: number;
  /** How often the connector had to wait as a whole. */
  pauses: number;
}>;

export type Progress = Readonly<{
  idle: () => void;
  delivering: () => void;
  /** The remote system answered, whatever it said. */
  answered: () => void;
  settled: (state: DeliveryState) => void;
  retried: () => void;
  paused: (pause: Readonly<{ until: number; reason: string; isBlocked: boolean }>) => void;
  logUnavailable: (reason: string) => void;
  stopped: () => void;
  pausedUntil: () => number;
  pausesInARow: () => number;
  state: () => ConnectorState;
  counters: () => Counters;
}>;

const COUNTED: readonly DeliveryState[] = ['delivered', 'cancelled', 'skipped', 'parked'];

export const makeProgress = (clock: () => number): Progress => {
  let state: ConnectorState = { _tag: 'Idle' };
  let [until, inARow] = [0, 0];
  const counts = { delivered: 0, cancelled: 0, skipped: 0, parked: 0, retries: 0, pauses: 0 };
  const sinceOf = (tag: ConnectorState['_tag']): number =>
    state._tag === tag && 'since' in state ? state.since : clock();
  return {
    idle: () => {
      if (state._tag !== 'LogUnavailable') state = { _tag: 'Idle' };
    },
    delivering: () => {
      if (state._tag === 'Idle') state = { _tag: 'Delivering' };
    },
    answered: () => {
      state = { _tag: 'Delivering' };
      inARow = 0;
    },
    settled: (settled) => {
      if (COUNTED.includes(settled)) counts[settled as 'delivered'] += 1;
    },
    retried: () => void (counts.retries += 1),
    paused: (pause) => {
      const _tag = pause.isBlocked ? 'Blocked' : 'Paused';
      state = { _tag, since: sinceOf(_tag), until: pause.until, reason: pause.reason };
      until = pause.until;
      inARow += 1;
      counts.pauses += 1;
    },
    logUnavailable: (reason) => {
      state = { _tag: 'LogUnavailable', since: sinceOf('LogUnavailable'), reason };
    },
    stopped: () => {
      state = { _tag: 'Stopped' };
    },
    pausedUntil: () => until,
    pausesInARow: () => inARow,
    state: () => state,
    counters: () => ({ ...counts }),
  };
};
