import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { daybook, json, makePlace, type Ended, type Place } from './program.js';

// Goal: a person sees what could not be summarised, has it tried again when its cause is gone, and pays
// once. Method: the built program, with a service in another process that refuses every request.

const REFUSING = `require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(400).end('{}'));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

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

const notParked = (id: string): string =>
  `Nothing is parked under ${id}: it is done, or there is no such event. See daybook parked list.\n`;

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
    text: 'I restarted the spooler and the printer works again.',
    item: 'c1',
  },
  { entry: 'session-ended', session: 's1', at: at(2) },
];

describe('a session that could not be summarised', () => {
  let place: Place;
  let service: ChildProcess;
  let refused: NodeJS.ProcessEnv;

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended =>
    daybook(place, args, { env });

  const doctor = (): string => run(['doctor']).out.replace(/ +/g, ' ');

  const eventId = (): string => {
    const { work } = json(run(['parked', 'list', '--json'])) as {
      work: readonly { eventId: string }[];
    };
    return work[0]?.eventId ?? '';
  };

  beforeAll(async () => {
    place = makePlace();
    service = spawn(process.execPath, ['-e', REFUSING], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(service.stdout ?? service, 'data')) as [Buffer];
    refused = {
      DAYBOOK_SUMMARIZER_URL: `http://127.0.0.1:${port.toString().trim()}/v1`,
      DAYBOOK_SUMMARIZER_MODEL: 'any',
    };
    const commands = place.file('setup.jsonl', setup.map(line).join(''));
    expect(run(['init', '--setup', commands])).toMatchObject({ code: 0, err: '' });
    const sessions = place.file('sessions.jsonl', journal.map(line).join(''));
    expect(run(['import', sessions], refused)).toMatchObject({
      code: 0,
      err: expect.stringContaining('No summary of session s1 (acme): rejected-request.') as string,
    });
  });

  afterAll(() => {
    service.kill();
    place.remove();
  });

  it('is parked, and doctor says so; its credit is back', () => {
    expect(doctor()).toContain(
      ' ! parked 1 parked; see daybook parked list; try again with daybook parked retry --all\n' +
        ' insights: session-acme_s1, rejected-request\n',
    );
    expect(json(run(['credits', 'balance', '--json', '--as-of', at(5)]))).toMatchObject({
      available: 5,
      held: 0,
    });
    const id = eventId();
    expect(run(['parked', 'list']).out).toContain(
      `${id}  insights  session-acme_s1  rejected-request  1 attempt  since `,
    );
    expect(run(['parked', 'show', id]).out).toContain('reason    rejected-request\n');
  });

  it('stays parked while its cause is there', () => {
    const id = eventId();
    const again = run(['parked', 'retry', id], refused);
    expect([again.code, again.out]).toStrictEqual([0, `${id} is parked again: rejected-request\n`]);
    expect(run(['parked', 'list']).out).toContain('2 attempts');
    const regenerated = run(['summary', 'regenerate', 's1'], refused);
    expect([regenerated.code, regenerated.err]).toStrictEqual([
      1,
      'The summarizer cannot make it (rejected-request). Nothing was changed, nothing was charged.\n',
    ]);
  });

  it('is summarised when it is gone, for one credit, and a further retry changes nothing', () => {
    const id = eventId();
    expect(run(['parked', 'retry', id]).out).toBe(`${id} is done\n`);
    expect(run(['parked', 'list']).out).toBe('Nothing is parked.\n');
    expect(doctor()).toContain(' ✓ parked nothing is parked\n');
    expect(run(['summary', 'show', 's1']).code).toBe(0);
    const again = run(['parked', 'retry', id]);
    expect([again.code, again.out, again.err]).toStrictEqual([1, '', notParked(id)]);
    expect(json(run(['credits', 'balance', '--json']))).toMatchObject({ available: 4, held: 0 });
    expect(run(['credits', 'audit']).code).toBe(0);
  });

  it('can be made again from what was captured, without another charge', () => {
    expect(run(['summary', 'regenerate', 's1']).out).toBe(
      'The summary of s1 was made again; see daybook summary show s1 --revisions\n',
    );
    const stale = run(['summary', 'regenerate', 's1', '--revision', '1']);
    expect([stale.code, stale.err]).toStrictEqual([
      1,
      'Somebody has changed the summary since; read the current revision and edit that.\n',
    ]);
    expect(json(run(['credits', 'balance', '--json']))).toMatchObject({ available: 4, held: 0 });
  });

  it('needs to be named', () => {
    expect(run(['parked', 'retry']).code).toBe(2);
    expect(run(['parked', 'show', 'nothing']).code).toBe(1);
    expect(run(['parked', 'retry', 'nothing'])).toStrictEqual({
      code: 1,
      out: '',
      err: notParked('nothing'),
    });
    expect(run(['parked', 'list', '--process', 'insight'])).toStrictEqual({
      code: 2,
      out: '',
      err: 'There is no process “insight”: name one of insights, grants and reconsider.\n',
    });
    expect(run(['parked', 'list', '--process', 'grants']).out).toBe('Nothing is parked.\n');
  });
});
