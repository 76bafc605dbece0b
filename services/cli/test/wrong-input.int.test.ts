import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHere } from './in-process.js';
import { daybook, json, makePlace, samples, serving, type Ended, type Place } from './program.js';

// Goal: whatever is wrong, the message says what to do, the exit code says whose fault it is, and
// nothing else is changed. Method: the program's command lines, compared by the digests of the contents,
// and the built program beside a server.

let place: Place;
const run = (...args: readonly string[]): Promise<Ended> => runHere(place, args);
const company = join(samples, 'company.jsonl');
const sessions = join(samples, 'sessions.jsonl');

beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const set = async (): Promise<string> => {
  expect((await run('init', '--setup', company)).code).toBe(0);
  return (await run('doctor', '--digest')).out;
};

const started = (session: string, at: string, more = ''): string =>
  `{"entry":"session-started","session":"${session}","at":"${at}","direction":"outgoing","supporter":"u-jule","signedIn":true,"device":null,"module":"full","platform":"windows","method":"link","attended":true${more}}`;

describe('Bad lines', () => {
  it('are reported with their place and the rest goes in', async () => {
    await set();
    const file = place.file(
      'journal.jsonl',
      [
        started('s-1', '2026-06-10T10:00:00Z'),
        started('s-2', '2026-06-10T10:00:00Z', ',"sgnedIn":true'),
        '{"entry":"chatt","session":"s-1","at":"2026-06-10T10:00:01Z","text":"very secret"}',
        '{"entry":"chat" "session":"s-1"}',
        '{"entry":"session-ended","session":"s-1","at":"2026-06-10T10:01:00Z"}',
        '{"entry":"session-ended","session":"s-1","at":"2026-06-1',
      ].join('\n'),
    );
    const ended = await runHere(place, ['import', file, '--json']);
    expect(ended.code).toBe(1);
    expect(json(ended)).toMatchObject({ lines: 6, problems: 4, sessions: 1, recorded: 2 });
    expect(ended.err).toContain(`${file}:2 sgnedIn is not a field of session-started`);
    expect(ended.err).toContain(`${file}:3 entry "chatt" is not an entry type — use one of: `);
    expect(ended.err).toContain(`${file}:4:17 is not JSON`);
    expect(ended.err).toContain(`${file}:6:57 is truncated`);
    expect(ended.err).not.toContain('very secret');
    expect((await run('session', 'show', 's-1')).code).toBe(0);
  });

  it('of a setup file are reported, too, and what the rules refuse', async () => {
    const file = place.file(
      'setup.jsonl',
      [
        '{"command":"RegisterCompany","at":"2026-05-01T00:00:00Z","companyId":"acme","plan":"business","timeZone":"Europe/Berlin"}',
        '{"command":"RegisterUsr","at":"2026-05-01T00:00:00Z"}',
        '{"command":"SetSummariesOption","at":"2026-05-01T00:00:00Z","path":"outgoing","enabled":true}',
      ].join('\n'),
    );
    const ended = await run('init', '--setup', file);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`${file}:2 command unknown command`);
    expect(ended.err).toContain(`${file}:3 SetSummariesOption was refused: AI has to be activated`);
  });

  it('are passed over on standard input as in files', async () => {
    await set();
    const input = `${started('s-9', '2026-06-10T10:00:00Z')}\n{}\n`;
    const ended = await runHere(place, ['import', '-'], { input });
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('(stdin):2 entry is missing');
    expect((await run('session', 'show', 's-9')).code).toBe(0);
  });
});

