import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHere } from './in-process.js';
import { json, makePlace, root, samples, type Ended, type Place } from './program.js';

// Goal: what the portal, the ledger and the sessions say differently is found, whatever the file looks
// like, and nothing is ever changed. Method: the program's command lines over the sample month, and the
// built program where its memory counts; the bytes of the
// data directory before and after every run.

const HEADER = 'order number,purchased at,credits,price,currency,status,invoice number';
const LINE = 'FW-2026-0047,2026-06-22T08:00:00+02:00,4,8.00,EUR,completed,INV-47';
const JUNE = ['--to', '2026-07-01T00:00:00+02:00'];

let place: Place;

/** Every file of the data directory but the index that SQLite's readers share in memory. */
const digestOf = (directory: string): string => {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    if (name.endsWith('-shm') || !lstatSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    if (name.endsWith('-wal') && bytes.length === 0) continue;
    hash.update(name).update(bytes);
  }
  return hash.digest('hex');
};

const reconcile = (text: string, ...more: readonly string[]): Promise<Ended> => {
  const file = place.file('portal.csv', text);
  return runHere(place, ['credits', 'reconcile', '--purchases', file, ...more]);
};
const findingsOf = async (
  text: string,
  ...more: readonly string[]
): Promise<Record<string, unknown>[]> =>
  json(await reconcile(text, '--json', ...JUNE, ...more))['findings'] as Record<string, unknown>[];

let before: string;

beforeAll(async () => {
  place = makePlace();
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect((await runHere(place, ['init'])).code).toBe(0);
  expect((await runHere(place, ['import', '--by-time', ...files])).code).toBe(0);
  before = digestOf(place.data);
});
afterEach(() => expect(digestOf(place.data)).toBe(before));
afterAll(() => place.remove());

describe('The sample month against a portal that says the same', () => {
  it('is clean, in words and for programs', async () => {
    const said = await reconcile(`${HEADER}\n${LINE}\n`, ...JUNE);
    expect(said.out).toContain('✓ The ledger agrees with the portal and with the sessions.');
    expect(said).toMatchObject({ code: 0, err: '' });
    const told = await reconcile(`${HEADER}\n${LINE}\n`, ...JUNE, '--json');
    expect(told.code).toBe(0);
    expect(json(told)).toMatchObject({
      company: 'fernwacht',
      isClean: true,
      from: null,
      to: '2026-06-30T22:00:00.000Z',
      compared: { portalLines: 1, orders: 1, sessions: 9, months: 1 },
      counts: {},
      findings: [],
      notListed: 0,
    });
  });

  it('is clean in every form of the file', async () => {
    const semicolons = 'Credits;Note;Purchased At;Order Number\r\n';
    const forms = [
      `\uFEFF${semicolons}4;"a;b\r\n""c""";2026-06-22 08:00;FW-2026-0047\r\n`,
      `${HEADER}\n\n${LINE}`,
      `order_number\tcredits\tpurchased_at\nFW-2026-0047\t4\t2026-06-22T06:00:00Z\n`,
    ];
    for (const form of forms)
      expect(await reconcile(form, ...JUNE)).toMatchObject({ code: 0, err: '' });
    const [first = ''] = forms;
    expect((await reconcile(first, ...JUNE)).out).toContain('Columns not read: Note.');
  });

  it('takes the file from standard input', async () => {
    const args = ['credits', 'reconcile', '--purchases', '-', ...JUNE];
    expect((await runHere(place, args, { input: `${HEADER}\n${LINE}\n` })).code).toBe(0);
  });

  it('tells of repeated lines, and they are no finding', async () => {
    const said = await reconcile([HEADER, LINE, LINE, LINE].join('\n'), ...JUNE);
    expect(said.code).toBe(0);
    expect(said.out).toContain('counted once: 2 lines; first FW-2026-0047 (line 2, 3 times).');
  });
});

describe('The sample month against a portal that says something else', () => {
  it('has its findings with lines and events, and ends with 1', async () => {
    const other = LINE.replace(',4,', ',5,').replace('06-22T', '06-21T');
    const more = 'FW-2026-0099,2026-06-23 09:00,10,,,refunded,';
    const said = await reconcile([HEADER, other, more].join('\n'), ...JUNE);
    expect(said).toMatchObject({ code: 1, err: '' });
    expect(said.out).toContain('FW-2026-0047: portal 5, ledger 4');
    expect(said.out).toContain('FW-2026-0047: portal 2026-06-21, ledger 2026-06-22');
    expect(said.out).toContain('portal.csv:2\n    credits-fernwacht revision 11, position ');
    expect(said.out).toContain('FW-2026-0099: 10 credits, 2026-06-23 09:00:00 +02:00, refunded');
    expect(said.out).toContain('3 findings; nothing was changed.');
  });

  it('misses what an empty export does not have', async () => {
    expect(await findingsOf(`${HEADER}\n`)).toMatchObject([
      { class: 'purchase-missing-in-portal', orderNumber: 'FW-2026-0047', lines: [] },
    ]);
    expect(await findingsOf(`${HEADER}\n`, '--from', '2026-06-23T00:00:00Z')).toStrictEqual([]);
  });

  it('names lines that cannot be read, and compares the others', async () => {
    const lines = [
      LINE,
      'PO-1,22.06.2026,4,,,completed,',
      'PO-2,2026-06-22 08:00,-4,,,completed,',
      'PO-3,2026-06-22 08:00,1.5,,,completed,',
      'PO-4,2026-06-22 08:00,4',
      `${LINE}x`,
    ];
    const said = await reconcile([HEADER, ...lines].join('\n'), ...JUNE);
    expect(said.code).toBe(1);
    for (const words of [
      'portal.csv:3 purchased at is not an instant — write it as',
      'portal.csv:4 credits is not a whole number of 1 or more — ',
      'portal.csv:5 credits is not a whole number',
      'portal.csv:6 has not as many fields as the header: 3, and not 7 — ',
      'FW-2026-0047: differs in invoice number',
      '5 findings',
    ])
      expect(said.out).toContain(words);
    expect(said.out).not.toContain('22.06.2026');
  });

  it('has months that are due and were not granted', async () => {
    const said = json(
      await reconcile(`${HEADER}\n${LINE}\n`, '--json', '--to', '2026-08-01T00:00:00+02:00'),
    );
    expect(said['findings']).toMatchObject([
      { class: 'month-without-grant', month: '2026-07', dueAt: '2026-06-30T22:00:00.000Z' },
    ]);
  });

  it('lists as many as wanted and counts all', async () => {
    const many = Array.from(
      { length: 30 },
      (_, index) => `PO-${index},2026-06-22 08:00,4,,,completed,`,
    );
    const said = json(
      await reconcile([HEADER, LINE, ...many].join('\n'), '--json', '--limit', '2', ...JUNE),
    );
    expect(said).toMatchObject({ counts: { 'purchase-missing-in-ledger': 30 }, notListed: 28 });
    expect(said['findings']).toMatchObject([{ orderNumber: 'PO-0' }, { orderNumber: 'PO-1' }]);
  });
});

