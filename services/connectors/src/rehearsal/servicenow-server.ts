import type { FastifyInstance, FastifyReply } from 'fastify';
import { startServer, type RehearsalServer } from './server.js';

export type JournalEntry = Readonly<{
  sys_id: string;
  element_id: string;
  element: string;
  value: string;
}>;
export type Incident = Readonly<Record<string, string>> & Readonly<{ sys_id: string }>;

/** What the integration's user may do; as on an instance, a field without the right is dropped in silence. */
export type ServiceNowRights = { writesNotes: boolean; deletesEntries: boolean };

export type ServiceNowServer = RehearsalServer &
  Readonly<{
    rights: ServiceNowRights;
    addIncident: (fields: Readonly<Record<string, string>>) => string;
    journal: () => readonly JournalEntry[];
  }>;

const failure = (message: string, detail: string | null) => ({
  error: { message, detail },
  status: 'failure',
});

type Condition = (row: Readonly<Record<string, string>>) => boolean;

/** One condition of an encoded query; on a field that the table does not have it holds always, as on an instance. */
const conditionOf = (text: string): Condition | null => {
  const [, field, operator, value] = /^([a-z][a-z0-9_.]*)(LIKE|=)(.*)$/s.exec(text) ?? [];
  if (field === undefined || value === undefined || text.startsWith('ORDERBY')) return null;
  const meant = value.replaceAll('^^', '^');
  return (row) => {
    const found = row[field];
    if (found === undefined) return true;
    return operator === 'LIKE' ? found.includes(meant) : found === meant;
  };
};

/** The rows that meet an encoded query: conditions joined by a single `^`. */
const matching = <Row extends Readonly<Record<string, string>>>(
  rows: readonly Row[],
  query: string,
): readonly Row[] => {
  const conditions = query
    .split(/(?<!\^)\^(?!\^)/)
    .map(conditionOf)
    .filter((one) => one !== null);
  return rows.filter((row) => conditions.every((holds) => holds(row)));
};

type Query = Readonly<Record<string, string | undefined>>;

const pageOf = (rows: readonly Readonly<Record<string, string>>[], query: Query) => {
  const offset = Number(query['sysparm_offset'] ?? 0);
  const fields = query['sysparm_fields']?.split(',');
  return rows.slice(offset, offset + Number(query['sysparm_limit'] ?? 10_000)).map((row) => {
    const kept = Object.entries(row).filter(([name]) => fields?.includes(name) ?? true);
    return Object.fromEntries(kept);
  });
};

type Instance = {
  incidents: Incident[];
  entries: JournalEntry[];
  rights: ServiceNowRights;
  nextId: () => string;
};

const noRecord = (reply: FastifyReply): FastifyReply =>
  reply
    .status(404)
    .send(failure('No Record found', 'Record doesn’t exist or ACL restricts the record retrieval'));

const addIncidentRoutes = (app: FastifyInstance, instance: Instance): void => {
  app.get('/api/now/table/incident', async (request, reply) => {
    const query = request.query as Query;
    const found = matching(instance.incidents, query['sysparm_query'] ?? '');
    return reply.send({ result: pageOf(found, query) });
  });
  app.patch('/api/now/table/incident/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const body = request.body as Record<string, unknown>;
    if (instance.incidents.every(({ sys_id }) => sys_id !== id)) return noRecord(reply);
    const text = body['work_notes'];
    if (typeof text !== 'string' || text === '')
      return reply.status(400).send(failure('Invalid value', String(text)));
    if (instance.rights.writesNotes)
      instance.entries.push({
        sys_id: instance.nextId(),
        element_id: id,
        element: 'work_notes',
        // An instance keeps line ends as Windows writes them.
        value: text.replace(/\n/g, '\r\n'),
      });
    return reply.send({ result: { sys_id: id } });
  });
};

const addJournalRoutes = (app: FastifyInstance, instance: Instance): void => {
  app.get('/api/now/table/sys_journal_field', async (request, reply) => {
    const query = request.query as Query;
    const found = matching(instance.entries, query['sysparm_query'] ?? '');
    return reply.send({ result: pageOf(found, query) });
  });
  app.delete('/api/now/table/sys_journal_field/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    if (!instance.rights.deletesEntries)
      return reply.status(403).send(failure('Operation Failed', 'ACL Exception Delete Failed'));
    if (instance.entries.every(({ sys_id }) => sys_id !== id)) return noRecord(reply);
    instance.entries = instance.entries.filter(({ sys_id }) => sys_id !== id);
    return reply.status(204).send();
  });
};

/** A local server with the shapes of ServiceNow's Table API for incidents and their journal. */
export const startServiceNowServer = async (): Promise<ServiceNowServer> => {
  let ids = 0;
  const nextId = (): string => (++ids).toString(16).padStart(32, '0');
  const rights: ServiceNowRights = { writesNotes: true, deletesEntries: true };
  const instance: Instance = { incidents: [], entries: [], rights, nextId };
  const server = await startServer({
    tokenPath: '/oauth_token.do',
    token: (access_token) => ({
      access_token,
      scope: 'useraccount',
      token_type: 'Bearer',
      expires_in: 1_799,
    }),
    unauthorized: failure('User Not Authenticated', 'Required to provide Auth information'),
    routes: (app) => {
      app.addHook('onSend', async (_request, reply, payload) => {
        void reply.headers({ 'x-ratelimit-limit': '1000', 'x-ratelimit-rule': nextId() });
        return Promise.resolve(payload);
      });
      addIncidentRoutes(app, instance);
      addJournalRoutes(app, instance);
    },
  });
  return {
    ...server,
    rights,
    addIncident: (fields) => {
      const sys_id = nextId();
      instance.incidents.push({ ...fields, sys_id });
      return sys_id;
    },
    journal: () => instance.entries,
  };
};
