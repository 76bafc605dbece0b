import type { Readable, Writable } from 'node:stream';
import {
  type BaseOptions,
  EventStoreDBClient,
  type SingleNodeOptions,
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

/**
 * The official client, with its connection and without its methods. It finds the leader, holds the channel with
 * TLS, credentials and keepalive, and makes a new one when the node is lost or no longer leads. Its
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
 * object per field.
 */
export class Connection extends EventStoreDBClient {
  #used = false;

  constructor({ nodes, security, credentials }: ConnectionSettings) {
    // The three constructors differ in this argument's type alone.
    super(nodes as SingleNodeOptions, security, credentials);
  }

  /** Bound to the client's list of streams, so that `close` ends it. */
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

  /** Cancels every call and closes the channel, which `dispose` alone leaves open. */
  async close(): Promise<void> {
    await this.dispose();
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
