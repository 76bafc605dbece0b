/** What follows the log: read models, processes, and whatever brings events to others. */
export const consumerKinds = ['projection', 'process', 'relay', 'webhooks', 'connector'] as const;
export type ConsumerKind = (typeof consumerKinds)[number];

/**
 * `waiting`: it tries again by itself, such as while a broker is away. `standing-back`: another node does this
 * work. `blocked`: somebody must look. `stopped`: it does nothing any more.
 */
export const consumerStates = [
  'starting',
  'running',
  'waiting',
  'standing-back',
  'blocked',
  'stopped',
] as const;
export type ConsumerState = (typeof consumerStates)[number];

/** How one consumer stands. Whatever follows the log can be put into these words. */
export type ConsumerStatus = Readonly<{
  /** From a set that does not grow with use: it is a label of metrics. */
  name: string;
  kind: ConsumerKind;
  /** Everything in the log up to here is done, or set aside; null: not known, or it keeps none. */
  position: number | null;
  /** Events of the log between it and the end while something waits; null where positions do not count events. */
  lagEvents: number | null;
  /** Age of the oldest event that waits for it, or by how much what is due is late; 0 when nothing is. */
  lagSeconds: number | null;
  /** Attempts after a first one, since it started. */
  retries: number;
  /** Set aside for a person. */
  parked: number;
  state: ConsumerState;
  /** Since when it is in this state, epoch milliseconds; null: not known. */
  since: number | null;
  /** A word or a few for a person; never text of a session, and never a label. */
  reason?: string;
}>;

/** Looks at consumers now. It does not reject for what may be expected: a status says so. */
export type ConsumerSource = () => Promise<readonly ConsumerStatus[]>;
