import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  networkOf,
  openWebhooks,
  startWebhooks,
  type DestinationRules,
  type WebhookRegistry,
} from '@daybook/engine';
import {
  COMPANY,
  makeServer,
  NOW,
  rightOf,
  setUpCompany,
  type Answer,
  type Server,
} from './harness.js';

type Fields = Record<string, unknown>;

const loopback = networkOf('127.0.0.0/8');
/** This machine, without encryption, beside what is public. */
const rules: DestinationRules = {
  allowHttp: true,
  ports: 'any',
  allowedNetworks: loopback === undefined ? [] : [loopback],
};
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const WEBHOOKS = `${COMPANY}/webhooks`;
const OTHER = '/v1/companies/acme2/webhooks';
const as = (id: string, kind = 'administrator') => ({ 'daybook-actor': `${kind}:${id}` });
const anna = as('anna');
const problemOf = ({ status, body }: Answer): readonly unknown[] => [status, body['type']];
const endpointIn = ({ body }: Answer): Fields => body['endpoint'] as Fields;

const registerUsers = async (server: Server): Promise<void> => {
  const register = async (company: string, userId: string, role: string): Promise<void> => {
    const command = { command: 'RegisterUser', userId, role };
    const answer = await server.post(`/v1/companies/${company}/commands`, command);
    expect(answer.status).toBe(200);
  };
  await server.post('/v1/companies/acme2/commands', {
    command: 'RegisterCompany',
    plan: 'business',
    timeZone: 'UTC',
  });
  await register('acme', 'anna', 'administrator');
  await register('acme', 'otto', 'auditor');
  await register('acme2', 'berta', 'administrator');
};

