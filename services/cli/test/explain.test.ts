import { join } from 'node:path';
import { runHere } from './in-process.js';
import { json, makePlace, samples, type Ended, type Place } from './program.js';

// Goal: an auditor gets every decision of the sample company on the table, at any moment, and hears what is
// wrong with a question. Method: the program's command lines over the sample month.

let place: Place;
const run = (...args: string[]): Promise<Ended> => runHere(place, args);

beforeAll(async () => {
  place = makePlace();
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect((await run('init')).code).toBe(0);
  expect((await run('import', '--by-time', ...files)).code).toBe(0);
});
afterAll(() => place.remove());

describe('explain', () => {
  it.each(['s07-outlook-search', 's10-calendar-withdrawn', 's28-last-credit-gone'])(
    'finds that every decision of %s agrees',
    async (session) => {
      const ended = await run('explain', session, '--json');
      expect([ended.code, json(ended)['agrees']]).toStrictEqual([0, true]);
    },
  );

  it('says the same with and without the word session', async () => {
    const short = await run('explain', 's04-printer-queue');
    expect(await run('explain', 'session', 's04-printer-queue')).toStrictEqual(short);
    expect(short.out).toContain('AI is activated for the company');
    expect(short.out).toContain('§3 §2.1');
  });

  it('says which lot paid, and why none did', async () => {
    const paid = (await run('explain', 's04-printer-queue')).out;
    expect(paid).toContain('Charge s04-printer-queue:0: 1 credit by per-session, captured');
    expect(paid).toContain('from free:2026-06 (1)');
    const refused = (await run('explain', 's28-last-credit-gone')).out;
    expect(refused).toContain('insufficient-credits, 1 credit needed, 1 missing');
    expect(refused).toContain('0 credits could pay');
  });

  it('explains a device, a user and the company, also as they were', async () => {
    const device = (await run('explain', 'device', 'd-design-2')).out;
    expect(device).toContain('switched-off-locally');
    expect(device).toContain('Each of the 4 changes, decided again');
    const before = (await run('explain', 'device', 'd-design-2', '--as-of', '2026-06-08T00:00:00Z'))
      .out;
    expect(before).toContain('may be summarised, on the basis of policy');
    const pending = (await run('explain', 'device', 'd-lab-02', '--as-of', '2026-06-10T00:00:00Z'))
      .out;
    expect(pending).toContain('assigned and not yet applied');
    expect((await run('explain', 'user', 'u-emil')).out).toContain('session-logging-off');
    const company = (await run('explain', 'company', '--as-of', '2026-06-03T10:00:00+02:00')).out;
    expect(company).toContain('Summaries, outgoing (§2.2)  off');
  });

  it.each([
    [['explain', 'd-design-2'], 1, 'It has a device of that id: daybook explain device d-design-2'],
    [['explain', 'u-emil'], 1, 'It has a user of that id: daybook explain user u-emil'],
    [['explain', 'device', 's04-printer-queue'], 1, 'daybook explain session s04-printer-queue'],
    [['explain', 'user', 'fernwacht'], 1, 'It is the company itself: daybook explain company'],
    [['explain', 'nothing'], 1, 'What can be explained: sessions'],
    [['explain', 'not an id'], 2, 'The session is not an id'],
    [['explain', 'device', 'd-design-2', '--at', '0x1'], 2, '--at takes a whole number'],
    [['explain', 'user', 'u-emil', '--as-of', 'June'], 2, '--as-of takes an instant'],
    [['explain', 'company', '--known-at', '1'], 2, '--known-at takes an instant'],
    [['explain', 'company', '--at', '1', '--known-at', '2026-06-03T10:00:00Z'], 2, '--at'],
  ])('answers %j with exit code %i and a remedy', async (args, code, words) => {
    const ended = await run(...args);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(words);
    expect(ended.out).toBe('');
  });
});

