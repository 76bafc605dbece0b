import { startServiceNowServer, type ServiceNowServer } from '@daybook/connectors/rehearsal';
import { startNatsServer, type NatsServer } from '@daybook/publisher/nats-server';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { daybook, makePlace, type Place } from './program.js';
import { line, session, setup } from './downstream-company.js';
import { served, type Served } from './served.js';

// Goal: text of a session leaves by the ways that are meant for it, and by no other. Method: words that occur
// nowhere else, in a transcript and in an edit, through the built program with every role, into a real
// nats-server, a real receiver of webhooks, a reader of the event stream and a server of ServiceNow's shapes.

const IN_TRANSCRIPT = 'zinnober-kanarie-4711';
const IN_EDIT = 'wacholder-kanarie-0815';
const CANARIES = [IN_TRANSCRIPT, IN_EDIT];
const EDITED = 'daybook.summaries.summary-edited.v1';
const WEBHOOKS = '/v1/companies/acme/webhooks';
const admin = { 'daybook-actor': 'administrator:anna', 'content-type': 'application/json' };

/** Everything that is published, as a subscriber that may see all gets it: subjects, headers and bodies. */
const listen = async (port: number): Promise<{ socket: Socket; heard: () => string }> => {
  let heard = '';
  const socket = createConnection({ host: '127.0.0.1', port });
  const ready = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (chunk.includes('PING')) socket.write('PONG\r\n');
      if (heard.includes('PONG\r\n')) resolve();
    });
  });
  socket.write('CONNECT {"verbose":false,"headers":true}\r\nSUB > 1\r\nPING\r\n');
  await ready;
  return { socket, heard: () => heard };
};

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return;
    await delay(50);
  }
  throw new Error(`it never came to this: ${what}`);
};

const bytesIn = (directory: string, files: RegExp): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && files.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

/** Which of the words are found; never the whole text, which would not be readable. */
const found = (text: string | undefined, words: readonly string[]): readonly string[] =>
  words.filter((word) => text?.includes(word) === true);

