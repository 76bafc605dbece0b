import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

export type Sent = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string or bytes as they are, a list of strings in chunks. */
  payload?: object | string | Buffer | readonly string[];
}>;
export type Received = Readonly<{ status: number; headers: OutgoingHttpHeaders; payload: string }>;
export type Client = Readonly<{ send: (sent: Sent) => Promise<Received>; close: () => void }>;

const isChunks = (payload: Sent['payload']): payload is readonly string[] => Array.isArray(payload);

const bytesOf = (payload: Sent['payload']): Buffer | undefined => {
  if (payload === undefined || Buffer.isBuffer(payload)) return payload;
  if (isChunks(payload)) return undefined;
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
};

const headersOf = ({ headers = {}, payload }: Sent, bytes: Buffer | undefined) => ({
  ...(typeof payload === 'object' && !Buffer.isBuffer(payload) && !isChunks(payload)
    ? { 'content-type': 'application/json' }
    : {}),
  ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
  ...headers,
});

/** Speaks HTTP with a server on loopback, over connections that are kept. */
export const clientOf = (port: number): Client => {
  const agent = new Agent({ keepAlive: true });
  const send = (sent: Sent): Promise<Received> =>
    new Promise((resolve, reject) => {
      const bytes = bytesOf(sent.payload);
      const options = { port, agent, method: sent.method, path: sent.url };
      const asked = request(
        { host: '127.0.0.1', ...options, headers: headersOf(sent, bytes) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, payload: Buffer.concat(chunks).toString() });
          });
        },
      );
      asked.on('error', reject);
      if (isChunks(sent.payload)) for (const chunk of sent.payload) asked.write(chunk);
      asked.end(bytes);
    });
  return { send, close: () => agent.destroy() };
};

/** The same without a socket. */
export const injectorOf = (api: FastifyInstance): Client => ({
  send: async (sent) => {
    const { url, payload } = sent;
    const bytes = bytesOf(payload);
    const body = isChunks(payload)
      ? Readable.from(payload.map((part) => Buffer.from(part)))
      : bytes;
    const response = await api.inject({
      method: sent.method,
      url,
      headers: headersOf(sent, bytes),
      ...(body === undefined ? {} : { payload: body }),
    });
    const { statusCode: status, headers, payload: text } = response;
    return { status, headers, payload: text };
  },
  close: () => undefined,
});
