/**
 * One group: hands each event to one of its consumers, again until it is acknowledged, and parks what fails too
 * often. It reads on only while a consumer has room, so it holds no more than its consumers asked for.
 */
import type { StoredEvent } from '@daybook/event-store';
import type { GroupSettings, NackAction } from './requests.js';

/** An event on its way. `place` is its revision, or its position in the whole log. */
export type Message = {
  readonly event: StoredEvent;
  readonly place: number;
  retries: number;
  /** Of one that was parked and comes again: it stands behind the checkpoint, and does not move it. */
  readonly settled?: () => void;
};

export type Consumer = Readonly<{
  room: number;
  send: (message: Message) => void;
  /** Ends it: the group is deleted or the store fails. */
  drop: () => void;
}>;

export type GroupDeps = Readonly<{
  settings: GroupSettings;
  /** Events from a place on, inclusive, until the signal aborts. */
  source: (from: number, signal: AbortSignal) => AsyncIterable<StoredEvent>;
  placeOf: (event: StoredEvent) => number;
  /** False when it could not be. */
  park: (message: Message) => Promise<boolean>;
  saveCheckpoint: (place: number) => Promise<void>;
}>;

export type Group = Readonly<{
  join: (consumer: Consumer) => Membership;
  consumers: () => number;
  /** Sends what was parked again; true when a consumer has settled it, false when the group closes first. */
  replay: (event: StoredEvent) => Promise<boolean>;
  /** Drops every consumer and forgets what was in flight. */
  close: () => void;
}>;

export type Membership = Readonly<{
  ack: (ids: readonly string[]) => void;
  nack: (ids: readonly string[], action: NackAction) => void;
  leave: () => void;
}>;

type Sent = Readonly<{ message: Message; timer: NodeJS.Timeout }>;
type Member = Readonly<{ consumer: Consumer; sent: Map<string, Sent> }>;

type State = {
  readonly deps: GroupDeps;
  /** In turn: who got the last event is the last to get the next. */
  members: Member[];
  readonly again: Message[];
  /** Who waits for what is replayed. */
  readonly replays: Set<(isSettled: boolean) => void>;
  /** Places that were read and are not settled, lowest first: the order in which they were read. */
  readonly open: Set<number>;
  next: number;
  saved: number;
  settled: number;
  saving: NodeJS.Timeout | undefined;
  reading: AbortController | undefined;
  wake: () => void;
};

const nothing = (): void => undefined;

const saveNow = (state: State): void => {
  clearTimeout(state.saving);
  state.saving = undefined;
  state.settled = 0;
  const [lowest = state.next] = state.open;
  if (lowest === state.saved) return;
  state.saved = lowest;
  void state.deps.saveCheckpoint(lowest);
};

const settle = (state: State, { place, settled }: Message): void => {
  if (settled !== undefined) {
    settled();
    return;
  }
  const { checkpointAfterMs, maxCheckpointCount } = state.deps.settings;
  state.open.delete(place);
  state.settled += 1;
  if (maxCheckpointCount > 0 && state.settled >= maxCheckpointCount) saveNow(state);
  else state.saving ??= setTimeout(() => saveNow(state), checkpointAfterMs);
};

const freeMember = (state: State): Member | undefined =>
  state.members.find(({ consumer, sent }) => sent.size < consumer.room);

const sendTo = (state: State, member: Member, message: Message): void => {
  const { settings } = state.deps;
  const timer = setTimeout(() => {
    member.sent.delete(message.event.id);
    retry(state, message);
  }, settings.messageTimeoutMs);
  member.sent.set(message.event.id, { message, timer });
  state.members = [...state.members.filter((other) => other !== member), member];
  member.consumer.send(message);
};

const park = (state: State, message: Message): void => {
  void state.deps.park(message).then((isParked) => {
    if (isParked) {
      settle(state, message);
      return;
    }
    // The store failed: whoever comes next gets it again.
    state.again.push(message);
    for (const { consumer } of [...state.members]) consumer.drop();
  });
};

const retry = (state: State, message: Message): void => {
  message.retries += 1;
  if (message.retries > state.deps.settings.maxRetryCount) park(state, message);
  else state.again.push(message);
  dispatch(state);
};

