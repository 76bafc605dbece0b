import type { HandlingFailure } from '@daybook/command-handling';
import type { RuleBook } from '@daybook/domain/rules';
import type { EventStore, ReadError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { CommandDeps } from '../deps.js';
import { keepUp } from '../keep-up.js';
import { noting } from '../notes-file.js';
import type { FactTurns } from '../reconsider/fact-turns.js';
import type { Agenda, Due } from './agenda.js';
import type { Clock } from './clock.js';
import { workOff } from './due-work.js';

export type SchedulerFailure = HandlingFailure | ReadError;
type Ran = E.Either<SchedulerFailure, void>;

/**
 * Does what has to happen only because time passes: free credits at each company's own midnight, also
 * of months that were missed; time-outs of prompts and holds; lapses and alerts for those who listen.
 * Any number may run over one log: in effect everything happens once.
 */
export type Scheduler = Readonly<{
  /** Reads the log to its end and does everything that is due by the clock's now. */
  runDue: () => Promise<Ran>;
  /** Does what is due when it is due, until the signal aborts or something fails. */
  follow: (signal: AbortSignal) => Promise<Ran>;
  /** When something is due next, as far as the log has been read; null: nothing is. */
  nextDueAt: () => number | null;
  /** Something that kept it from acting may have gone: it looks again. */
  wake: () => void;
}>;

export type SchedulerDeps = CommandDeps &
  Readonly<{
    store: Pick<EventStore, 'readStream' | 'readAll' | 'subscribe' | 'head'>;
    agenda: Agenda;
    clock: Clock;
    turns: FactTurns;
    /** Something of this company is being read in, whose own past has yet to come: what is due waits. */
    isBusy?: (company: string) => boolean;
  }>;

/** After a store was contended, or while a company is being read in. */
const AGAIN_MS = 1_000;
const FAR_AHEAD = Number.MAX_SAFE_INTEGER;

/** Every threshold of days that any version of the rules has. */
export const expiryAlertDaysOf = (ruleBook: RuleBook): readonly number[] => [
  ...new Set(ruleBook.flatMap(({ expiryAlertDays }) => expiryAlertDays)),
];

/** A signal that is raised again and again: whoever waits goes on at the next one. */
const makeBell = () => {
  let ring: () => void = () => undefined;
  let rung = Promise.resolve();
  const reset = (): void => {
    rung = new Promise((resolve) => {
      ring = resolve;
    });
  };
  reset();
  return {
    ring: (): void => {
      ring();
      reset();
    },
    heard: () => rung,
  };
};

class Scheduling {
  private readonly bell = makeBell();
  private readonly work: (due: Due, now: number) => ReturnType<ReturnType<typeof workOff>>;

  constructor(private readonly deps: SchedulerDeps) {
    const work = workOff(deps);
    // A prompt that times out is decided on facts, like any entry of its session.
    this.work = (due, now) => deps.turns.reading(due.company, () => work(due, now));
  }

  wake(): void {
    this.bell.ring();
  }

  /**
   * One thing at a time, each after all that came of the one before: a grant of March lapses in April,
   * which may be over, too. So an engine that was down leaves the order that it would have left.
   */
  async runDue(): Promise<Ran> {
    const { store, agenda, clock, isBusy } = this.deps;
    let passedOver = 0;
    for (;;) {
      const read = await keepUp(store, agenda);
      if (E.isLeft(read)) return read;
      const now = clock.now();
      const due = agenda.due(now, passedOver);
      if (due === null) return E.right(undefined);
      if (isBusy?.(due.company) === true) {
        passedOver += 1;
        continue;
      }
      const done = await this.act(due, now);
      if (E.isLeft(done)) return done;
      if (!done.right) passedOver += 1;
    }
  }

  /** False: another node kept writing to the stream, perhaps this very thing. It stays due. */
  private async act(due: Due, now: number): Promise<E.Either<SchedulerFailure, boolean>> {
    const { agenda } = this.deps;
    const worked = await this.work(due, now);
    if (E.isLeft(worked)) return worked.left._tag === 'TooManyConflicts' ? E.right(false) : worked;
    const { againAt } = worked.right;
    const noted = noting(() => {
      if (againAt === null) agenda.done(due);
      else agenda.again(due, againAt);
    });
    if (E.isLeft(noted)) return noted;
    return E.right(true);
  }

  /** `heard` was taken before the log was read, so that nothing written since is slept through. */
  private async sleep(signal: AbortSignal, heard: Promise<void>): Promise<void> {
    const { agenda, clock } = this.deps;
    const nap = new AbortController();
    const isOver = AbortSignal.any([signal, nap.signal]);
    const nextAt = agenda.nextDueAt() ?? FAR_AHEAD;
    // What is due and could not be done is tried again a little later, not at once for ever.
    const until = nextAt <= clock.now() ? clock.now() + AGAIN_MS : nextAt;
    await Promise.race([clock.waitUntil(until, isOver), heard]);
    nap.abort();
  }

  /** What is written may make something due earlier than the next thing that was. */
  private async listen(signal: AbortSignal): Promise<Ran> {
    const { store, agenda } = this.deps;
    const { types } = agenda;
    const pages = store.subscribe({ after: agenda.read(), filter: { types }, signal });
    for await (const page of pages) {
      if (E.isLeft(page)) return page;
      if (page.right.events.length > 0) this.wake();
    }
    return E.right(undefined);
  }

  private async keepWorking(signal: AbortSignal): Promise<Ran> {
    while (!signal.aborted) {
      const heard = this.bell.heard();
      const worked = await this.runDue();
      if (E.isLeft(worked)) return worked;
      if (!signal.aborted) await this.sleep(signal, heard);
    }
    return E.right(undefined);
  }

  async follow(signal: AbortSignal): Promise<Ran> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const parts = [this.listen(either), this.keepWorking(either)].map(async (part) => {
      const ran = await part;
      stop.abort();
      return ran;
    });
    const ended = await Promise.all(parts);
    return ended.find(E.isLeft) ?? E.right(undefined);
  }
}

export const makeScheduler = (deps: SchedulerDeps): Scheduler => {
  const scheduling = new Scheduling(deps);
  return {
    runDue: () => scheduling.runDue(),
    follow: (signal) => scheduling.follow(signal),
    nextDueAt: () => deps.agenda.nextDueAt(),
    wake: () => scheduling.wake(),
  };
};
