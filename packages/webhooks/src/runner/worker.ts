import type {
  AllPage,
  EventStore,
  ReadAllOptions,
  ReadError,
  StoredEvent,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { storedTypesFor } from '../event-types.js';
import type { EndpointTable } from '../file/endpoints.js';
import type { HistoryTables } from '../file/history.js';
import type { Recorder } from '../file/recorder.js';
import type { Endpoint, Parked } from '../file/rows.js';
import { type Attempting, attemptMessage, messageOfEvent } from './attempt.js';
import type { Slots } from './slots.js';
import type { Resting, Tail } from './tail.js';
import type { Bell } from './timer.js';

export type WorkerDeps = Attempting &
  Readonly<{
    store: Pick<EventStore, 'readAll'>;
    table: EndpointTable;
    history: Pick<HistoryTables, 'wantedParked'>;
    recorder: Recorder;
    slots: Slots;
    tail: Tail;
    stopping: AbortSignal;
  }>;

/** What one endpoint's sender knows; the rest is in the file. */
export type Worker = {
  readonly id: string;
  readonly bell: Bell;
  epoch: number;
  /** Everything up to here is dealt with; ahead of the file while nothing comes. */
  reached: number;
  resting: Resting | undefined;
};

/** What a step came to. */
export type Step =
  | Readonly<{ _tag: 'Again' | 'CaughtUp' | 'Removed' | 'Idle' }>
  | Readonly<{ _tag: 'WaitUntil'; at: number }>
  | Readonly<{ _tag: 'LogUnreadable'; problem: ReadError }>;

const AGAIN: Step = { _tag: 'Again' };
const NOTHING: AllPage = { events: [], checkpoint: 0, caughtUp: true };
const PAGE_EVENTS = 100;
/** After so many messages another endpoint has its turn. */
const MESSAGES_PER_TURN = 25;

const firstPage = async (
  store: Pick<EventStore, 'readAll'>,
  options: ReadAllOptions,
): Promise<E.Either<ReadError, AllPage | undefined>> => {
  for await (const page of store.readAll(options)) return page;
  return E.right(undefined);
};

type Delivered = 'delivered' | 'not-meant' | 'not-delivered';

/** Sends one message and writes down what came of it. */
const deliver = async (
  deps: WorkerDeps,
  endpoint: Endpoint,
  stored: StoredEvent,
): Promise<Delivered> => {
  const event = messageOfEvent(endpoint, stored);
  if (event === undefined) return 'not-meant';
  const { waiting } = endpoint;
  const nth = waiting?.event === event.id ? waiting.attempts + 1 : 1;
  const attempt = await attemptMessage(deps, endpoint, { event, nth, isLast: false });
  if (attempt === undefined) return 'not-delivered';
  deps.recorder.attempt(endpoint, attempt);
  return attempt.verdict._tag === 'Delivered' ? 'delivered' : 'not-delivered';
};

/** In their order until one is not delivered; true when all of them are dealt with. */
const deliverAll = async (
  deps: WorkerDeps,
  worker: Worker,
  given: Readonly<{ endpoint: Endpoint; events: readonly StoredEvent[] }>,
): Promise<boolean> => {
  const { endpoint, events } = given;
  let messages = 0;
  for (const event of events) {
    if (deps.stopping.aborted || messages === MESSAGES_PER_TURN) return false;
    // Somebody disabled it, removed it, or had it begin elsewhere, while this was under way.
    if (deps.table.find(endpoint.id)?.epoch !== endpoint.epoch) return false;
    const delivered = await deliver(deps, endpoint, event);
    if (delivered === 'not-delivered') return false;
    worker.reached = event.position;
    if (delivered === 'delivered') messages += 1;
  }
  return true;
};

const deliverPage = async (deps: WorkerDeps, worker: Worker, endpoint: Endpoint): Promise<Step> => {
  const filter = { types: [...storedTypesFor(endpoint.types)] };
  const after = worker.reached;
  const tail = deps.tail.position();
  const page = await firstPage(deps.store, { after, filter, pageSize: PAGE_EVENTS });
  if (E.isLeft(page)) return { _tag: 'LogUnreadable', problem: page.left };
  // Nothing was there to read, not even a page without events.
  const { events, checkpoint, caughtUp } = page.right ?? NOTHING;
  if (!(await deliverAll(deps, worker, { endpoint, events }))) return AGAIN;
  // What the tail had passed before this read began was there to be read.
  worker.reached = Math.max(worker.reached, checkpoint, caughtUp ? tail : 0);
  if (worker.reached > endpoint.position) deps.recorder.passed(endpoint, worker.reached);
  return caughtUp ? { _tag: 'CaughtUp' } : AGAIN;
};

/** A parked message once more: out of its order, because those after it have been sent. */
const resend = async (deps: WorkerDeps, endpoint: Endpoint, parked: Parked): Promise<Step> => {
  const page = await firstPage(deps.store, { after: parked.position - 1, limit: 1 });
  if (E.isLeft(page)) return { _tag: 'LogUnreadable', problem: page.left };
  const [stored] = page.right?.events ?? [];
  const event = stored === undefined ? undefined : messageOfEvent(endpoint, stored);
  if (event === undefined || event.id !== parked.event) {
    // The log is another one, or publishes it differently by now. Nobody else's messages wait for that.
    deps.recorder.unwanted(endpoint.id, parked.position);
    return AGAIN;
  }
  const nth = parked.attempts + 1;
  const attempt = await attemptMessage(deps, endpoint, { event, nth, isLast: true });
  if (attempt !== undefined) deps.recorder.parkedAttempt(endpoint, parked, attempt);
  return AGAIN;
};

/** The endpoint as the file has it now. A change from outside takes back what was known of its place. */
const look = (deps: WorkerDeps, worker: Worker): Endpoint | undefined => {
  const endpoint = deps.table.find(worker.id);
  if (endpoint === undefined) return undefined;
  const isChanged = endpoint.epoch !== worker.epoch;
  worker.epoch = endpoint.epoch;
  worker.reached = isChanged ? endpoint.position : Math.max(worker.reached, endpoint.position);
  return endpoint;
};

/** The next thing to do for an endpoint, done. One message is under way at a time, so order holds. */
export const step = async (deps: WorkerDeps, worker: Worker): Promise<Step> => {
  const endpoint = look(deps, worker);
  if (endpoint === undefined) return { _tag: 'Removed' };
  if (endpoint.disabled !== null) return { _tag: 'Idle' };
  const [wanted] = deps.history.wantedParked(worker.id, 1);
  if (wanted !== undefined) return deps.slots.use(() => resend(deps, endpoint, wanted));
  const { waiting } = endpoint;
  if (waiting !== null && waiting.dueAt > deps.timer.now())
    return { _tag: 'WaitUntil', at: waiting.dueAt };
  return deps.slots.use(() => deliverPage(deps, worker, endpoint));
};

/** Waits for the next event of the endpoint's company, or for the bell. */
export const rest = async (deps: WorkerDeps, worker: Worker): Promise<void> => {
  const endpoint = deps.table.find(worker.id);
  if (endpoint === undefined || endpoint.epoch !== worker.epoch) return;
  const resting: Resting = {
    company: endpoint.company,
    storedTypes: storedTypesFor(endpoint.types),
    reached: worker.reached,
    wake: worker.bell.ring,
  };
  if (!deps.tail.rest(resting)) return;
  worker.resting = resting;
  await worker.bell.wait();
  deps.tail.rise(resting);
  worker.resting = undefined;
  worker.reached = Math.max(worker.reached, resting.reached);
};
