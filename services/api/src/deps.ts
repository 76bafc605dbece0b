import type { RuleBook } from '@daybook/domain/rules';
import type { Engine, Metrics, ReadModels, WebhookRegistry } from '@daybook/engine';
import type { FastifyBaseLogger } from 'fastify';
import type { Companies } from './companies.js';
import type { Streams } from './events/streams.js';
import type { LogReader } from './log-reader.js';

/** Bounds of what one request may take. */
export type Limits = Readonly<{
  /** Body of a JSON request, bytes. */
  bodyBytes: number;
  /** Body of a journal that is sent as a stream, bytes. */
  journalBytes: number;
  /** Line problems that the answer to a journal lists; the others are counted. */
  problemsMax: number;
  /** How long a query waits for the position that `after` names, milliseconds. */
  waitMs: number;
  /** How long a request may take to be handled, milliseconds; a journal is bounded by `requestMs`. */
  handlerMs: number;
  /** How long a client may take to send a request, milliseconds. */
  requestMs: number;
  /** Ready means that no read model is further behind the log than this, positions. */
  lagMax: number;
  /** One that is further behind is ready as long as it moves: so long it may stand still, milliseconds. */
  stuckMs: number;
  /** Events of the log that one page of events looks at. */
  scanMax: number;
  /** Event streams that are open at once, of all companies and of one. */
  streamsMax: number;
  streamsOfCompanyMax: number;
  /** An event stream says that it is alive this often, milliseconds. */
  heartbeatMs: number;
  /** A client of an event stream that takes nothing for this long is let go, milliseconds. */
  stallMs: number;
}>;

export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  journalBytes: 67_108_864,
  problemsMax: 100,
  waitMs: 5_000,
  handlerMs: 30_000,
  requestMs: 300_000,
  lagMax: 1_000,
  stuckMs: 30_000,
  scanMax: 20_000,
  streamsMax: 200,
  streamsOfCompanyMax: 20,
  heartbeatMs: 15_000,
  stallMs: 60_000,
};

export type ApiOptions = Readonly<{
  engine: Engine;
  models: ReadModels;
  reader: LogReader;
  ruleBook: RuleBook;
  /** Epoch milliseconds; the time of a command that names none. */
  clock: () => number;
  log?: FastifyBaseLogger;
  /** Why the processes of the engine are not at work, or null while they are. Default: always null. */
  running?: () => string | null;
  /** Does this node run the processes of the engine? Default: true. */
  hasProcesses?: boolean;
  /**
   * Of the node, to which relay, webhooks and connectors are added (`addConsumers`). The read models and processes
   * are added here. Default: metrics of the API's own.
   */
  metrics?: Metrics;
  /** The endpoints of webhooks, where this node manages them; otherwise their routes say where they are managed. */
  webhooks?: WebhookRegistry;
  /** Names that the `Host` header may carry on loopback besides the loopback names, without port. */
  hosts?: readonly string[];
  limits?: Partial<Limits>;
}>;

/** What every route needs. */
export type ApiDeps = Readonly<
  Required<Pick<ApiOptions, 'engine' | 'models' | 'reader' | 'ruleBook' | 'clock' | 'running'>> & {
    companies: Companies;
    streams: Streams;
    limits: Limits;
    metrics: Metrics;
    webhooks: WebhookRegistry | null;
  }
>;
