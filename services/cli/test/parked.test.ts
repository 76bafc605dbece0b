import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { runHere } from './in-process.js';
import { json, makePlace, type Ended, type Place } from './program.js';

// Goal: a person sees what could not be summarised, has it tried again when its cause is gone, and pays
// once. Method: the program's command lines, with a service in another process that refuses every request.

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
  let refused: Readonly<Record<string, string>>;

  const run = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> => runHere(place, args, { env });

  const doctor = async (): Promise<string> => (await run(['doctor'])).out.replace(/ +/g, ' ');

  const eventId = async (): Promise<string> => {
    const { work } = json(await run(['parked', 'list', '--json'])) as {
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
    expect(await run(['init', '--setup', commands])).toMatchObject({ code: 0, err: '' });
    const sessions = place.file('sessions.jsonl', journal.map(line).join(''));
    expect(await run(['import', sessions], refused)).toMatchObject({
      code: 0,
      err: expect.stringContaining('No summary of session s1 (acme): rejected-request.') as string,
    });
  });

  afterAll(() => {
    service.kill();
    place.remove();
  });

  it('is parked, and doctor says so; its credit is back', async () => {
    expect(await doctor()).toContain(
      ' ! parked 1 parked; see daybook parked list; try again with daybook parked retry --all\n' +
        ' insights: session-acme_s1, rejected-request\n',
    );
    expect(json(await run(['credits', 'balance', '--json', '--as-of', at(5)]))).toMatchObject({
      available: 5,
      held: 0,
    });
    const id = await eventId();
    expect((await run(['parked', 'list'])).out).toContain(
      `${id}  insights  session-acme_s1  rejected-request  1 attempt  since `,
    );
    expect((await run(['parked', 'show', id])).out).toContain('reason    rejected-request\n');
  });

  it('stays parked while its cause is there', async () => {
    const id = await eventId();
    const again = await run(['parked', 'retry', id], refused);
    expect([again.code, again.out]).toStrictEqual([0, `${id} is parked again: rejected-request\n`]);
    expect((await run(['parked', 'list'])).out).toContain('2 attempts');
    const regenerated = await run(['summary', 'regenerate', 's1'], refused);
    expect([regenerated.code, regenerated.err]).toStrictEqual([
      1,
      'The summarizer cannot make it (rejected-request). Nothing was changed, nothing was charged.\n',
    ]);
  });

  it('is summarised when it is gone, for one credit, and a further retry changes nothing', async () => {
    const id = await eventId();
    expect((await run(['parked', 'retry', id])).out).toBe(`${id} is done\n`);
    expect((await run(['parked', 'list'])).out).toBe('Nothing is parked.\n');
    expect(await doctor()).toContain(' ✓ parked nothing is parked\n');
    expect((await run(['summary', 'show', 's1'])).code).toBe(0);
    const again = await run(['parked', 'retry', id]);
    expect([again.code, again.out, again.err]).toStrictEqual([1, '', notParked(id)]);
    expect(json(await run(['credits', 'balance', '--json']))).toMatchObject({
      available: 4,
      held: 0,
    });
    expect((await run(['credits', 'audit'])).code).toBe(0);
  });

  it('can be made again from what was captured, without another charge', async () => {
    expect((await run(['summary', 'regenerate', 's1'])).out).toBe(
      'The summary of s1 was made again; see daybook summary show s1 --revisions\n',
    );
    const stale = await run(['summary', 'regenerate', 's1', '--revision', '1']);
    expect([stale.code, stale.err]).toStrictEqual([
      1,
      'Somebody has changed the summary since; read the current revision and edit that.\n',
    ]);
    expect(json(await run(['credits', 'balance', '--json']))).toMatchObject({
      available: 4,
      held: 0,
    });
  });

  it('needs to be named', async () => {
    expect((await run(['parked', 'retry'])).code).toBe(2);
    expect((await run(['parked', 'show', 'nothing'])).code).toBe(1);
    expect(await run(['parked', 'retry', 'nothing'])).toStrictEqual({
      code: 1,
      out: '',
      err: notParked('nothing'),
    });
    expect(await run(['parked', 'list', '--process', 'insight'])).toStrictEqual({
      code: 2,
      out: '',
      err: 'There is no process “insight”: name one of insights, grants and reconsider.\n',
    });
    expect((await run(['parked', 'list', '--process', 'grants'])).out).toBe('Nothing is parked.\n');
  });
});
