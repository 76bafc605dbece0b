/** What clients ask a node about itself: which methods it serves, and which nodes there are. */
import type { handleUnaryCall } from '@grpc/grpc-js';
import { type Service, serviceDefinition } from './service.js';
import { bytesField, messageField, numberField } from './wire/protobuf.js';
import { uuidMessage } from './wire/uuid.js';

/** The protocol of this release is what is served; clients choose their messages by it. */
const SERVER_VERSION = '24.10.0';
const FEATURES = 'event_store.client.server_features.ServerFeatures';
const GOSSIP = 'event_store.client.gossip.Gossip';

/** What a method can do beyond its first form, in the words that clients look for. */
const extras: Readonly<Record<string, readonly string[]>> = {
  'event_store.client.streams.Streams/Read': ['position', 'events'],
  'event_store.client.streams.Streams/BatchAppend': ['deadline_duration'],
};

const groupMethods = /PersistentSubscriptions\/(Create|Delete|Read|ReplayParked)$/;

const supportedMethod = (path: string): Buffer => {
  const [service = '', method = ''] = path.slice(1).split('/');
  const features = groupMethods.test(path)
    ? ['stream', 'all']
    : (extras[`${service}/${method}`] ?? []);
  return messageField(
    1,
    bytesField(1, method.toLowerCase()),
    bytesField(2, service.toLowerCase()),
    ...features.map((feature) => bytesField(3, feature)),
  );
};

/** `ServerFeatures`: names what `served` serves, and nothing else. */
export const makeFeaturesService = (served: readonly Service[]): Service => {
  const definition = serviceDefinition(FEATURES, { GetSupportedMethods: {} });
  const paths = [...served.map((service) => service.definition), definition].flatMap((methods) =>
    Object.values(methods).map(({ path }) => path),
  );
  const answer = Buffer.concat([...paths.map(supportedMethod), bytesField(2, SERVER_VERSION)]);
  const getSupportedMethods: handleUnaryCall<Buffer, Buffer> = (_call, callback) =>
    callback(null, answer);
  return { definition, implementation: { GetSupportedMethods: getSupportedMethods } };
};

const STATE_LEADER = 8;

/** `Gossip`: one node, which leads. */
export const makeGossipService = (
  parts: Readonly<{
    nodeId: string;
    address: () => Readonly<{ host: string; port: number }>;
    /** Epoch milliseconds. */
    clock: () => number;
  }>,
): Service => {
  const read: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    const { host, port } = parts.address();
    const self = messageField(
      1,
      bytesField(1, uuidMessage(parts.nodeId, 'string')),
      numberField(2, BigInt(parts.clock()) * 10_000n),
      numberField(3, STATE_LEADER),
      numberField(4, 1),
      messageField(5, bytesField(1, host), numberField(2, port)),
    );
    callback(null, self);
  };
  return { definition: serviceDefinition(GOSSIP, { Read: {} }), implementation: { Read: read } };
};
