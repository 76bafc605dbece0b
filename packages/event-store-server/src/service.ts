import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

export type Service = Readonly<{
  definition: ServiceDefinition;
  implementation: UntypedServiceImplementation;
}>;

type Streaming = Readonly<{ request?: true; response?: true }>;

const same = (bytes: Buffer): Buffer => bytes;

/**
 * A service by its wire name. Messages pass as the bytes they are, because this server encodes and decodes them
 * itself: the classes that clients generate live in one global tree, where two clients overwrite each other.
 */
export const serviceDefinition = (
  service: string,
  methods: Readonly<Record<string, Streaming>>,
): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(methods).map(([name, { request = false, response = false }]) => [
      name,
      {
        path: `/${service}/${name}`,
        requestStream: request,
        responseStream: response,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    ]),
  );
