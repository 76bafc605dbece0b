import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { daybook, json, makePlace, samples, type Place } from './program.js';

// Goal: every command says and does what the README promises. Method: the built program runs over a
// data directory that holds the sample month.

let place: Place;
const run = (...args: string[]) => daybook(place, args);

beforeAll(() => {
  place = makePlace();
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect(run('init').code).toBe(0);
  expect(run('import', '--by-time', ...files).code).toBe(0);
});
afterAll(() => place.remove());

describe('The sample month, imported by time', () => {
  it('is there already when it is imported again', () => {
    const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
    const digest = run('doctor', '--digest').out;
    const again = json(run('import', '--by-time', ...files, '--json'));
    expect(again).toMatchObject({ lines: 318, problems: 0, commands: 0, recorded: 0 });
    expect(run('doctor', '--digest').out).toBe(digest);
  });

  it('has the same contents in a second data directory', () => {
    const second = makePlace();
    const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
    daybook(second, ['init']);
    daybook(second, ['import', '--by-time', ...files]);
    expect(daybook(second, ['doctor', '--digest']).out).toBe(run('doctor', '--digest').out);
    second.remove();
  });

  it('lists its sessions, newest first, with the reason in words', () => {
    const listed = run('session', 'list', '--limit', '1');
    expect(listed.code).toBe(0);
    expect(listed.out).toContain('s31-switched-mid-session');
    expect(listed.out).toContain('The local user switched it off');
    expect(listed.out).toContain('2026-06-30 16:00:00 +02:00');
  });

  it('shows, explains and replays a session', () => {
    expect(run('session', 'show', 's07-outlook-search').out).toContain(
      'also open: standing permission',
    );
    const explained = run('explain', 's18-warehouse-setting-absent');
    expect(explained.out).toContain('no-applied-policy ← the reason');
    expect(explained.out).toContain('it agrees');
    const all = json(run('session', 'replay', 's10-calendar-withdrawn', '--json'));
    const timeline = all['timeline'] as readonly { position: number; what: string }[];
    expect(timeline.map(({ what }) => what)).toContain(
      'Captured content destroyed: 4 items, consent-withdrawn',
    );
    const [first] = timeline;
    const some = run(
      'session',
      'replay',
      's10-calendar-withdrawn',
      '--at',
      String(first?.position),
    );
    expect(some.out).toContain('1 event, up to');
  });

  it('knows balance and statement of the month', () => {
    const balance = json(run('credits', 'balance', '--as-of', '2026-06-30T12:00:00Z', '--json'));
    expect(balance).toMatchObject({ available: 0, asOfAt: '2026-06-30T12:00:00.000Z' });
    const statement = json(run('credits', 'statement', '--month', '2026-06', '--json'));
    expect(statement).toMatchObject({ opening: 0, grantedFree: 5, purchased: 4, closing: 0 });
  });

  it('says where the setting of a device comes from', () => {
    const shown = run('device', 'policy', 'd-design-2').out;
    expect(shown).toContain('off: the local user, who overruled policy p-set version 1');
  });

  it('finds, lists and shows summaries', () => {
    expect(json(run('summary', 'search', 'spooler', '--json'))['items']).toHaveLength(1);
    expect(json(run('summary', 'list', '--json'))['items']).toHaveLength(9);
    expect(run('summary', 'show', 's25-netzlaufwerk').out).toContain('language de');
  });

  it('gives the same read models when they are rebuilt', () => {
    const rebuilt = json(run('rebuild', '--json'));
    expect(rebuilt['isEqual']).toBe(true);
    expect(rebuilt['rebuilt']).toHaveLength(5);
    expect(run('rebuild', 'credit-ledger').out).toContain('equal before and after');
  });

  it('is well', () => {
    const examined = run('doctor');
    expect(examined.code).toBe(0);
    expect(examined.out).toContain('no session is charged twice');
    expect(examined.out).not.toContain('✗');
  });
});

describe('Changing a summary', () => {
  it('makes a revision, refuses a stale one, and keeps the other fields', () => {
    expect(
      run('summary', 'edit', 's04-printer-queue', '--title', 'Driver', '--by', 'u-ines').code,
    ).toBe(0);
    const stale = run('summary', 'edit', 's04-printer-queue', '--title', 'X', '--revision', '1');
    expect(stale).toMatchObject({
      code: 1,
      err: 'Somebody has changed the summary since; read the current revision and edit that.\n',
    });
    const shown = json(run('summary', 'show', 's04-printer-queue', '--json'));
    expect(shown).toMatchObject({ revision: 2, origin: 'mixed', body: { title: 'Driver' } });
  });

  it('uses the editor where no flag says what to change', () => {
    const editor = place.file('editor.sh', '#!/bin/sh\nsed -i s/Driver/Edited/ "$1"\n');
    const edited = daybook(place, ['summary', 'edit', 's04-printer-queue'], {
      env: { EDITOR: `sh ${editor}` },
    });
    expect(edited.code).toBe(0);
    expect(json(run('summary', 'show', 's04-printer-queue', '--json'))).toMatchObject({
      revision: 3,
      body: { title: 'Edited' },
    });
  });

  it('deletes only when somebody has agreed', () => {
    expect(run('summary', 'delete', 's05-vpn-reconnects').code).toBe(2);
    expect(run('summary', 'show', 's05-vpn-reconnects').out).toContain('Problem');
    expect(run('summary', 'delete', 's05-vpn-reconnects', '--yes').code).toBe(0);
    expect(run('summary', 'show', 's05-vpn-reconnects').out).toContain('cannot be read any more');
    expect(run('summary', 'edit', 's05-vpn-reconnects', '--title', 'X').code).toBe(1);
  });
});

describe('A purchase', () => {
  const buy = (...more: string[]) => run('credits', 'purchase', '--order', 'A-1', ...more);

  it('is one purchase however often, and an error with other content', () => {
    const at = ['--at', '2026-07-01T00:00:00Z'];
    expect(buy('--amount', '3', ...at).out).toContain('is recorded');
    expect(buy('--amount', '3', ...at).out).toContain('was recorded before');
    expect(buy('--amount', '4', ...at).code).toBe(1);
    expect(buy('--amount', 'three').code).toBe(2);
  });
});

describe('The demo', () => {
  it('reports and checks itself, also twice in the same directory', () => {
    const demo = join(place.path, 'demo');
    for (const time of ['first', 'second']) {
      const ended = run('demo', '--no-serve', '--data', demo);
      expect({ time, code: ended.code }).toStrictEqual({ time, code: 0 });
      expect(ended.out).toContain(
        'All 31 sessions came out as samples/expected-outcomes.json says.',
      );
    }
  });

  it('wipes nothing that it did not make', () => {
    const file = place.file('precious.txt', 'kept');
    const ended = run('demo', '--no-serve', '--data', place.path);
    expect(ended.code).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
});
