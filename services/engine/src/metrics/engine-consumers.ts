import type { EventStore } from '@daybook/event-store';
import { lagOf, type Lag } from '@daybook/projection';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PositionUnit } from '../config.js';
import type { Engine } from '../engine.js';
import { definitions, type ReadModels } from '../read-models.js';
import type { ConsumerSource, ConsumerState, ConsumerStatus } from './consumer-status.js';

type Reader = Pick<EventStore, 'readAll' | 'head'>;

export type EngineConsumers = Readonly<{
  engine: Pick<Engine, 'positionsAre' | 'processes' | 'scheduler' | 'work'>;
  models: ReadModels;
  reader: Reader;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Why the node's parts are not at work, or null while they are. */
  running: () => string | null;
  /** Does this node run the processes? Default: true. Where it does not, nothing is said of them. */
  hasProcesses?: boolean;
}>;

type Position = Readonly<{ position: () => number; handles: readonly string[] }>;
type Found = Pick<ConsumerStatus, 'position' | 'lagEvents' | 'lagSeconds'>;

const MS = 1_000;

/** One look at the end of the log serves all consumers. */
const lagReader = (reader: Reader, head: number): Reader => ({
  readAll: (options) => reader.readAll(options),
  head: () => TE.right(head),
});

type Looked = Readonly<{ position: number; lag: E.Either<unknown, Lag>; unit: PositionUnit }>;

/** Bytes are not shown as events: that something waits, and since when, is known; how much is not. */
const foundOf = ({ position, lag, unit }: Looked): Found => {
  if (E.isLeft(lag)) return { position, lagEvents: null, lagSeconds: null };
  const { events, milliseconds } = lag.right;
  const isCounted = unit === 'events' || events === 0;
  return { position, lagEvents: isCounted ? events : null, lagSeconds: milliseconds / MS };
};

/** Remembers since when each consumer has been in its state, as far as somebody looked. */
const makeSince = (clock: () => number): ((name: string, state: ConsumerState) => number) => {
  const seen = new Map<string, Readonly<{ state: ConsumerState; since: number }>>();
  return (name, state) => {
    const before = seen.get(name);
    if (before?.state === state) return before.since;
    const since = clock();
    seen.set(name, { state, since });
    return since;
  };
};

/** The scheduler keeps no position: what is due and not done is what it is behind with. */
const schedulerLag = ({ engine, clock }: EngineConsumers): Found => {
  const nextAt = engine.scheduler.nextDueAt();
  const lateMs = nextAt === null ? 0 : Math.max(0, clock() - nextAt);
  return { position: null, lagEvents: null, lagSeconds: lateMs / MS };
};

/** How the read models and the processes of an engine stand: of each, with one look into the log. */
export const engineConsumers = (deps: EngineConsumers): ConsumerSource => {
  const { engine, models, reader, clock, running, hasProcesses = true } = deps;
  const sinceOf = makeSince(clock);
  const stateNow = (): ConsumerState => (running() === null ? 'running' : 'stopped');
  const statusOf = (
    of: Pick<ConsumerStatus, 'name' | 'kind'>,
    found: Found,
    counts: Pick<ConsumerStatus, 'retries' | 'parked'> = { retries: 0, parked: 0 },
  ): ConsumerStatus => {
    const state = stateNow();
    return { ...of, ...found, ...counts, state, since: sinceOf(of.name, state) };
  };
  const lagged = async (at: Position, head: number | null): Promise<Found> => {
    if (head === null) return { position: at.position(), lagEvents: null, lagSeconds: null };
    const position = at.position();
    const lag = await lagOf(at, lagReader(reader, head), clock())();
    return foundOf({ position, lag, unit: engine.positionsAre });
  };
  const projections = async (head: number | null): Promise<ConsumerStatus[]> => {
    const found: ConsumerStatus[] = [];
    for (const [key, model] of Object.entries(models)) {
      const { name, handles } = definitions[key as keyof typeof definitions];
      const at = { position: model.position, handles };
      found.push(statusOf({ name, kind: 'projection' }, await lagged(at, head)));
    }
    return found;
  };
  const processes = async (head: number | null): Promise<ConsumerStatus[]> => {
    const counts = new Map(engine.work.counts().map((each) => [each.process, each]));
    const found: ConsumerStatus[] = [];
    for (const [name, { position, types, retries }] of Object.entries(engine.processes)) {
      const lag = await lagged({ position, handles: types }, head);
      const parked = counts.get(name)?.parked ?? 0;
      found.push(statusOf({ name, kind: 'process' }, lag, { retries: retries(), parked }));
    }
    return [...found, statusOf({ name: 'scheduler', kind: 'process' }, schedulerLag(deps))];
  };
  return async () => {
    const asked = await reader.head()();
    const head = E.isRight(asked) ? asked.right : null;
    return [...(await projections(head)), ...(hasProcesses ? await processes(head) : [])];
  };
};
