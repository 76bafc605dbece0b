import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { atEnd } from './set-up.js';

export type Received = Readonly<{
  headers: Readonly<Record<string, string>>;
  body: string;
  path: string;
}>;

export type Answer = (response: ServerResponse, received: Received) => void;

export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer =>
  (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));

export type Receiver = Readonly<{
  url: string;
  port: number;
  received: readonly Received[];
  /** Event ids in the order of their arrival. */
  ids: () => readonly string[];
  /** How it answers from now on. */
  answers: (how: Answer) => void;
  connections: () => number;
}>;

const listening = (server: Server): Promise<AddressInfo> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });

/** A real server that keeps what it is sent. */
export const receiver = async (
  how: Answer = answer(204),
  tls?: Readonly<{ key: string; cert: string }>,
): Promise<Receiver> => {
  let answering = how;
  let connections = 0;
  const received: Received[] = [];
  const take: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { headers: headersOf(request), body, path: request.url ?? '' };
      received.push(one);
      answering(response, one);
    });
  };
  const server = tls === undefined ? createServer(take) : createSecureServer(tls, take);
  server.on('connection', () => {
    connections += 1;
  });
  const { port } = await listening(server);
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    port,
    received,
    ids: () => received.map(({ headers }) => headers['webhook-id'] ?? ''),
    answers: (next) => {
      answering = next;
    },
    connections: () => connections,
  };
};