/** Sends what waits to be sent again, as long as somebody has room. */
const dispatch = (state: State): void => {
  for (let member = freeMember(state); member !== undefined; member = freeMember(state)) {
    const message = state.again.shift();
    if (message === undefined) break;
    sendTo(state, member, message);
  }
  state.wake();
};

const room = (state: State, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!signal.aborted && freeMember(state) === undefined) return;
      state.wake = nothing;
      resolve();
    };
    state.wake = look;
    look();
  });

const read = async (state: State, signal: AbortSignal): Promise<void> => {
  const { deps } = state;
  await room(state, signal);
  for await (const event of deps.source(state.next, signal)) {
    if (signal.aborted) return;
    const place = deps.placeOf(event);
    state.next = place + 1;
    state.open.add(place);
    state.again.push({ event, place, retries: 0 });
    dispatch(state);
    await room(state, signal);
    if (signal.aborted) return;
  }
};

const start = (state: State): void => {
  if (state.reading !== undefined) return;
  const reading = new AbortController();
  state.reading = reading;
  void read(state, reading.signal).finally(() => {
    if (state.reading !== reading) return;
    state.reading = undefined;
    // The store failed under it: consumers connect again and find out.
    for (const { consumer } of [...state.members]) consumer.drop();
  });
};

const stop = (state: State): void => {
  const { reading } = state;
  state.reading = undefined;
  reading?.abort();
  state.wake();
};

const taken = (member: Member, id: string): Message | undefined => {
  const sent = member.sent.get(id);
  clearTimeout(sent?.timer);
  member.sent.delete(id);
  return sent?.message;
};

const refuse = (state: State, message: Message, action: NackAction): void => {
  if (action === 'park') park(state, message);
  else if (action === 'skip') settle(state, message);
  else retry(state, message);
};

const leave = (state: State, member: Member): void => {
  if (!state.members.includes(member)) return;
  state.members = state.members.filter((other) => other !== member);
  for (const id of [...member.sent.keys()]) {
    const message = taken(member, id);
    // Nobody refused it: it is sent again, and not counted.
    if (message !== undefined) state.again.push(message);
  }
  state.again.sort((a, b) => a.place - b.place);
  if (state.members.length > 0) dispatch(state);
  else {
    stop(state);
    saveNow(state);
  }
};

const join = (state: State, consumer: Consumer): Membership => {
  const member: Member = { consumer, sent: new Map() };
  state.members.push(member);
  start(state);
  dispatch(state);
  return {
    ack: (ids) => {
      for (const id of ids) {
        const message = taken(member, id);
        if (message !== undefined) settle(state, message);
      }
      dispatch(state);
    },
    nack: (ids, action) => {
      for (const id of ids) {
        const message = taken(member, id);
        if (message !== undefined) refuse(state, message, action);
      }
      dispatch(state);
      if (action === 'stop') consumer.drop();
    },
    leave: () => leave(state, member),
  };
};

const replay = (state: State, event: StoredEvent): Promise<boolean> =>
  new Promise((resolve) => {
    const done = (isSettled: boolean): void => {
      state.replays.delete(done);
      resolve(isSettled);
    };
    state.replays.add(done);
    const place = state.deps.placeOf(event);
    state.again.push({ event, place, retries: 0, settled: () => done(true) });
    dispatch(state);
  });

/** A group that goes on at `from`, the lowest place that is not settled. */
export const makeGroup = (deps: GroupDeps, from: number): Group => {
  const state: State = {
    deps,
    members: [],
    again: [],
    replays: new Set(),
    open: new Set(),
    next: from,
    saved: from,
    settled: 0,
    saving: undefined,
    reading: undefined,
    wake: nothing,
  };
  return {
    join: (consumer) => join(state, consumer),
    consumers: () => state.members.length,
    replay: (event) => replay(state, event),
    close: () => {
      for (const { consumer } of [...state.members]) consumer.drop();
      for (const done of [...state.replays]) done(false);
      stop(state);
      clearTimeout(state.saving);
    },
  };
};
