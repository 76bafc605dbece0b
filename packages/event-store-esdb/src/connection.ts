import { finished, type Readable, type Writable } from 'node:stream';
import {
  type BaseOptions,
  convertToCommandError,
  DeadlineExceededError,
  EventStoreDBClient,
  type SingleNodeOptions,
  UnavailableError,
} from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ConnectionSettings } from './connection-settings.js';

type Cancelled = Readonly<{ cancel: () => void }>;

/** Messages of both calls are bytes; `wire` encodes and decodes them. */
export type ReadCall = Readable & Cancelled;
export type BatchAppendCall = Readable & Pick<Writable, 'write'> & Cancelled;

const READ = '/event_store.client.streams.Streams/Read';
const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';

const same = (bytes: Buffer): Buffer => bytes;
const encoded = (request: ReadReq): Buffer => Buffer.from(request.serializeBinary());

/** Whether only the leader may answer, and after how many milliseconds the call fails; no limit means none. */
export type CallOptions = Readonly<{ requiresLeader: boolean; deadlineMs?: number }>;

/** Nobody answered: no connection, or none in time. */
const isLost = (error: Error): boolean => {
  const known = convertToCommandError(error);
  return known instanceof UnavailableError || known instanceof DeadlineExceededError;
};

/** The client's own default, milliseconds. */
const KEEPALIVE_TIMEOUT_MS = 10_000;
/** The client's word for no limit, -1, becomes a number that no timer holds, and so one millisecond. */
const NO_LIMIT_MS = 2 ** 30;
const GENERATIONS = 1_000;

/**
 * Options that differ by a millisecond with each generation. grpc-js hands one connection to all channels of a process
 * whose options are equal, with its back-off, for as long as one of them is open: so no other store's channel
 * holds up this one. The client passes no option on that would say so.
 */
const nodesOf = (
  { nodes }: ConnectionSettings,
  generation: number,
): ConnectionSettings['nodes'] => {
  const { keepAliveTimeout = KEEPALIVE_TIMEOUT_MS } = nodes;
  const limit = keepAliveTimeout < 0 ? NO_LIMIT_MS : keepAliveTimeout;
  return { ...nodes, keepAliveTimeout: limit + (generation % GENERATIONS) };
};

/** The official client for as long as its channel is of use; see `Connection`. */
class ChannelClient extends EventStoreDBClient {
  #used = false;

  constructor(settings: ConnectionSettings, generation: number, onLost: () => void) {
    const { security, credentials } = settings;
    // The three constructors differ in this argument's type alone.
    super(nodesOf(settings, generation) as SingleNodeOptions, security, credentials);
    const { handleError } = this;
    this.handleError = async (client, error) => {
      // Another node that leads, or a call that was cancelled: the client sees to that.
      if (!isLost(error)) await handleError(client, error);
      else onLost();
    };
  }

  read(request: ReadReq, options: CallOptions): Promise<ReadCall> {
    this.#used = true;
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) =>
      client.makeServerStreamRequest(READ, encoded, same, request, ...this.#argumentsOf(options)),
    )();
  }

  batchAppend(options: CallOptions): Promise<BatchAppendCall> {
    this.#used = true;
    return this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) =>
      client.makeBidiStreamRequest(BATCH_APPEND, same, same, ...this.#argumentsOf(options)),
    )();
  }

  /** Ends the channel when its calls have ended; `dispose` would leave it open. */
  async closeChannel(): Promise<void> {
    if (!this.#used) return;
    try {
      (await this.getChannel()).close();
    } catch {
      // No node could be found: then there is no channel either.
    }
  }

  #argumentsOf({
    requiresLeader,
    deadlineMs,
  }: CallOptions): ReturnType<EventStoreDBClient['callArguments']> {
    const options: BaseOptions = { requiresLeader };
    return deadlineMs === undefined
      ? this.callArguments(options, { deadline: Infinity })
      : this.callArguments({ ...options, deadline: deadlineMs });
  }
}

/**
 * The official client, with its connection and without its methods. It finds the leader, holds the channel with
 * TLS, credentials and keepalive, and goes to the node that leads when another does. Its
 * methods are passed by for what they do to the port's promises:
 *
 * - `readAll` cannot filter, and every read parses data and metadata: their bytes are lost.
 * - `appendToStream` writes JSON by `JSON.stringify`, and first asks for the server's features without any
 *   deadline, so that a server that accepts and never answers hangs every append.
 * - Its batch appends of all clients of the process share one table: a broken connection of one rejects the
 *   appends of another, and an answer that comes late is an unhandled rejection, which ends the process.
 * - With `throwOnAppendFailure=false` a failed append reports revision 1, whatever it was.
 *
 * So the calls are made here, one by one, on the client's channel, and past its generated classes, which build an
 * object per field. When the server is lost the client is, too: the next call makes a new one, and so a new
 * connection at once. How long to wait between attempts is said in one place, `retry`.
 */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #calls = new Set<ReadCall | BatchAppendCall>();
  #client: ChannelClient;
  #generation = 0;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#client = this.#freshClient();
  }

  read(request: ReadReq, options: CallOptions): Promise<ReadCall> {
    return this.#kept(this.#client.read(request, options));
  }

  batchAppend(options: CallOptions): Promise<BatchAppendCall> {
    return this.#kept(this.#client.batchAppend(options));
  }

  /** The next call goes over a connection of its own; those that are under way are left alone. */
  renew(): void {
    const old = this.#client;
    this.#generation += 1;
    this.#client = this.#freshClient();
    void old.closeChannel();
  }

  /** Cancels every call and closes the channel. */
  async close(): Promise<void> {
    const calls = [...this.#calls];
    const ended = calls.map(
      (call) => new Promise<void>((resolve) => finished(call, () => resolve())),
    );
    for (const call of calls) call.cancel();
    await Promise.all(ended);
    await this.#client.closeChannel();
  }

  #freshClient(): ChannelClient {
    const client: ChannelClient = new ChannelClient(this.#settings, this.#generation, () => {
      // Many calls are lost with one connection.
      if (this.#client === client) this.renew();
    });
    return client;
  }

  async #kept<Call extends ReadCall | BatchAppendCall>(opening: Promise<Call>): Promise<Call> {
    const call = await opening;
    this.#calls.add(call);
    finished(call, () => this.#calls.delete(call));
    return call;
  }
}