describe('session replay', () => {
  const replay = (...args: string[]) => run('session', 'replay', 's10-calendar-withdrawn', ...args);

  it('steps through with what each sees, and says how it stands', async () => {
    const { out } = await replay();
    expect(out).toContain('remote side: the question: notice 2026-01 in en, until');
    expect(out).toContain('supporter u-noor: AI available; no summary yet');
    expect(out).toMatch(/Gate +shut: consent-withdrawn since 2026-06-10 13:08:27/);
    expect(out).toMatch(/other supporters, other companies +nothing/);
  });

  it('stops at a position, at what was true, and at what was known', async () => {
    const whole = json(await replay('--json'))['timeline'] as readonly { position: number }[];
    const third = String(whole[2]?.position);
    expect(json(await replay('--at', third, '--json'))).toMatchObject({
      state: { session: { status: 'running', consent: 'not-asked' }, prompt: { language: 'en' } },
    });
    expect(json(await replay('--as-of', '2026-06-10T13:05:10+02:00', '--json'))).toMatchObject({
      state: { session: { consent: 'granted', gate: { open: true, basis: 'consent' } } },
    });
    expect((await replay('--at', third)).out).toContain(`up to log position ${third}.`);
    const end = String(json(await replay('--json'))['position']);
    const beyond = (await replay('--at', '99999')).out;
    expect(beyond).toContain(`up to log position ${end}, where the log ends.`);
    // All of June was recorded just now, long after it was true.
    expect(await replay('--known-at', '2026-06-10T13:05:10+02:00')).toMatchObject({
      code: 1,
      out: '',
    });
    const later = json(await replay('--known-at', '2999-01-01T00:00:00Z', '--json'));
    expect(later['timeline']).toStrictEqual(whole);
  });

  it.each([
    [['--at', '-1'], '--at takes a whole number'],
    [['--as-of', '2026-06-10'], '--as-of takes an instant'],
    [['--as-of', '1999-06-10T00:00:00Z'], '--as-of takes an instant of the years 2000 to 2999'],
    [['--as-of', '1999-06-31T00:00:00Z'], '--as-of takes an instant in ISO-8601'],
    [['--known-at', 'now'], '--known-at takes an instant'],
    [['--at', '1', '--as-of', '2026-06-10T00:00:00Z'], '--at'],
  ])('refuses %j with what to write', async (args, words) => {
    const ended = await replay(...args);
    expect([ended.code, ended.out]).toStrictEqual([2, '']);
    expect(ended.err).toContain(words);
  });
});

describe('consent', () => {
  it('lists records by state, basis, device, supporter and time', async () => {
    const listed = async (...args: string[]): Promise<unknown[]> => {
      const { records } = json(await run('consent', 'list', '--json', ...args)) as unknown as {
        records: readonly { sessionId: string }[];
      };
      return records.map(({ sessionId }) => sessionId);
    };
    expect(await listed('--state', 'withdrawn')).toStrictEqual(['s10-calendar-withdrawn']);
    expect(await listed('--state', 'standing-permission')).toContain('s07-outlook-search');
    expect(await listed('--basis', 'policy', '--device', 'd-files01')).toContain(
      's06-server-disk-full',
    );
    expect(await listed('--supporter', 'u-noor', '--state', 'withdrawn')).toHaveLength(1);
    expect(await listed('--to', '2026-06-01T00:00:00Z')).toStrictEqual([]);
    expect((await run('consent', 'list')).out).toContain('policy (no consent)');
    expect((await run('consent', 'list')).out).toContain('denied holds over allowed');
    expect((await run('consent', 'list', '--state', 'maybe')).code).toBe(2);
  });

  it('prints a receipt as JSON, with the id that the register has', async () => {
    const receipt = json(await run('consent', 'receipt', 's10-calendar-withdrawn'));
    expect(receipt).toMatchObject({
      consent: { state: 'withdrawn' },
      pii_processing: { privacy_notice: { version: '2026-05', language: 'en' } },
      destroyed: [{ items: 4 }],
    });
    const { records } = json(
      await run('consent', 'list', '--session', 's10-calendar-withdrawn', '--json'),
    ) as unknown as { records: readonly { recordId: string }[] };
    expect(receipt['record_header']).toMatchObject({
      record_id: `urn:uuid:${records[0]?.recordId ?? ''}`,
    });
    expect((await run('consent', 'receipt', 'nothing')).code).toBe(1);
  });
});
