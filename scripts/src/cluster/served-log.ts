/** The embedded log served over gRPC by a process without an engine: what stands for EventStoreDB here. */
import { connect } from 'node:net';
import type { LogSource } from '@daybook/engine';
import { daybookProcess, freePort, type DaybookProcess } from '../concurrency/daybook-process.js';

export type ServedLog = DaybookProcess & Readonly<{ source: LogSource; connectionString: string }>;

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });

/** It keeps its port when it is started again. */
export const servedLogOf = async (directory: string): Promise<ServedLog> => {
  const port = await freePort();
  const connectionString = `esdb://127.0.0.1:${port}?tls=false`;
  const args = ['serve', '--data', directory, '--roles', 'log', '--grpc', String(port)];
  return {
    connectionString,
    source: { kind: 'esdb', connectionString },
    ...daybookProcess([...args, '--grpc-writes', 'all'], () => listens(port)),
  };
};
