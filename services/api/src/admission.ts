import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './answer.js';
import { problemOf, type Problem } from './problem.js';

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const misdirected = problemOf('UnknownHost', {
  status: 421,
  detail: 'This server is not known under the name in the Host header.',
});
const stopping = problemOf('Stopping', {
  status: 503,
  detail: 'The server is stopping and takes no more requests.',
  headers: { connection: 'close', 'retry-after': '1' },
});
const encoded = problemOf('UnsupportedMediaType', {
  status: 415,
  detail: 'Send the body without content encoding.',
});

const nameIn = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * On loopback only loopback names are served. Otherwise a web page could give its own name the address
 * 127.0.0.1, and a browser on this machine would let it read everything (DNS rebinding).
 */
const isMisdirected = (request: FastifyRequest, hosts: ReadonlySet<string>): boolean => {
  if (!LOOPBACK_ADDRESS.test(request.socket.localAddress ?? '127.0.0.1')) return false;
  const name = nameIn(request.headers.host ?? '');
  return !LOOPBACK_NAME.test(name) && !hosts.has(name);
};

/** Refuses what must not reach a route: other hosts' requests, and any once the server is stopping. */
export const admit = (api: FastifyInstance, hosts: readonly string[]): void => {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  let isStopping = false;
  const refusalOf = (request: FastifyRequest): Problem | undefined => {
    if (isStopping) return stopping;
    if (isMisdirected(request, known)) return misdirected;
    return (request.headers['content-encoding'] ?? 'identity') === 'identity' ? undefined : encoded;
  };
  api.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  api.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) done();
    else sendProblem(reply, refusal);
  });
};
