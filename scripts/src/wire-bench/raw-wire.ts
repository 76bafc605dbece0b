/**
 * The wire alone: gRPC calls whose messages are bytes that were made before the clock started. What stands between
 * this and the adapter is the work of encoding, decoding and storing.
 */
import { once } from 'node:events';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { eventNumber } from '../bench/store-workload.js';

export const READ = '/event_store.client.streams.Streams/Read';
export const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';

export const same = (bytes: Buffer): Buffer => bytes;

export const connectRaw = (port: number): Client =>
  new Client(`127.0.0.1:${String(port)}`, credentials.createInsecure());

/** A request for so many events from the beginning of the log. */
const readRequest = (count: number): Buffer => {
  const all = new streams.ReadReq.Options.AllOptions();
  all.setStart(new shared.Empty());
  const uuids = new streams.ReadReq.Options.UUIDOption();
  uuids.setString(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setAll(all);
  options.setCount(String(count));
  options.setNoFilter(new shared.Empty());
  options.setUuidOption(uuids);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return Buffer.from(request.serializeBinary());
};

/** Takes each message and looks at none. */
export const readRaw = async (
  client: Client,
  count: number,
  take: (message: Buffer) => void,
): Promise<void> => {
  const request = readRequest(count);
  const call = client.makeServerStreamRequest(READ, same, same, request, new Metadata());
  call.on('data', take);
  await once(call, 'end');
};

/** One event to a new stream, complete in one message, as an append of a single event is. */
export const appendRequest = (n: number): Buffer => {
  const { id, type, data, metadata } = eventNumber(n);
  const eventId = new shared.UUID();
  eventId.setString(id);
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(Buffer.from(`session-raw_${id}`).toString('base64'));
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(stream);
  options.setNoStream(new shared.Empty());
  const proposed = new streams.BatchAppendReq.ProposedMessage();
  proposed.setId(eventId);
  proposed.getMetadataMap().set('type', type).set('content-type', 'application/json');
  proposed.setData(Buffer.from(data).toString('base64'));
  proposed.setCustomMetadata(Buffer.from(metadata).toString('base64'));
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(eventId);
  request.setOptions(options);
  request.addProposedMessages(proposed);
  request.setIsFinal(true);
  return Buffer.from(request.serializeBinary());
};

/** Sends each request, so many in flight, and waits for as many answers. */
export const appendRaw = (
  client: Client,
  requests: readonly Buffer[],
  inFlight: number,
): Promise<readonly Buffer[]> =>
  new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(BATCH_APPEND, same, same, new Metadata());
    const answers: Buffer[] = [];
    let sent = 0;
    const send = (): void => {
      const request = requests[sent];
      if (request === undefined) return;
      sent += 1;
      call.write(request);
    };
    call.on('error', reject);
    call.on('end', () => resolve(answers));
    call.on('data', (answer: Buffer) => {
      answers.push(answer);
      if (answers.length === requests.length) call.end();
      else send();
    });
    while (sent < Math.min(inFlight, requests.length)) send();
  });
