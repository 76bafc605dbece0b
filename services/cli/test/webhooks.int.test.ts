import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openLogReader } from '@daybook/engine';
import { openWebhooks, publicDestinations, type Endpoint } from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import { daybook, json, makePlace, root, type Ended, type Place } from './program.js';

// Goal: what an operator does with webhooks, and that a sender killed after delivery and before it wrote
// that down sends again under the same id. Method: the built program beside a receiver in this process.

const CANARY = 'canary-spooler-4711';
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

const line = (value: object): string => `${JSON.stringify(value)}\n`;

const setup = [
  { command: 'RegisterCompany', companyId: 'acme', plan: 'business', timeZone: 'UTC' },
  { command: 'ActivateAi', termsVersion: '2026-01' },
  { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
  { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
].map((command) => ({
  ...command,
  at: '2026-03-10T08:00:00Z',
  by: { kind: 'administrator', id: 'u-admin' },
}));

const at = (minute: number): string => `2026-03-10T09:0${minute}:00Z`;

const journal = [
  {
    entry: 'session-started',
    session: 's1',
    at: at(0),
    direction: 'outgoing',
    supporter: 'u-1',
    signedIn: true,
    device: null,
    module: 'full',
    platform: 'windows',
    method: 'session-code',
    attended: true,
    accessControl: { supporter: 'allowed', remote: 'allowed' },
  },
  {
    entry: 'chat',
    session: 's1',
    at: at(1),
    speaker: 'supporter',
    text: `I restarted the ${CANARY} and the printer works again.`,
    item: 'c1',
  },
  { entry: 'session-ended', session: 's1', at: at(2) },
];

type Sent = Readonly<{ headers: IncomingHttpHeaders; body: string }>;
describe('webhooks on the command line', () => {
  let place: Place;
  let server: Server;
  let url: string;
  let senders: readonly ChildProcess[] = [];
  const received: Sent[] = [];
  /** What happens when a message has arrived, before it is answered; true: it is not answered. */
  let interrupt = (): boolean => false;

  const run = (args: readonly string[], input = ''): Ended => daybook(place, args, { input });
  const destination = (): readonly string[] => [
    '--allow-http',
    '--allow-network',
    '127.0.0.1',
    '--allow-port',
    new URL(url).port,
  ];
  const ids = (): readonly string[] => received.map(({ headers }) => String(headers['webhook-id']));
  /** As the file has it; closed again before the file is read as it is. */
  const endpoint = (): Endpoint | undefined => {
    const options = { directory: place.data, rules: publicDestinations, clock: Date.now };
    const registry = openWebhooks(options);
    if (E.isLeft(registry)) throw new Error(registry.left.message);
    const [found] = registry.right.list();
    registry.right.close();
    return found;
  };

  const startSender = (): ChildProcess => {
    const bin = join(root, 'services/cli/bin/daybook.mjs');
    const args = [bin, '--data', place.data, '--json', 'webhooks', 'run', ...destination()];
    const sender = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    senders = [...senders, sender];
    return sender;
  };

  beforeAll(async () => {
    place = makePlace();
    expect(
      run(['init', '--setup', place.file('setup.jsonl', setup.map(line).join(''))]),
    ).toMatchObject({ code: 0 });
    expect(run(['import', place.file('sessions.jsonl', journal.map(line).join(''))])).toMatchObject(
      { code: 0 },
    );
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        if (!interrupt()) response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });

  afterAll(() => {
    for (const sender of senders) sender.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    place.remove();
  });

  it('refuse addresses that are not public, types that are not published and secrets that are weak', () => {
    expect(run(['webhooks', 'add', 'https://127.0.0.1/hook'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('This address is not public') as string,
    });
    expect(
      run(['webhooks', 'add', url, ...destination(), '--type', 'daybook.nothing.*']),
    ).toMatchObject({
      code: 2,
      err: 'Nothing is published as daybook.nothing.*; see daybook contracts list.\n',
    });
    const weak = run(
      ['webhooks', 'add', url, ...destination(), '--secret-file', '-'],
      'whsec_AAAA',
    );
    expect([weak.code, weak.err]).toStrictEqual([2, 'The secret is too short: 24 to 64 bytes.\n']);
    expect(endpoint()).toBeUndefined();
  });

  it('send again what was delivered when the sender was killed, under the same id', async () => {
    const added = run(
      ['webhooks', 'add', url, ...destination(), '--from', 'start', '--secret-file', '-'],
      `${SECRET}\n`,
    );
    expect([added.code, added.out.includes(`Secret: ${SECRET}`)]).toStrictEqual([0, true]);

    const log = await openLogReader({ directory: place.data });
    if (E.isLeft(log)) throw new Error(log.left._tag);
    const end = await log.right.head()();
    const head = E.isRight(end) ? end.right : -1;
    await log.right.close();

    let sender = startSender();
    for (const count of [2, 5]) {
      interrupt = () => {
        if (received.length < count) return false;
        return sender.kill('SIGKILL');
      };
      await once(sender, 'exit');
      interrupt = () => false;
      sender = startSender();
    }
    // An endpoint that has everything stands at the end of the log.
    while (endpoint()?.position !== head) await new Promise((resolve) => setTimeout(resolve, 100));
    const published = new Set(ids()).size;
    expect(endpoint()?.counts.delivered).toBe(published);
    // Twice a message had arrived and nobody knew: it came once more, next, and everything else once.
    const repeated = ids().filter((id, index) => ids().indexOf(id) !== index);
    expect(repeated).toStrictEqual([ids()[1], ids()[4]]);
    expect(ids().length).toBe(published + 2);
    const sequences = received.map(
      ({ body }) => (JSON.parse(body) as { sequence: string }).sequence,
    );
    expect(sequences).toStrictEqual([...sequences].sort());

    const second = run(['webhooks', 'run']);
    expect([second.code, second.err.includes('sends the webhooks')]).toStrictEqual([3, true]);
    sender.kill('SIGTERM');
    expect(await once(sender, 'exit')).toStrictEqual([0, null]);
  });

  it('say nothing of what the session was about', () => {
    expect(run(['summary', 'show', 's1']).out).toContain(CANARY);
    const id = endpoint()?.id ?? '';
    const types = received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types).toContain('daybook.summaries.summary-generated.v1');
    const shown = ['show', 'deliveries'].map((each) => run(['webhooks', each, id, '--json']).out);
    const onDisk = readdirSync(place.data)
      .filter((file) => file.startsWith('webhooks'))
      .map((file) => readFileSync(join(place.data, file), 'latin1'));
    expect(onDisk.join('').length).toBeGreaterThan(1_000);
    for (const text of [JSON.stringify(received), ...shown, ...onDisk])
      expect(text).not.toContain(CANARY);
    for (const text of shown) expect(text).not.toContain(SECRET);
  });

  it('can be stopped, given a new secret, replayed and removed', () => {
    const id = endpoint()?.id ?? '';
    expect(run(['webhooks', 'disable', id]).out).toBe(`${id}: disabled\n`);
    expect(endpoint()?.disabled).toBe('by-operator');
    const rotated = json(run(['webhooks', 'rotate', id, '--json'])) as { secret: string };
    expect(rotated.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(rotated.secret).not.toBe(SECRET);
    expect(run(['webhooks', 'replay', id, '--after', '999999'])).toMatchObject({ code: 2 });
    expect(run(['webhooks', 'replay', id, '--after', '0']).code).toBe(0);
    expect(endpoint()?.position).toBe(0);
    expect(run(['webhooks', 'remove', id]).out).toBe(`${id}: removed\n`);
    expect(run(['webhooks', 'show', id])).toMatchObject({
      code: 1,
      err: `There is no endpoint ${id}; see daybook webhooks list.\n`,
    });
  });
});