/** Goal: endpoints are managed over HTTP by their company's administrators, and by nobody else. */
describe('webhooks over HTTP', () => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-api-webhooks-'));
  let server: Server;
  let registry: WebhookRegistry;
  let receiver: HttpServer;
  let url = '';
  /** Status that the receiver answers with. */
  let answers = 204;

  beforeAll(async () => {
    registry = rightOf(openWebhooks({ directory, rules, clock: () => NOW }));
    server = await makeServer({ webhooks: registry });
    await setUpCompany(server);
    await registerUsers(server);
    receiver = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(answers).end());
    });
    await new Promise<void>((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    await server.stop();
    registry.close();
    receiver.closeAllConnections();
    receiver.close();
    rmSync(directory, { recursive: true });
  });
  afterEach(() => {
    for (const { id } of registry.list()) registry.remove(id, 'test');
  });

  const added = async (fields: Fields = {}): Promise<string> => {
    const answer = await server.post(WEBHOOKS, { url, secret: SECRET, ...fields }, anna);
    expect(answer.status).toBe(200);
    return String(endpointIn(answer)['id']);
  };
  const patch = (id: string, payload: object, headers = anna): Promise<Answer> =>
    server.ask({ method: 'PATCH', url: `${WEBHOOKS}/${id}`, payload, headers });
  const remove = (id: string, headers = anna): Promise<Answer> =>
    server.ask({ method: 'DELETE', url: `${WEBHOOKS}/${id}`, headers });

  test('an endpoint is added, and its secret is in that answer and in no other', async () => {
    const types = ['daybook.summaries.*'];
    const made = await server.post(WEBHOOKS, { url, types, from: 'start' }, anna);
    const { body, headers } = made;
    expect([made.status, headers['cache-control']]).toStrictEqual([200, 'no-store']);
    expect(body['position']).toBe(await server.head());
    const secret = String(body['secret']);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const id = String(endpointIn(made)['id']);
    const endpoint = {
      id,
      url,
      types,
      createdAt: new Date(NOW).toISOString(),
      disabled: null,
      reached: 0,
      waiting: null,
      counts: { attempts: 0, delivered: 0, retries: 0 },
    };
    expect(endpointIn(made)).toStrictEqual(endpoint);
    const listed = await server.get(WEBHOOKS, anna);
    expect(listed.body['items']).toStrictEqual([endpoint]);
    const shown = await server.get(`${WEBHOOKS}/${id}`, anna);
    expect(shown.body).toStrictEqual({
      position: await server.head(),
      endpoint,
      parked: [],
      audit: [
        {
          at: new Date(NOW).toISOString(),
          actor: 'administrator:anna',
          action: 'added',
          detail: `to ${new URL(url).host}, events after 0`,
        },
      ],
    });
    const deliveries = await server.get(`${WEBHOOKS}/${id}/deliveries`, anna);
    for (const { text } of [listed, shown, deliveries]) expect(text).not.toContain('whsec_');
  });

  test('without a place to begin, events from now on are sent; a given secret is taken', async () => {
    const answer = await server.post(WEBHOOKS, { url, secret: SECRET }, anna);
    expect([answer.body['secret'], endpointIn(answer)['reached']]).toStrictEqual([
      SECRET,
      await server.head(),
    ]);
    const later = await server.post(WEBHOOKS, { url, from: 2 }, anna);
    expect(endpointIn(later)['reached']).toBe(2);
  });

  test.each<readonly [string, Fields]>([
    ['url', {}],
    ['url', { url: 7 }],
    ['url', { url: 'not a url' }],
    ['url', { url: 'https://user:word@hooks.example.com/' }],
    ['url', { url: 'http://10.0.0.1/hook' }],
    ['url', { url: 'http://[::ffff:10.0.0.1]/hook' }],
    ['url', { url: 'http://0x0a000001/hook' }],
    ['types', { url: 'https://hooks.example.com', types: ['daybook.nothing.*'] }],
    ['types', { url: 'https://hooks.example.com', types: 'daybook.summaries.*' }],
    ['from', { url: 'https://hooks.example.com', from: 'yesterday' }],
    ['from', { url: 'https://hooks.example.com', from: 1_000_000 }],
    ['from', { url: 'https://hooks.example.com', from: -1 }],
    ['secret', { url: 'https://hooks.example.com', secret: 'whsec_AAAA' }],
    ['secret', { url: 'https://hooks.example.com', secret: 5 }],
    ['retries', { url: 'https://hooks.example.com', retries: 3 }],
    ['at', { url: 'https://hooks.example.com', at: '2026-06-01T00:00:00Z' }],
  ])('“%s” is refused: %j', async (field, fields) => {
    const answer = await server.post(WEBHOOKS, fields, anna);
    const errors = answer.body['errors'] as { field: string }[];
    expect([answer.status, errors.map((each) => each.field)]).toStrictEqual([422, [field]]);
    expect(registry.list()).toStrictEqual([]);
  });

  test('nobody but an administrator of the company sees or changes anything', async () => {
    const id = await added();
    const before = registry.find(id);
    const one = `${WEBHOOKS}/${id}`;
    const all = (headers: Record<string, string>): Promise<readonly Answer[]> =>
      Promise.all([
        server.get(WEBHOOKS, headers),
        server.get(one, headers),
        server.get(`${one}/deliveries`, headers),
        server.post(WEBHOOKS, { url }, headers),
        server.post(`${one}/rotate`, {}, headers),
        server.post(`${one}/retry`, { all: true }, headers),
        server.post(`${one}/replay`, { after: 0 }, headers),
        server.ask({ method: 'PATCH', url: one, payload: { enabled: false }, headers }),
        server.ask({ method: 'DELETE', url: one, headers }),
      ]);
    const callers: readonly (readonly [Record<string, string>, string])[] = [
      [{}, 'actor-required'],
      [as('sam', 'supporter'), 'administrator-required'],
      [as('sam', 'administrator'), 'administrator-required'],
      [as('otto', 'auditor'), 'administrator-required'],
      [as('berta'), 'viewer-unknown'],
      [as('api'), 'viewer-unknown'],
    ];
    for (const [headers, word] of callers) {
      const found = await all(headers);
      const problem = [403, `urn:daybook:problem:${word}`];
      expect(found.map(problemOf)).toStrictEqual(found.map(() => problem));
      for (const { text } of found) expect(text).not.toContain(url);
    }
    expect(registry.list()).toStrictEqual([before]);
  });

  test('an endpoint of another company is not there, whatever is asked of it', async () => {
    const id = await added();
    const before = registry.find(id);
    const one = `${OTHER}/${id}`;
    const berta = as('berta');
    const found = [
      await server.get(one, berta),
      await server.get(`${one}/deliveries`, berta),
      await server.post(`${one}/rotate`, {}, berta),
      await server.post(`${one}/retry`, { all: true }, berta),
      await server.post(`${one}/replay`, { after: 0 }, berta),
      await server.ask({ method: 'PATCH', url: one, payload: { enabled: false }, headers: berta }),
      await server.ask({ method: 'DELETE', url: one, headers: berta }),
    ];
    const unknown = `${OTHER}/ep_00000000-0000-4000-8000-000000000000`;
    const { text } = await server.get(unknown, berta);
    expect(found.map((answer) => [answer.status, answer.text])).toStrictEqual(
      found.map(() => [404, text]),
    );
    expect((await server.get(OTHER, berta)).body['items']).toStrictEqual([]);
    expect(registry.list()).toStrictEqual([before]);
    expect(registry.history.audit(id, 10).map(({ action }) => action)).toStrictEqual(['added']);
  });

  test('it is disabled and enabled, which may be repeated', async () => {
    const id = await added();
    for (const [enabled, disabled] of [
      [false, 'by-operator'],
      [false, 'by-operator'],
      [true, null],
      [true, null],
    ] as const)
      expect(endpointIn(await patch(id, { enabled }))['disabled']).toBe(disabled);
    const wrong = await Promise.all([patch(id, {}), patch(id, { enabled: 'no' }), patch(id, [])]);
    expect(wrong.map(({ status }) => status)).toStrictEqual([422, 422, 422]);
  });

  test('a new secret is shown once; what was before signs as long as is said', async () => {
    const id = await added();
    const rotate = (body: object): Promise<Answer> =>
      server.post(`${WEBHOOKS}/${id}/rotate`, body, anna);
    const made = await rotate({ overlapHours: 0, by: { kind: 'administrator', id: 'anna' } });
    expect([made.status, made.headers['cache-control']]).toStrictEqual([200, 'no-store']);
    expect(made.body['secret']).not.toBe(SECRET);
    const given = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    expect((await rotate({ secret: given })).body['secret']).toBe(given);
    const [last, first] = registry.history.audit(id, 2);
    expect([first?.detail, last?.detail]).toStrictEqual([
      `the secret before is valid until ${new Date(NOW).toISOString()}`,
      `the secret before is valid until ${new Date(NOW + 24 * 3_600_000).toISOString()}`,
    ]);
    const wrong = [{ overlapHours: -1 }, { overlapHours: 721 }, { overlapHours: 1.5 }];
    for (const body of [...wrong, { secret: 'x' }, { by: { kind: 'administrator', id: 'sam' } }])
      expect((await rotate(body)).status).toBe(422);
    expect(registry.history.audit(id, 10).length).toBe(3);
  });

  test('it is removed for good', async () => {
    const id = await added();
    expect((await remove(id)).status).toBe(200);
    expect((await remove(id)).status).toBe(404);
    expect((await server.get(WEBHOOKS, anna)).body['items']).toStrictEqual([]);
  });

  test('deliveries are listed by page, parked ones tried again, and everything sent again', async () => {
    const events = await server.get(`${COMPANY}/events?context=organization`);
    const wanted = (events.body['items'] as Fields[]).map((event) => event['id']);
    expect(wanted.length).toBeGreaterThan(3);
    answers = 500;
    const id = await added({ from: 'start', types: ['daybook.organization.*'] });
    const one = `${WEBHOOKS}/${id}`;
    const sender = rightOf(
      await startWebhooks({
        directory,
        store: server.parts.engine.store,
        rules,
        clock: () => Date.now(),
        random: () => 0,
        onProblem: () => undefined,
        policy: { delaysMs: [0], jitter: 0, retryAfterMsMax: 0, disableAfterParked: 1_000 },
      }),
    );
    const parked = async (): Promise<readonly Fields[]> =>
      (await server.get(one, anna)).body['parked'] as readonly Fields[];
    const untilParked = async (count: number): Promise<readonly Fields[]> => {
      let found = await parked();
      while (found.length !== count) {
        await delay(20);
        found = await parked();
      }
      return found;
    };
    const retry = (body: object): Promise<Answer> => server.post(`${one}/retry`, body, anna);
    try {
      const failed = await untilParked(wanted.length);
      expect(failed.map(({ event }) => event)).toStrictEqual(wanted);
      expect(
        failed.map(({ result, status, attempts }) => [result, status, attempts]),
      ).toStrictEqual(failed.map(() => ['refused', 500, 1]));
      for (const body of [{}, { all: false }, { all: true, events: [wanted[0]] }, { events: [] }])
        expect((await retry(body)).status).toBe(422);
      answers = 204;
      expect((await retry({ events: [wanted[1], 'unknown'] })).body['wanted']).toBe(1);
      sender.look();
      await untilParked(wanted.length - 1);
      expect((await retry({ all: true })).body['wanted']).toBe(wanted.length - 1);
      sender.look();
      await untilParked(0);
    } finally {
      await sender.stop();
    }
    const numbers: unknown[] = [];
    const results: unknown[] = [];
    let next: string | null = '';
    while (next !== null) {
      const from: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await server.get(`${one}/deliveries?limit=3${from}`, anna);
      for (const item of body['items'] as Fields[]) {
        numbers.push(item['number']);
        results.push([item['result'], item['status'], item['nextAt']]);
      }
      next = body['next'] as string | null;
    }
    const each = wanted.map(() => ['refused', 500, null]);
    const delivered = wanted.map(() => ['delivered', 204, null]);
    expect(results).toStrictEqual([...delivered, ...each]);
    expect(numbers).toStrictEqual(results.map((_, index) => results.length - index));
    const replay = (body: object): Promise<Answer> => server.post(`${one}/replay`, body, anna);
    expect(endpointIn(await replay({ after: 0 }))['reached']).toBe(0);
    const head = await server.head();
    const wrong = await Promise.all([
      replay({}),
      replay({ after: head + 1 }),
      replay({ after: '0' }),
    ]);
    expect(wrong.map(({ status }) => status)).toStrictEqual([422, 422, 422]);
  });
});

describe('webhooks on a node that does not send them', () => {
  let server: Server;
  beforeAll(async () => {
    server = await makeServer();
    await setUpCompany(server);
    await registerUsers(server);
  });
  afterAll(() => server.stop());

  test('an administrator is told where they are managed; others learn nothing', async () => {
    const answer = await server.get(WEBHOOKS, anna);
    expect(problemOf(answer)).toStrictEqual([503, 'urn:daybook:problem:webhooks-not-here']);
    expect(answer.text).toContain('daybook serve --roles api,processes,webhooks');
    expect((await server.get(WEBHOOKS)).status).toBe(403);
    expect((await server.get('/v1/companies/nobody/webhooks', anna)).status).toBe(404);
  });
});
