import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { daybook, json, makePlace, root, type Ended, type Place } from './program.js';

// Goal: the reports of a service that pages, tires and refuses end in the log, each connection once, whichever way
// it comes in, and nothing personal of them with it.

const TOKEN = 'canary-token-77';
const personal = ['Mila Example', 'MILAS-LAPTOP', 'Customer Group', 'Called about her tax', TOKEN];
const guidOf = (n: number): string => `0a1b2c3d-0000-4000-8000-${String(n).padStart(12, '0')}`;

const reportOf = (n: number): object => ({
  id: guidOf(n).toUpperCase(),
  userid: 'u1234567',
  username: personal[0],
  deviceid: '400500600',
  devicename: personal[1],
  groupid: 'g1',
  groupname: personal[2],
  support_session_type: 'RemoteConnection',
  start_date: `2026-06-05T${String(8 + n).padStart(2, '0')}:00:00Z`,
  end_date: `2026-06-05T${String(8 + n).padStart(2, '0')}:20:30Z`,
  session_code: '',
  notes: personal[3],
});

const pages: Readonly<Record<string, object>> = {
  '': { records: [reportOf(0), reportOf(1)], records_remaining: 2, next_offset: 'second' },
  second: { records: [reportOf(2), { ...reportOf(3), end_date: null }], records_remaining: 0 },
};

/** Runs the program while this process answers it. */
const running = (place: Place, args: readonly string[], url: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'services/cli/bin/daybook.mjs'), ...args], {
      cwd: place.path,
      env: {
        PATH: process.env['PATH'],
        HOME: place.path,
        DAYBOOK_DATA: place.data,
        DAYBOOK_TEAMVIEWER_URL: url,
        DAYBOOK_TEAMVIEWER_TOKEN: TOKEN,
      },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });

const bytesIn = (directory: string): string =>
  readdirSync(directory)
    .map((name) => join(directory, name))
    .map((path) => (statSync(path).isDirectory() ? bytesIn(path) : readFileSync(path, 'latin1')))
    .join('');

describe('The reports of TeamViewer', () => {
  const place = makePlace();
  let server: Server;
  let url = '';
  let isLimited = true;
  let answers = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      answers += 1;
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const offset = searchParams.get('offset_id') ?? '';
      if (request.headers.authorization !== `Bearer ${TOKEN}`) response.writeHead(401).end();
      else if (pathname !== '/api/v1/reports/connections') response.writeHead(403).end();
      else if (offset === 'second' && isLimited) {
        isLimited = false;
        response.writeHead(429, { 'retry-after': '1' }).end();
      } else response.end(JSON.stringify(pages[offset]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
    const init = daybook(place, ['init', '--company', 'acme', '--plan', 'business']);
    expect([init.code, init.err]).toStrictEqual([0, '']);
  });
  afterAll(() => {
    server.close();
    place.remove();
  });

  it('of a log that was read before are there already; the others come in, the bad one is told', async () => {
    const line = [
      '400500600',
      'Mila Example',
      '05-06-2026 08:00:00',
      '05-06-2026 08:20:30',
      'FRONT DESK',
      'RemoteControl',
      `{${guidOf(0).toUpperCase()}}`,
    ].join('\t');
    const log = place.file('connections_incoming.txt', `${line}\n`);
    expect(daybook(place, ['import', log]).code).toBe(0);

    const fetched = await running(place, ['--json', 'import', 'teamviewer-reports'], url);
    expect(fetched.err).toBe(
      '(connection reports):4 end_date is missing — import the report again when the session is over\n',
    );
    expect(fetched.code).toBe(1);
    expect([isLimited, answers]).toStrictEqual([false, 3]);
    expect(json(fetched)).toMatchObject({
      pages: 2,
      lines: 4,
      problems: 1,
      recorded: 4,
      repeated: 2,
    });
  });

  it('come in once, whether fetched, saved or exported', () => {
    const saved = place.file('reports.json', JSON.stringify(pages['second']));
    expect(daybook(place, ['import', saved])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--format teamviewer-reports') as string,
    });
    const table = [
      'Benutzer;ID;Beginn;Ende',
      `Mila Example;${guidOf(1)};05.06.2026 09:00;05.06.2026 09:20`,
    ];
    const exported = place.file('export.csv', `\uFEFF${table.join('\r\n')}\r\n`);
    const args = ['--json', 'import', '--format', 'teamviewer-reports', saved, exported];
    const again = daybook(place, args);
    expect(json(again)).toMatchObject({ recorded: 0, repeated: 4, problems: 1, refused: {} });
  });

  it('leave nothing personal behind, and are refused for what they do not tell', () => {
    const bytes = bytesIn(place.data);
    expect(bytes).toContain(guidOf(2));
    for (const word of personal) expect(bytes).not.toContain(word);
    const shown = json(daybook(place, ['--json', 'session', 'show', guidOf(2)]));
    expect(JSON.stringify(shown)).toContain('ai-not-activated');
  });

  it('say what to do where they cannot be had', async () => {
    const args = ['import', 'teamviewer-reports', '--kind', 'devices'];
    const forbidden = await running(place, args, url);
    expect(forbidden).toMatchObject({
      code: 1,
      err: expect.stringContaining('may not read') as string,
    });
    const unsafe = daybook(place, args, {
      env: { DAYBOOK_TEAMVIEWER_URL: 'http://192.0.2.1/api', DAYBOOK_TEAMVIEWER_TOKEN: TOKEN },
    });
    expect([unsafe.code, unsafe.err]).toStrictEqual([
      2,
      'DAYBOOK_TEAMVIEWER_URL is not an https address (http is for this machine only); write one such as https://webapi.teamviewer.com/api/v1.\n',
    ]);
    const without = daybook(place, args);
    expect([without.code, without.err]).toStrictEqual([
      2,
      'A token of TeamViewer is needed: set DAYBOOK_TEAMVIEWER_TOKEN, or DAYBOOK_TEAMVIEWER_TOKEN_FILE to a file that holds it. It needs the permission to view connection reports.\n',
    ]);
  });
});
