import {
  refuseDeliveries,
  startServiceNowServer,
  type ServiceNowServer,
} from '@daybook/connectors/rehearsal';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runProgram } from '../src/run.js';
import { makePlace, type Ended, type Place } from './program.js';

// Goal: what an operator does with connectors on the command line. Method: the program in this process, with a
// log of its own, and a local server with ServiceNow's shapes.

const SECRET = 'rehearsal-secret';
const CANARY = 'canary-spooler-0815';
const NOW = Date.UTC(2026, 5, 8, 9);

const collecting = () => {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
};

const run = async (
  place: Place,
  args: readonly string[],
  stopped: AbortSignal = new AbortController().signal,
): Promise<Ended> => {
  const [out, err] = [collecting(), collecting()];
  const code = await runProgram({
    arguments: ['--data', place.data, ...args],
    environment: { DAYBOOK_CONNECTOR_DESK: SECRET, SECRET },
    version: '1.0.0',
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    stdout: out.stream,
    stderr: err.stream,
    clock: () => NOW,
    stopped,
  });
  return { code, out: out.text(), err: err.text() };
};

const line = (value: object): string => `${JSON.stringify(value)}\n`;
const by = { kind: 'administrator', id: 'u-admin' };
const setup = [
  { command: 'RegisterCompany', companyId: 'acme', plan: 'business', timeZone: 'UTC' },
  { command: 'ActivateAi', termsVersion: '2026-01' },
  { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
  { command: 'RegisterUser', userId: 'u-1', role: 'supporter' },
].map((command) => ({ ...command, at: '2026-03-10T08:00:00Z', by }));

const sessionOf = (session: string): readonly object[] => [
  {
    entry: 'session-started',
    session,
    at: '2026-03-10T09:00:00Z',
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
    session,
    at: '2026-03-10T09:01:00Z',
    speaker: 'supporter',
    text: `I restarted the ${CANARY} and the printer works again.`,
    item: `${session}-c1`,
  },
  { entry: 'session-ended', session, at: '2026-03-10T09:02:00Z' },
];

describe('connectors on the command line', () => {
  let place: Place;
  let server: ServiceNowServer;
  let config: string;

  const configured = (more: object = {}): string => {
    const mapping = { by: 'field', field: 'u_session' };
    const clientSecret = { env: 'DAYBOOK_CONNECTOR_DESK' };
    const common = {
      kind: 'servicenow',
      company: 'acme',
      clientId: 'daybook-client',
      clientSecret,
    };
    const desk = {
      name: 'desk',
      ...common,
      url: server.url,
      mapping,
      startAt: 'beginning',
      ...more,
    };
    return place.file('connectors.json', JSON.stringify({ connectors: [desk] }));
  };
  const once = (): Promise<Ended> =>
    run(place, ['connectors', 'run', '--config', config, '--once']);

  beforeAll(async () => {
    place = makePlace();
    server = await startServiceNowServer();
    server.addIncident({ u_session: 's1' });
    config = configured();
    const sessions = ['s1', 's2'].flatMap(sessionOf).map(line).join('');
    const init = ['init', '--setup', place.file('setup.jsonl', setup.map(line).join(''))];
    expect(await run(place, init)).toMatchObject({ code: 0 });
    const file = place.file('sessions.jsonl', sessions);
    expect(await run(place, ['import', file])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await server.close();
    place.remove();
  });

  test('there is nothing to tell before the first run', async () => {
    const told = async (name: string): Promise<string> =>
      (await run(place, ['connectors', name])).out;
    expect(await told('status')).toBe('No connector has run yet.\n');
    expect(await told('deliveries')).toBe('Nothing was delivered.\n');
    expect(await told('unrecalled')).toBe('Everything could be recalled.\n');
  });

  test('check tells each connector without its secret, and each field that is wrong with what to write', async () => {
    const checked = await run(place, ['connectors', 'check', config]);
    expect(checked).toMatchObject({ code: 0, err: '' });
    expect(checked.out).toContain(server.url);
    expect(checked.out).not.toContain(SECRET);
    const url = 'https://somebody:open-sesame@acme.service-now.com';
    const wrong = configured({ url, clientSecret: { env: 'SECRET' } });
    const refused = await run(place, ['connectors', 'check', wrong]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('connectors.0.url: Write the https address of the instance');
    expect(refused.err).not.toContain('open-sesame');
    // Only variables that are meant for connectors are read.
    const other = await run(place, [
      'connectors',
      'check',
      configured({ clientSecret: { env: 'SECRET' } }),
    ]);
    expect(other.err).toContain('connectors.0.clientSecret: The environment variable is not set');
    configured();
  });

  test('run --once delivers, and ends with 1 while something is parked', async () => {
    server.faults.add({ method: 'PATCH', path: /incident/, does: { status: 400, body: {} } });
    config = configured({ mapping: { by: 'lookup', field: 'u_session', records: { s1: 's1' } } });
    const ended = await once();
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        '1 parked: daybook connectors deliveries --state parked',
      ) as string,
    });
    expect(server.journal()).toStrictEqual([]);
    const parked = await run(place, ['connectors', 'deliveries', '--state', 'parked']);
    expect(parked.out).toMatch(/^desk +s1 +revision 1 +parked +Rejected 400 /);
    const status = await run(place, ['connectors', 'status']);
    expect(status.out).toMatch(/^desk +log position \d+ +1 parked, 1 skipped\n$/);
  });

  test('retry wants to know what, leaves another company alone, and has it delivered by the next run', async () => {
    expect(await run(place, ['connectors', 'retry'])).toMatchObject({ code: 2 });
    const other = await run(place, ['--company', 'globex', 'connectors', 'retry', '--all']);
    expect(other).toMatchObject({ code: 0, out: '0 deliveries due again now.\n' });
    const retried = await run(place, ['connectors', 'retry', '--all']);
    expect(retried).toMatchObject({ code: 0, out: '1 delivery due again now.\n' });
    expect(await once()).toMatchObject({ code: 0 });
    expect(server.journal().map(({ value }) => value.includes(CANARY))).toStrictEqual([true]);
    const told = await run(place, ['--json', 'connectors', 'deliveries']);
    expect(told.out).not.toContain(CANARY);
    expect(JSON.parse(told.out)).toMatchObject({
      deliveries: [
        { session: 's1', state: 'delivered', how: 'created' },
        { session: 's2', state: 'skipped', reason: 'NotMapped' },
      ],
    });
  });

  test('a deletion is followed by a retraction, and what was not recalled is listed', async () => {
    const removed = await run(place, ['summary', 'delete', 's1', '--yes']);
    expect(removed).toMatchObject({ code: 0 });
    expect(await once()).toMatchObject({ code: 0 });
    expect(server.journal()[1]?.value).toContain('retracted');
    const listed = await run(place, ['connectors', 'unrecalled', '--session', 's1']);
    expect(listed.out.split('\n').filter((row) => row !== '')).toHaveLength(3);
    expect(listed.out).toContain('the configuration deletes none');
  });

  test('run beside another run is refused', async () => {
    const stop = new AbortController();
    const first = run(place, ['connectors', 'run', '--config', config], stop.signal);
    const second = await once();
    expect(second).toMatchObject({
      err: expect.stringContaining('Another process delivers from this data directory') as string,
    });
    stop.abort();
    expect(await first).toMatchObject({ code: 0 });
  });

  test('run ends with a failure when its table cannot be written', async () => {
    refuseDeliveries(place.data);
    const ended = await once();
    expect(ended.code).not.toBe(0);
    expect(ended.err).toContain('The connector desk has ended: connectors.db SQLITE_CONSTRAINT');
    expect(ended.err).not.toContain(CANARY);
  });

  test('a table that is none is a problem of the data, with what to do', async () => {
    writeFileSync(join(place.data, 'connectors.db'), 'not a database, for sure not a database');
    for (const suffix of ['-wal', '-shm'])
      writeFileSync(join(place.data, `connectors.db${suffix}`), '');
    const told = await run(place, ['connectors', 'deliveries']);
    expect(told.code).not.toBe(0);
    expect(told.err).toContain('SQLITE_NOTADB');
  });
});
