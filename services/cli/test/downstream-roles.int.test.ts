import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerStatus } from '@daybook/engine';
import { line, setup } from './downstream-company.js';
import { daybook, makePlace, root, type Place } from './program.js';
import { served, type Served } from './served.js';

// Goal: a broker, a receiver or a remote system that is away never keeps the node from its work, and a role that
// cannot be had says what it needs. Method: the built program, with nobody at the other end.

const NOBODY = 'nats://127.0.0.1:1';
const connectors = JSON.stringify({
  connectors: [
    {
      name: 'desk',
      kind: 'servicenow',
      company: 'acme',
      url: 'http://127.0.0.1:1',
      clientId: 'daybook-client',
      clientSecret: { env: 'DAYBOOK_CONNECTOR_SECRET' },
      mapping: { by: 'field', field: 'u_daybook_session' },
    },
  ],
});

describe('the ways out of a served node', () => {
  let place: Place;
  let node: Served | undefined;
  beforeAll(() => {
    place = makePlace();
    const file = place.file('setup.jsonl', setup.map(line).join(''));
    expect(daybook(place, ['init', '--setup', file])).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    await node?.kill();
    node = undefined;
  });
  afterAll(() => place.remove());

  it.each([
    ['relay', {}, 'DAYBOOK_NATS_URL'],
    ['connectors', {}, 'DAYBOOK_CONNECTORS_CONFIG'],
    ['webhooks', { DAYBOOK_WEBHOOKS_ALLOW_NETWORKS: '10.1' }, 'DAYBOOK_WEBHOOKS_ALLOW_NETWORKS'],
    ['webhooks', { DAYBOOK_WEBHOOKS_CA_FILE: '/nowhere.pem' }, 'DAYBOOK_WEBHOOKS_CA_FILE'],
  ])('the role %s with %j names %s', (role, env, named) => {
    const ended = daybook(place, ['serve', '--port', '0', '--roles', role], { env });
    expect([ended.code, ended.err.includes(named)]).toStrictEqual([2, true]);
  });

  it('are those that are configured, and wait while nobody is there; commands go on', async () => {
    const env = {
      DAYBOOK_NATS_URL: NOBODY,
      DAYBOOK_CONNECTORS_CONFIG: place.file('connectors.json', connectors),
      DAYBOOK_CONNECTOR_SECRET: 'secret',
      DAYBOOK_WEBHOOKS_ALLOW_PORTS: '9443',
    };
    node = await served(place, { env });
    const consumers = async (): Promise<readonly ConsumerStatus[]> => {
      const answer = await fetch(`${node?.url ?? ''}/health/ready`);
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { consumers: readonly ConsumerStatus[] }).consumers;
    };
    const stateOf = (all: readonly ConsumerStatus[], kind: string): string | undefined =>
      all.find((each) => each.kind === kind)?.state;
    while (stateOf(await consumers(), 'relay') !== 'waiting') await delay(50);
    const all = await consumers();
    expect(all.map(({ name }) => name).slice(-3)).toStrictEqual([
      'relay',
      'webhooks',
      'connector-desk',
    ]);
    expect([stateOf(all, 'webhooks'), stateOf(all, 'connector')]).toStrictEqual([
      'running',
      'running',
    ]);
    const answer = await fetch(`${node.url}/v1/companies/acme/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'RegisterUser', userId: 'u-9', role: 'supporter' }),
    });
    expect(answer.status).toBe(200);
    expect(await node.stop()).toBe(0);
    const doctor = daybook(place, ['doctor'], { env });
    expect(doctor.code).toBe(0);
    expect(doctor.out).toMatch(/! +relay +\S.*\n/);
    expect(doctor.out).toMatch(/✓ +webhooks +0 endpoints: 0 disabled/);
    expect(doctor.out).toMatch(/✓ +connector/);
  });

  it('do not keep a node from serving when another program has them, unless they were asked for', async () => {
    const bin = join(root, 'services/cli/bin/daybook.mjs');
    const sender = spawn(process.execPath, [bin, '--data', place.data, 'webhooks', 'run']);
    const gone = once(sender, 'exit');
    try {
      await once(sender.stderr, 'data');
      node = await served(place, { env: {} });
      expect((await fetch(`${node.url}/health/ready`)).status).toBe(200);
      expect(node.log()).toContain('Without webhooks: Another program sends the webhooks');
      await node.stop();
      const asked = daybook(place, ['serve', '--port', '0', '--roles', 'api,webhooks']);
      expect([asked.code, asked.err.includes('sends the webhooks')]).toStrictEqual([3, true]);
    } finally {
      sender.kill('SIGTERM');
      await gone;
    }
  });

  it('end at the second signal, whatever is still under way', async () => {
    node = await served(place, { env: {} });
    const { hostname, port } = new URL(node.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /v1/companies/acme/journal HTTP/1.1\r\nHost: ${hostname}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
    socket.on('error', () => undefined);
    await fetch(`${node.url}/health/live`);
    node.signal('SIGTERM');
    while (!node.log().includes('Stopping')) await delay(20);
    node.signal('SIGINT');
    expect(await node.ended).toBe(130);
    socket.destroy();
  });
});
