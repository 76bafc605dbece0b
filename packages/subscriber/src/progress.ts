/** What a subscriber is doing. */
export type State =
  | Readonly<{ _tag: 'Connecting' }>
  | Readonly<{ _tag: 'Reading' }>
  /** The broker cannot be used; it is tried again with back-off. */
  | Readonly<{ _tag: 'Waiting'; reason: string }>
  /** The consumer is missing, or not as it must be: somebody must look. It is still tried again. */
  | Readonly<{ _tag: 'Blocked'; reason: string }>
  | Readonly<{ _tag: 'Stopped' }>;

export type Counters = Readonly<{
  received: number;
  handled: number;
  /** Effects that had been done before and were not run again. */
  repeated: number;
  /** Of types that this version does not know. */
  passedOver: number;
  retries: number;
  parked: number;
  /** Removed from the stream before they could be read. */
  missing: number;
  sessions: number;
}>;

export type Progress = Readonly<{
  enter: (state: State) => void;
  state: () => State;
  counters: () => Counters;
  received: () => void;
  handled: () => void;
  repeated: () => void;
  passedOver: () => void;
  retried: () => void;
  parked: () => void;
  missing: (messages: number) => void;
  session: () => void;
}>;

export const makeProgress = (): Progress => {
  let state: State = { _tag: 'Connecting' };
  const counters = {
    received: 0,
    handled: 0,
    repeated: 0,
    passedOver: 0,
    retries: 0,
    parked: 0,
    missing: 0,
    sessions: 0,
  };
  const adding = (name: keyof typeof counters) => (): void => {
    counters[name] += 1;
  };
  return {
    enter: (entered) => {
      state = entered;
    },
    state: () => state,
    counters: () => ({ ...counters }),
    received: adding('received'),
    handled: adding('handled'),
    repeated: adding('repeated'),
    passedOver: adding('passedOver'),
    retried: adding('retries'),
    parked: adding('parked'),
    missing: (messages) => {
      counters.missing += messages;
    },
    session: adding('sessions'),
  };
};
