import type { Ran, TransactionalCheckpoint } from './checkpoint.js';
import type { PublishedEvent } from './event.js';
import type { PrepareOptions } from './prepare.js';
import type { Place } from './settings.js';

/** What a handler gets beside the event. */
export type Context<Tx, Done> = Readonly<{
  /**
   * Runs the effect in the transaction that also remembers the event: once for ever, however often the
   * event is delivered. `repeated` when it was done before; then the effect is not run.
   */
  checkpoint: (effect: (tx: Tx) => Done) => Promise<Ran>;
  /** 1 at the first try in this process; a crash begins anew. */
  attempt: number;
  /** Aborted when the subscriber is asked to stop. The handler may finish. */
  signal: AbortSignal;
}>;

/** Resolves when the event is done with; what it throws or rejects with is tried again. */
export type Handler<Tx, Done> = (
  event: PublishedEvent,
  context: Context<Tx, Done>,
) => Promise<unknown>;

export type RetrySettings = Readonly<{
  /**
   * Tries before a message is parked. `Infinity` never parks: then a failing message holds its company,
   * and all of them once a whole window waits behind it. Default 5.
   */
  attemptsMax: number;
  /** The wait after the first failure; doubled after each. Default 200 ms. */
  firstMs: number;
  /** Default 30 s. */
  longestMs: number;
}>;

/** For logs and counters. Nothing in it comes from an event's data or an error's message. */
export type Notice =
  | Readonly<{ _tag: 'Retrying'; sequence: number; attempt: number; error: string; waitMs: number }>
  | Readonly<{ _tag: 'Parked'; sequence: number; subject: string; reason: ParkedReason }>
  /** Messages with these sequences were removed before this subscriber saw them. */
  | Readonly<{ _tag: 'MessagesMissing'; first: number; last: number }>
  | Readonly<{ _tag: 'SessionEnded'; reason: string }>;

export type ParkedReason =
  | 'handler-failed'
  | 'not-decodable'
  /** Delivered as often as the consumer allows and never settled: it may be what ends the process. */
  | 'deliveries-exhausted';

export type SubscriberOptions<Tx, Done> = Place &
  Readonly<{
    handle: Handler<Tx, Done>;
    checkpoint: TransactionalCheckpoint<Tx, Done>;
    /** What is handled one after the other: a company's events, beside those of others, or all. Default `company`. */
    order?: 'company' | 'all';
    retry?: Partial<RetrySettings>;
    /** Makes the durable when there is none; needs permissions that a subscriber otherwise does without. */
    prepare?: PrepareOptions;
    notice?: (notice: Notice) => void;
    /** Epoch milliseconds. Default: the machine's. */
    clock?: () => number;
  }>;
