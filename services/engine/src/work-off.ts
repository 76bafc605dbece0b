import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoints } from './checkpoints.js';
import type { UnfinishedWork } from './parked.js';
import type { ProcessFailure, Task, Undone, WorkDefinition } from './process-definition.js';
import { delayAfter } from './retry.js';

/** Attempts that are made together. */
const DUE_MAX = 64;

type Ran<A = void> = E.Either<ProcessFailure, A>;

/** A stream that cannot be read: no attempt changes that, and it concerns this event alone. */
const isFinal = (
  failure: ProcessFailure,
): failure is Extract<ProcessFailure, { _tag: 'CorruptEvent' }> => failure._tag === 'CorruptEvent';

/** In words for the list: where it stands, nothing of what it says. */
export const unreadable = ({
  type,
  revision,
  stream,
}: Extract<ProcessFailure, { _tag: 'CorruptEvent' }>): string =>
  `unreadable ${type}, revision ${revision} of ${stream}`;

const behind = (eventId: string): string => `waits for ${eventId}`;

/** Each task by itself, so that one that can never succeed keeps nobody else. */
const oneByOne = async (
  { work, order }: WorkDefinition,
  tasks: readonly Task[],
): Promise<Ran<readonly Undone[]>> => {
  const undone: Undone[] = [];
  const blocked = new Map<string, string>();
  const park = (event: StoredEvent, reason: string): void => {
    if (order === 'per-stream') blocked.set(event.stream, event.id);
    undone.push({ event, outcome: 'park', reason, retryAfterMs: null });
  };
  for (const task of tasks) {
    const { event } = task;
    const first = blocked.get(event.stream);
    if (first !== undefined) {
      park(event, behind(first));
      continue;
    }
    const worked = await work([task]);
    if (E.isRight(worked)) {
      for (const one of worked.right) undone.push(one);
      continue;
    }
    if (!isFinal(worked.left)) return worked;
    park(event, unreadable(worked.left));
  }
  return E.right(undone);
};

/**
 * Makes attempts, and keeps the list of what is not done: waiting work with the time of its next
 * attempt, parked work without. The list is written before any checkpoint passes the events.
 */
export class WorkOff {
  /** Attempts after a first one. */
  retries = 0;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly unfinished: Checkpoints['unfinished'],
    private readonly definition: WorkDefinition,
  ) {}

  /** Events that have come: everything that is not done afterwards is on the list. */
  async handle(events: readonly StoredEvent[]): Promise<Ran> {
    const tasks: Task[] = [];
    for (const event of events) {
      const task = this.first(event);
      if (E.isLeft(task)) return task;
      if (task.right !== null) tasks.push(task.right);
    }
    return this.run(tasks);
  }

  /** Attempts that are due now. */
  async due(): Promise<Ran> {
    const { name, retry } = this.definition;
    const now = retry.clock();
    for (;;) {
      // What is behind other work of its stream stays due, and follows when that is done.
      const rows = this.unfinished.due(name, now, DUE_MAX);
      if (rows.length === 0) return E.right(undefined);
      const tasks: Task[] = [];
      for (const row of rows) {
        const task = await this.again(row);
        if (E.isLeft(task)) return task;
        if (task.right !== null) tasks.push(task.right);
      }
      const ran = await this.run(tasks);
      if (E.isLeft(ran)) return ran;
    }
  }

  /** Null where the list has the event, or now has it: it is no longer for whoever follows the log. */
  private first(event: StoredEvent): Ran<Task | null> {
    const { retry } = this.definition;
    if (this.unfinished.find(this.key(event)) !== null) return E.right(null);
    const isLast = retry.policy.attemptsMax <= 1;
    const blocker = this.blocker(event);
    if (blocker === null) return E.right({ event, attempt: 1, isLast });
    const { stream, revision, position } = event;
    const counts = { attempts: 0, attemptsInRound: 0, since: retry.clock() };
    const row = { ...this.key(event), stream, revision, position, reason: '', ...counts };
    return E.map(() => null)(this.keepBehind(row, blocker));
  }

  private async again(row: UnfinishedWork): Promise<Ran<Task | null>> {
    const event = await this.eventOf(row);
    if (E.isLeft(event)) return event;
    const blocker = this.blocker(event.right);
    if (blocker !== null) return E.map(() => null)(this.keepBehind(row, blocker));
    this.retries += 1;
    const isLast = row.attemptsInRound + 1 >= this.definition.retry.policy.attemptsMax;
    return E.right({ event: event.right, attempt: row.attempts + 1, isLast });
  }

  private async run(tasks: readonly Task[]): Promise<Ran> {
    if (tasks.length === 0) return E.right(undefined);
    const together = await this.definition.work(tasks);
    const worked =
      E.isLeft(together) && isFinal(together.left)
        ? await oneByOne(this.definition, tasks)
        : together;
    if (E.isLeft(worked)) return worked;
    const undone = new Map(worked.right.map((one) => [one.event.id, one]));
    for (const task of tasks) {
      const kept = this.keep(task, undone.get(task.event.id) ?? null);
      if (E.isLeft(kept)) return kept;
    }
    return E.right(undefined);
  }

  /** Work that was done at once was never listed, and costs no write. */
  private keep(task: Task, undone: Undone | null): Ran {
    const { event } = task;
    const before = this.unfinished.find(this.key(event));
    if (undone === null)
      return before === null ? E.right(undefined) : this.unfinished.done(this.key(event));
    const { stream, revision, position } = event;
    const { reason, outcome, retryAfterMs } = undone;
    const { retry } = this.definition;
    const attempts = Math.max(task.attempt, undone.attempts ?? 0);
    const attemptsInRound = (before?.attemptsInRound ?? 0) + 1;
    const since = retry.clock();
    const place = { ...this.key(event), stream, revision, position };
    const row = { ...place, reason, attempts, attemptsInRound, since };
    if (outcome === 'park' || task.isLast) return this.unfinished.park(row);
    const dueAt = since + delayAfter(retry, attemptsInRound, retryAfterMs);
    return this.unfinished.wait({ ...row, dueAt });
  }

  /** It comes when the work before it comes, or is parked with it. */
  private keepBehind(row: Omit<UnfinishedWork, 'dueAt'>, blocker: UnfinishedWork): Ran {
    const { dueAt, eventId } = blocker;
    const waiting = { ...row, reason: behind(eventId) };
    return dueAt === null
      ? this.unfinished.park(waiting)
      : this.unfinished.wait({ ...waiting, dueAt });
  }

  /** Earlier work of the stream that has to be done first. */
  private blocker(event: StoredEvent): UnfinishedWork | null {
    const { name, order } = this.definition;
    return order === 'none' ? null : this.unfinished.findBefore(name, event);
  }

  private key({ id }: StoredEvent): Readonly<{ process: string; eventId: string }> {
    return { process: this.definition.name, eventId: id };
  }

  private async eventOf({ stream, revision, eventId }: UnfinishedWork): Promise<Ran<StoredEvent>> {
    for await (const page of this.store.readStream(stream, { from: revision, limit: 1 })) {
      if (E.isLeft(page)) return page;
      const event = page.right.events.find(({ id }) => id === eventId);
      if (event !== undefined) return E.right(event);
    }
    const message = `${eventId} is not at revision ${revision} of ${stream}: processes.db belongs to another log. It may be deleted; the processes then start over.`;
    return E.left({ _tag: 'CorruptStore', message });
  }
}