describe('a canary in a transcript and in a summary', () => {
  let place: Place;
  let nats: NatsServer;
  let serviceNow: ServiceNowServer;
  let receiver: Server;
  let node: Served;
  let onWire: Awaited<ReturnType<typeof listen>>;
  const hooks: string[] = [];
  const answers: string[] = [];
  let streamed = '';
  const reading = new AbortController();

  const ask = async (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${node.url}${path}`, {
      method,
      headers: {
        ...admin,
        ...(path.endsWith('/s1') && method === 'PATCH' ? { 'if-match': '"1"' } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const summary = async (): Promise<string> =>
    (await ask('GET', '/v1/companies/acme/summaries/s1')).text();
  const notes = (): string => JSON.stringify(serviceNow.journal());

  const readStream = async (): Promise<void> => {
    const { signal } = reading;
    const response = await fetch(`${node.url}/v1/companies/acme/events/stream?since=0`, { signal });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? [])
        streamed += decoder.decode(chunk as Uint8Array);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  };

  beforeAll(async () => {
    place = makePlace();
    nats = await startNatsServer();
    onWire = await listen(nats.port);
    serviceNow = await startServiceNowServer();
    serviceNow.addIncident({ number: 'INC0010001', u_daybook_session: 's1' });
    // Others may repeat what they were sent, or anything else, in what they answer.
    serviceNow.faults.add({
      method: 'PATCH',
      path: /incident/,
      does: { status: 429, headers: { 'retry-after': '1' }, body: { error: IN_TRANSCRIPT } },
    });
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        hooks.push(JSON.stringify(request.headers) + body);
        response.writeHead(hooks.length === 1 ? 500 : 200, { 'x-said': IN_EDIT }).end(IN_EDIT);
      });
    });
    await new Promise<void>((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    const { port } = receiver.address() as AddressInfo;
    daybook(place, ['init', '--setup', place.file('setup.jsonl', setup.map(line).join(''))]);
    const config = place.file('connectors.json', connectors(serviceNow.url));
    node = await served(place, {
      roles: 'api,processes,relay,webhooks,connectors',
      env: {
        DAYBOOK_NATS_URL: nats.url,
        DAYBOOK_WEBHOOKS_ALLOW_HTTP: 'true',
        DAYBOOK_WEBHOOKS_ALLOW_NETWORKS: '127.0.0.1',
        DAYBOOK_WEBHOOKS_ALLOW_PORTS: String(port),
        DAYBOOK_CONNECTORS_CONFIG: config,
        DAYBOOK_CONNECTOR_SECRET: 'rehearsal-secret',
      },
    });
    const added = await ask('POST', WEBHOOKS, {
      url: `http://127.0.0.1:${port}/hook`,
      from: 'start',
    });
    expect(added.status).toBe(200);
  });
  afterAll(async () => {
    reading.abort();
    onWire.socket.destroy();
    await node.kill();
    receiver.closeAllConnections();
    receiver.close();
    await serviceNow.close();
    await nats.dispose();
    place.remove();
  });

  it('is in the summary for who may read it, and in the work note', async () => {
    const stream = readStream();
    for (const entry of session(IN_TRANSCRIPT))
      expect((await ask('POST', '/v1/companies/acme/journal', entry)).status).toBe(200);
    await until('a summary', async () => (await summary()).includes(IN_TRANSCRIPT));
    await until('a note', () => notes().includes(IN_TRANSCRIPT));
    const edited = await ask('PATCH', '/v1/companies/acme/summaries/s1', {
      changes: { title: `The ${IN_EDIT} is repaired` },
    });
    expect(edited.status).toBe(200);
    await until('the edit in the summary', async () => (await summary()).includes(IN_EDIT));
    await until('a note of the edit', () => notes().includes(IN_EDIT));
    // What is refused may stand in no log line either.
    await ask('PATCH', '/v1/companies/acme/summaries/s1', { changes: { wrong: IN_EDIT } });
    await ask('POST', WEBHOOKS, { url: IN_EDIT });
    await ask('GET', `/v1/companies/acme/summaries?q=${IN_EDIT}`);
    await until('the edit on every way out', () =>
      [hooks.join(), streamed, onWire.heard()].every((sent) => sent.includes(EDITED)),
    );
    const others = await fetch(`${node.url}/v1/companies/acme/summaries/s1`, {
      headers: { 'daybook-actor': 'supporter:u-2' },
    });
    expect(others.status).toBe(404);
    const [endpoint] = ((await (await ask('GET', WEBHOOKS)).json()) as { items: { id: string }[] })
      .items;
    const one = `${WEBHOOKS}/${endpoint?.id ?? ''}`;
    for (const path of [one, `${one}/deliveries`, '/health/ready', '/metrics'])
      answers.push(await (await ask('GET', path)).text());
    reading.abort();
    await stream;
    expect(await node.stop()).toBe(0);
  });

  it('is in no message of NATS, neither on the wire nor in the stream’s files', () => {
    const stored = bytesIn(nats.directory, /\.blk$/);
    for (const bytes of [onWire.heard(), stored]) {
      expect(found(bytes, [EDITED, ...CANARIES])).toStrictEqual([EDITED]);
    }
  });

  it('is in no request of a webhook and no event of the stream', () => {
    for (const sent of [hooks.join('\n'), streamed]) {
      expect(found(sent, [EDITED, ...CANARIES])).toStrictEqual([EDITED]);
    }
  });

  it('is in no log line, not at the level that says most', () => {
    const lines = node.log().split('\n');
    expect(lines.filter((each) => each.includes('"answered"')).length).toBeGreaterThan(10);
    expect(found(node.log(), CANARIES)).toStrictEqual([]);
  });

  it('is in no record of deliveries, no health and no metric', () => {
    const [webhooks, connector] = [/^webhooks\.db/, /^connectors\.db/].map((files) =>
      bytesIn(place.data, files),
    );
    const kept = [webhooks, connector, answers.join('\n')];
    const controls = ['"connector-desk"', 'daybook.summaries', 'RateLimited'];
    expect(kept.map((text) => found(text, [...controls, ...CANARIES]))).toStrictEqual([
      ['daybook.summaries'],
      [],
      ['"connector-desk"', 'daybook.summaries'],
    ]);
    expect(connector?.length).toBeGreaterThan(1_000);
  });

  it('would have been found: the log itself holds it', () => {
    const log = bytesIn(join(place.data, 'log'), /./);
    expect(found(log, CANARIES)).toStrictEqual(CANARIES);
    expect(daybook(place, ['summary', 'show', 's1']).out).toContain(IN_EDIT);
  });
});

const connectors = (url: string): string =>
  JSON.stringify({
    connectors: [
      {
        name: 'desk',
        kind: 'servicenow',
        company: 'acme',
        url,
        clientId: 'daybook-client',
        clientSecret: { env: 'DAYBOOK_CONNECTOR_SECRET' },
        startAt: 'beginning',
        mapping: { by: 'field', field: 'u_daybook_session' },
      },
    ],
  });