describe('A wrong command line', () => {
  it('is exit code 2 and changes nothing', async () => {
    const before = await set();
    const other = place.file('notes.txt', 'hello\n');
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['frobnicate'], 'unknown command'],
      [['import'], 'missing required argument'],
      [['import', join(place.path, 'no.jsonl')], 'there is no such file'],
      [['import', place.path], 'it is a directory'],
      [['import', sessions, other], 'is neither a session journal'],
      [['import', sessions, '--map', other], 'is not JSON'],
      [['credits', 'statement', '--month', 'June'], '--month takes a month such as 2026-06'],
      [['credits', 'balance', '--as-of', 'today'], '--as-of takes an instant'],
      [['session', 'list', '--reason', 'because'], 'is not a reason'],
      [['session', 'list', '--company', 'nobody'], 'there is: fernwacht'],
      [['rebuild', 'everything'], 'there are credit-ledger'],
      [
        ['import', sessions, '--summarizer-url', 'http://localhost/v1'],
        'both its address and its model',
      ],
      [['init', '--company', 'acme', '--plan', 'gold'], 'Allowed choices are business, premium'],
      [['serve', '--port', '70000'], 'Write a number from 0'],
    ];
    for (const [args, message] of wrong) {
      const ended = await run(...args);
      expect({ args, code: ended.code, out: ended.out }).toStrictEqual({ args, code: 2, out: '' });
      expect(ended.err).toContain(message);
    }
    expect((await run('doctor', '--digest')).out).toBe(before);
  });

  it('asks which company is meant where there are several', async () => {
    await set();
    expect((await run('init', '--company', 'acme', '--plan', 'premium')).code).toBe(0);
    const asked = await run('session', 'list');
    expect(asked).toMatchObject({
      code: 2,
      err: 'There are several companies here; name one with --company: fernwacht, acme.\n',
    });
    expect((await run('session', 'list', '--company', 'acme')).code).toBe(0);
  });

  it('names a session or summary that does not exist, and where to look', async () => {
    await set();
    expect(await run('explain', 's-404')).toMatchObject({
      code: 1,
      err: expect.stringContaining('daybook session list') as string,
    });
    expect((await run('summary', 'show', 's-404')).code).toBe(1);
    expect((await run('device', 'policy', 'd-404')).code).toBe(1);
  });
});

describe('A data directory that cannot be used', () => {
  it('is exit code 3 when it is missing, and is not made', async () => {
    for (const args of [
      ['session', 'list'],
      ['import', sessions],
      ['doctor'],
      ['rebuild'],
      ['serve'],
    ]) {
      const ended = await run(...args);
      expect({ args, code: ended.code }).toStrictEqual({ args, code: 3 });
      expect(ended.err).toContain('daybook init --company');
    }
    expect(() => readFileSync(place.data)).toThrow('ENOENT');
  });

  it('is exit code 3 when it is a file', async () => {
    writeFileSync(place.data, 'a file');
    expect(await run('init')).toMatchObject({
      code: 3,
      err: expect.stringContaining('is not a directory') as string,
    });
    expect(readFileSync(place.data, 'utf8')).toBe('a file');
  });

  it('is exit code 3 when its place cannot be written', async () => {
    const ended = await run('init', '--data', '/sys/daybook');
    expect(ended).toMatchObject({
      code: 3,
      err: expect.stringContaining('cannot be written') as string,
    });
  });

  it('is exit code 3 when the log is no database, and is left as it is', async () => {
    await set();
    const log = join(place.data, 'log/log.db');
    writeFileSync(log, 'no database at all');
    for (const args of [['session', 'list'], ['import', sessions], ['doctor'], ['rebuild']]) {
      const ended = await run(...args);
      expect({ args, code: ended.code }).toStrictEqual({ args, code: 3 });
      expect(ended.err).toContain('log.db');
    }
    expect(readFileSync(log, 'utf8')).toBe('no database at all');
  });
});

describe('A server', () => {
  it('keeps other writers and its port to itself, answers, and stops when asked', async () => {
    await set();
    const server = await serving(place, ['serve', '--port', '0']);
    const ready = await fetch(`${server.url}/ready`);
    expect(ready.status).toBe(200);
    const second = daybook(place, ['import', sessions]);
    expect(second.code).toBe(3);
    expect(second.err).toContain('its HTTP API does the same');
    expect(daybook(place, ['session', 'list']).code).toBe(0);
    const other = makePlace();
    daybook(other, ['init', '--company', 'acme', '--plan', 'business']);
    const { port } = new URL(server.url);
    const taken = daybook(other, ['serve', '--port', port]);
    expect(taken).toMatchObject({
      code: 3,
      err: expect.stringContaining(`Port ${port}`) as string,
    });
    other.remove();
    expect(await server.stop()).toBe(0);
    expect((await run('import', sessions)).code).toBe(0);
  });
});