describe('A file with which nothing can be compared', () => {
  it.each([
    ['an empty one', '', 'is empty. The first line names the columns'],
    ['a missing column', 'order number,credits\nA,1\n', ':1 has no column “purchased at”.'],
    ['a column twice', `${HEADER},Credits\n`, ':1 names the column “credits” twice.'],
    ['no readable line', `${HEADER}\nA,soon,4,,,completed,\n`, 'No line of the file can be read.'],
    ['an open quote', `${HEADER}\n${LINE}\n"A,1\n2\n`, ':3 cannot be read: a quote'],
  ])('is %s: exit code 2, with the line and a remedy', async (_, text, words) => {
    const said = await reconcile(text);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain(words);
    expect(said.err).toContain('Nothing was compared, and nothing is changed.');
  });

  it('is no text, or is not there', async () => {
    const file = place.file('portal.bin', '');
    const reconcileFile = (path: string): Promise<Ended> =>
      runHere(place, ['credits', 'reconcile', '--purchases', path]);
    writeFileSync(file, readFileSync(join(place.data, 'log/log.db')));
    expect(await reconcileFile(file)).toMatchObject({ code: 2, out: '' });
    expect((await reconcileFile(file)).err).toContain('is not a text in UTF-8');
    writeFileSync(
      file,
      Buffer.from(Array.from({ length: 9_000 }, (_, index) => (index % 255) + 1)),
    );
    expect(await reconcileFile(file)).toMatchObject({ code: 2, out: '' });
    expect((await reconcileFile(join(place.path, 'none.csv'))).err).toContain(
      'there is no such file',
    );
    expect(await reconcileFile(place.path)).toMatchObject({ code: 2, out: '' });
  });

  it('is one with a wrong command line', async () => {
    const wrong = async (...more: readonly string[]): Promise<number | null> =>
      (await reconcile(`${HEADER}\n${LINE}\n`, ...more)).code;
    expect(await wrong('--from', 'June')).toBe(2);
    expect(await wrong('--from', '2026-07-01T00:00:00Z', '--to', '2026-07-01T00:00:00Z')).toBe(2);
    expect(await wrong('--limit', '0')).toBe(2);
    expect(await runHere(place, ['credits', 'reconcile'])).toMatchObject({ code: 2 });
  });
});

describe('A file of 200 MB', () => {
  const MEGABYTES = 200;
  const RESIDENT_MIB_MAX = 450;

  it('is compared in memory that does not grow with it', async () => {
    const bin = join(root, 'services/cli/bin/daybook.mjs');
    const args = ['credits', 'reconcile', '--purchases', '-', '--json', '--limit', '1', ...JUNE];
    const child = spawn(process.execPath, [bin, '--data', place.data, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    // The most that was ever resident, as the kernel counts it; asked until the process is gone.
    let residentKib = 0;
    const look = (): void => {
      try {
        const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
        residentKib = Math.max(residentKib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      } catch {
        // It has ended.
      }
    };
    const looking = setInterval(look, 50);
    const columns = HEADER.replace('price', 'comment');
    child.stdin.write(`${columns}\n`);
    const comment = 'x'.repeat(900);
    let written = 0;
    for (let line = 0; written < MEGABYTES * 1_000_000; line += 100) {
      const lines = Array.from({ length: 100 }, (_, index) => {
        const order = String((line + index) % 150_000).padStart(9, '0');
        return `PO-${order},2026-06-22T08:00:00+02:00,4,${comment},EUR,completed,INV-${order}\n`;
      }).join('');
      written += lines.length;
      if (!child.stdin.write(lines))
        await new Promise((resolve) => child.stdin.once('drain', resolve));
    }
    child.stdin.end();
    const code = await ended;
    clearInterval(looking);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      counts: { 'purchase-missing-in-ledger': 150_000, 'purchase-missing-in-portal': 1 },
      ignoredColumns: ['comment'],
    });
    expect(residentKib).toBeGreaterThan(0);
    expect(residentKib).toBeLessThan(RESIDENT_MIB_MAX * 1024);
  });
});
