import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { sharedSchemas } from './schemas/common.js';

const description = `Commands and queries of Daybook, the engine behind AI session summaries.

- Every answer of a query says the position of the log that it was read at, every write the position that
  it reached: \`position\` and the header \`Daybook-Position\`. A query with \`after=POSITION\` waits, for a
  bounded time, until it has seen that position; otherwise it is a 503.
- A command is named by its \`Idempotency-Key\`; sent again with the same key, it gives the first answer.
  Without one an id is made up and answered. The time of a command is \`at\`, by default the time of its arrival.
- The actor of a command is \`by\`, or the header \`Daybook-Actor: kind:id\`, or the administrator \`api\`.
  It is taken at its word: accounts, sign-in and roles come in a later release. Until then the server
  listens on loopback unless it is told otherwise, and whoever can reach it may do what an actor may.
- Summaries have no default actor. Each of their routes needs \`Daybook-Actor\`, which a proxy that signs users
  in is to set, over whatever its client sent. Only the id is taken from it: the role is the one that the
  company's log has for that user. Administrators and auditors see all, supporters their own; nobody named,
  or nobody known, is a 403.
- Text of a summary never goes without its \`mark\`: whether a model wrote it, for programs and for people.
- Instants are ISO-8601: in answers in UTC, in requests with an offset or Z.
- Problems are RFC 9457 documents with stable types. What is unknown and what belongs to another company
  get the same 404.`;

const options: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Daybook', version: '1.0.0', description },
    tags: [
      { name: 'commands', description: 'What the company and its administrators decide.' },
      {
        name: 'sessions',
        description: 'What happened in sessions, and what was decided about it.',
      },
      { name: 'summaries', description: 'Summaries and their revisions.' },
      { name: 'credits', description: 'AI credits: balance, statement, charges, purchases.' },
      { name: 'devices', description: 'Devices and the setting that is in effect on them.' },
      { name: 'events', description: 'Published events, as CloudEvents, for other services.' },
      { name: 'webhooks', description: 'Endpoints that published events are sent to.' },
      { name: 'operations', description: 'For those who run it.' },
    ],
  },
  refResolver: {
    // Only the shared schemas are referred to, and each has its name.
    buildLocalReference: ({ $id: name }) => (typeof name === 'string' ? name : 'unnamed'),
  },
  transform: ({ schema, url, route }) => ({
    url,
    schema: { ...schema, ...route.config?.documented },
  }),
};

/** Routes that are registered after this stand in the document. */
export const describeApi = (api: FastifyInstance): void => {
  for (const schema of sharedSchemas) api.addSchema(schema);
  api.register(swagger, options);
};
