import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { makeFaults, type Faults } from './faults.js';

export const CLIENT = { clientId: 'daybook-client', clientSecret: 'rehearsal-secret' } as const;

/** A server on loopback with the shapes of a remote system's published API, its tokens and its faults. */
export type RehearsalServer = Readonly<{
  url: string;
  faults: Faults;
  /** `METHOD /path` of every request, in order, without its query. */
  requests: readonly string[];
  /** Every token that was given out is refused from now on. */
  expireTokens: () => void;
  tokensMade: () => number;
  close: () => Promise<void>;
}>;

export type Wire = Readonly<{
  tokenPath: string;
  /** Body of the answer to a token request. */
  token: (accessToken: string) => Readonly<Record<string, unknown>>;
  unauthorized: unknown;
  routes: (app: FastifyInstance) => void;
}>;

const cut = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  reply.hijack();
  request.raw.socket.destroy();
  await Promise.resolve();
};

const addTokens = (app: FastifyInstance, wire: Wire) => {
  const valid = new Set<string>();
  let made = 0;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.post(wire.tokenPath, async (request, reply) => {
    const form = request.body as URLSearchParams;
    const isKnown =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === CLIENT.clientId &&
      form.get('client_secret') === CLIENT.clientSecret;
    if (!isKnown)
      return reply
        .status(401)
        .send({ error: 'invalid_client', error_description: 'invalid client credentials' });
    made += 1;
    const token = `token-${made}`;
    valid.add(token);
    return reply.send(wire.token(token));
  });
  app.addHook('preHandler', async (request, reply) => {
    const isOpen = request.url.startsWith(wire.tokenPath);
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!isOpen && !valid.has(token)) await reply.status(401).send(wire.unauthorized);
  });
  return { expireTokens: () => valid.clear(), tokensMade: () => made };
};

const addFaults = (app: FastifyInstance, faults: Faults): void => {
  const toCut = new WeakSet<FastifyRequest>();
  app.addHook('preHandler', async (request, reply) => {
    const fault = faults.take(request.method, request.url);
    if (fault === 'cut-after-effect') toCut.add(request);
    else if (fault === 'cut-before-effect') await cut(request, reply);
    else if (fault !== null)
      await reply
        .status(fault.status)
        .headers({ ...fault.headers })
        .send(fault.body);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (toCut.has(request)) await cut(request, reply);
    return payload;
  });
};

export const startServer = async (wire: Wire): Promise<RehearsalServer> => {
  const app = fastify();
  const faults = makeFaults();
  const requests: string[] = [];
  app.addHook('onRequest', async (request) => {
    requests.push(`${request.method} ${request.url.split('?')[0]}`);
    await Promise.resolve();
  });
  const tokens = addTokens(app, wire);
  addFaults(app, faults);
  wire.routes(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, faults, requests, ...tokens, close: () => app.close() };
};
