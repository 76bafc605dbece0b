import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  decodeEntry,
  entriesOfReport,
  makeReportRowReader,
  readReportHeader,
  readReports,
  reportOf,
  writeEntry,
  type ConnectionReport,
  type GivenColumns,
  type LineProblem,
  type ReportKind,
} from '../src/index.js';
import { collect, sourceOf } from './reading.js';
import { GUID, personal, savedPage, savedReport, SESSION, type SavedReport } from './reports.js';
import { schemaAccepts } from './schema.js';

const report: ConnectionReport = {
  kind: 'outgoing',
  id: SESSION,
  userId: 'u1234567',
  deviceId: '1234567890',
  startedAt: Date.UTC(2026, 5, 5, 8),
  endedAt: Date.UTC(2026, 5, 5, 8, 20, 30),
  hasSessionCode: false,
  sessionType: 'RemoteConnection',
};

const of = (changed: SavedReport, kind: ReportKind = 'outgoing') =>
  reportOf(kind, savedReport(changed));
const faultOf = (changed: SavedReport): string => {
  const read = of(changed);
  if (E.isRight(read)) return 'accepted';
  const { field, reason } = read.left;
  return `${field ?? ''} ${reason}`;
};

const reading = async (...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> =>
  (await collect(readReports(sourceOf(...chunks), 'outgoing'))).map(({ line, result }) => {
    if (E.isRight(result)) return `${line} ${result.right.id}`;
    const { column, field, reason }: LineProblem = result.left;
    const place = column === undefined ? `${line}` : `${line}:${column}`;
    return `${place} ${field === undefined ? '' : `${field} `}${reason}`;
  });

describe('a connection report', () => {
  it('is read without a word of what is personal in it', () => {
    expect(of({})).toStrictEqual(E.right(report));
    const kept = JSON.stringify([of({}), entriesOfReport(report)]);
    for (const word of [...personal, 'g76543']) expect(kept).not.toContain(word);
  });

  it('has the same id in every form of its GUID, as the logs of both ends', () => {
    for (const id of [GUID, `{${GUID}}`, SESSION])
      expect(of({ id })).toStrictEqual(E.right(report));
  });

  it('takes what the API writes in more than one way', () => {
    expect(of({ userid: 1234567 })).toStrictEqual(E.right(report));
    expect(of({ support_session_type: 1, deviceid: 1234567890 })).toStrictEqual(E.right(report));
    expect(of({ start_date: '2026-06-05T08:00:00' })).toStrictEqual(E.right(report));
    expect(of({ start_date: '2026-06-05T10:00:00.123+02:00' })).toStrictEqual(E.right(report));
    expect(of({ a_new_field: true })).toStrictEqual(E.right(report));
    expect(of({ session_code: 's123-456-789' })).toStrictEqual(
      E.right({ ...report, hasSessionCode: true }),
    );
    const unknown = { userid: null, deviceid: null, support_session_type: undefined };
    expect(of(unknown)).toStrictEqual(
      E.right({ ...report, userId: null, deviceId: null, sessionType: null }),
    );
  });

  it.each<readonly [SavedReport, string]>([
    [{ id: null }, 'id is missing'],
    [{ id: 'mila@example.com' }, 'id is not an id'],
    [{ userid: 'Mila Example' }, 'userid is not an id'],
    [{ deviceid: 'MILAS-LAPTOP' }, 'deviceid is not a TeamViewer id (digits only)'],
    [{ start_date: null }, 'start_date is missing'],
    [{ start_date: 'yesterday' }, 'start_date is not a time'],
    [{ start_date: '03/06/2026 08:00' }, 'start_date does not tell the day from the month'],
    [
      { start_date: '2026-02-30T08:00:00Z' },
      'start_date is a day or a time of day that does not exist',
    ],
    [{ start_date: '1999-12-31T08:00:00Z' }, 'start_date is before the year 2000'],
    [{ end_date: null }, 'end_date is missing'],
    [{ end_date: '2026-06-05T07:59:59Z' }, 'end_date is before the start of the connection'],
    [
      { support_session_type: 'Meeting' },
      'support_session_type is not one of RemoteConnection, RemoteSupportActive, RemoteSupportActiveSdk',
    ],
  ])('with %j is refused', (changed, words) => {
    expect(faultOf(changed)).toBe(words);
  });
});

describe('the entries of a report', () => {
  const entries = entriesOfReport(report);

  it('say what it tells, and what it does not tell leads to refusal', () => {
    expect(entries).toStrictEqual([
      {
        entry: 'session-started',
        session: SESSION,
        at: report.startedAt,
        direction: 'outgoing',
        supporter: 'u1234567',
        signedIn: true,
        device: null,
        module: 'quicksupport',
        platform: 'unknown',
        method: 'id-and-password',
        attended: false,
        accessControl: { supporter: 'after-confirmation', remote: 'after-confirmation' },
      },
      { entry: 'session-ended', session: SESSION, at: report.endedAt },
    ]);
  });

  it('are entries of the published format', () => {
    for (const entry of entries) {
      const line: unknown = JSON.parse(writeEntry(entry));
      expect(schemaAccepts(line)).toBe(true);
      expect(decodeEntry(line)).toStrictEqual(E.right(entry));
    }
  });

  it('of an incoming connection take nobody for a user of the company, and nobody for signed in', () => {
    const [incoming] = entriesOfReport({ ...report, kind: 'incoming' });
    expect(incoming).toStrictEqual({
      ...entries[0],
      direction: 'incoming',
      supporter: null,
      signedIn: false,
      module: 'full',
    });
  });

  it('say that somebody was signed in only of an outgoing report that names the user', () => {
    const [unnamed] = entriesOfReport({ ...report, userId: null });
    expect([unnamed.supporter, unnamed.signedIn]).toStrictEqual([null, false]);
  });

  it('take from the mapping what the company knows', () => {
    const mapping = {
      users: { u1234567: 'u-jule' },
      others: { '1234567890': { device: 'd-7', platform: 'windows' } },
    };
    for (const kind of ['outgoing', 'incoming'] as const) {
      const [{ supporter, device, platform }] = entriesOfReport({ ...report, kind }, mapping);
      expect([supporter, device, platform]).toStrictEqual(['u-jule', 'd-7', 'windows']);
    }
    const [{ method }] = entriesOfReport({ ...report, hasSessionCode: true }, mapping);
    expect(method).toBe('session-code');
  });

  it('are not found through names that every object has', () => {
    const [{ supporter }] = entriesOfReport({ ...report, userId: 'constructor' }, { users: {} });
    expect(supporter).toBe('constructor');
  });
});

describe('saved answers of the API', () => {
  const second = savedReport({ id: 'r-2' });
  const third = savedReport({ id: 'r-3' });

  it('are one page, several, one a line, or a list', async () => {
    const page = savedPage([savedReport(), second]);
    expect(await reading(page)).toStrictEqual([`3 ${SESSION}`, '20 r-2']);
    expect(await reading(page, savedPage([third]))).toHaveLength(3);
    const lines = [[second], [third]].map((records) => JSON.stringify({ records }));
    expect(await reading(`\uFEFF${lines.join('\n')}\n`)).toStrictEqual(['1 r-2', '2 r-3']);
    expect(await reading(JSON.stringify([second, third]))).toStrictEqual(['1 r-2', '1 r-3']);
    expect(await reading(savedPage([]))).toStrictEqual([]);
  });

  it('are the same wherever the chunks end', async () => {
    const odd = savedReport({ notes: 'a "{[\\]}" \u00e4\u{1f600}\n', username: '\\' });
    const text = `${savedPage([odd, second], { records_remaining: 1, next_offset: 'x' })}\n${savedPage([third])}`;
    const bytes = Buffer.from(text);
    const whole = await reading(text);
    expect(whole).toHaveLength(3);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect(await reading(...chunks)).toStrictEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('tell each bad record by its line and field, and read the rest', async () => {
    const bad = savedReport({ end_date: null });
    expect(await reading(savedPage([bad, second]))).toStrictEqual([
      '3 end_date is missing',
      '20 r-2',
    ]);
    expect(await reading('{"records":[\n{"id":"r-1",\n"userid" u1},\n3]}')).toStrictEqual([
      '3:10 is not JSON: ":" is expected',
    ]);
  });

  it.each([
    ['hello', ['1 is not JSON outside of its records']],
    ['{"error":"invalid_token"}', ['1 is not a page of reports: there is no list of records']],
    ['{"records":[]', ['1 ends in the middle of a report or a page']],
    ['{"records":[],}', ['1 is not JSON outside of its records']],
  ])('that read %j are none', async (text, problems) => {
    expect(await reading(text)).toStrictEqual(problems);
  });

  it('tell that a page is missing behind the last one', async () => {
    const first = savedPage([second], { records_remaining: 1, next_offset: 'abc' });
    expect(await reading(first)).toStrictEqual([
      '3 r-2',
      '1 records_remaining says that more reports follow, and the file ends',
    ]);
    expect(await reading(first, '\n', savedPage([third]))).toStrictEqual(['3 r-2', '26 r-3']);
  });

  it('stop where something is longer than any report', async () => {
    const endless = savedReport({ notes: 'x'.repeat(1_100_000) });
    expect(await reading(savedPage([second, endless, third]))).toStrictEqual([
      '3 r-2',
      '20 is longer than a report or a page can be',
    ]);
  });
});

const rows = (
  header: readonly string[],
  cells: readonly (readonly string[])[],
  given: GivenColumns = {},
): readonly unknown[] => {
  const columns = readReportHeader(header, given);
  if (E.isLeft(columns)) return [columns.left.reason];
  const read = makeReportRowReader('outgoing', columns.right);
  return cells.map((row) => {
    const found = read(row);
    return E.isRight(found) ? found.right : `${found.left.column ?? ''} ${found.left.reason}`;
  });
};

describe('an export of the console', () => {
  const times = ['2026-06-05 08:00:00', '2026-06-05 08:20:30'];
  const device = '1 234 567 890';
  const exported = { ...report, sessionType: null, userId: null };

  it('has its columns by English, German and the API’s names, in any order', () => {
    for (const header of [
      ['ID', 'User', 'Start (UTC)', 'End (UTC)', 'TeamViewer ID'],
      ['Sitzungs-ID', 'Benutzer', 'Startzeit', 'Endzeit', 'TeamViewer-ID'],
      ['id', 'username', 'start_date', 'end_date', 'deviceid'],
    ])
      expect(rows(header, [[GUID, 'Mila Example', ...times, device]])).toStrictEqual([exported]);
  });

  it('has columns of other names where somebody tells them', () => {
    const header = ['Identifiant', 'Début', 'Fin', 'Appareil'];
    const given = { id: 'identifiant', start: 'Début', end: 'Fin', deviceid: 'Appareil' };
    expect(rows(header, [[GUID, ...times, device]], given)).toStrictEqual([exported]);
    expect(rows(header, [])).toStrictEqual(['has no column of ids']);
  });

  it('has times in the ways in which tables write them, in UTC', () => {
    for (const start of ['05.06.2026 08:00', '5.6.2026, 08:00:00', '6/5/2026 8:00 AM'])
      expect(rows(['id', 'start', 'end'], [[GUID, start, times[1] ?? '']])).toStrictEqual([
        { ...exported, deviceId: null },
      ]);
    expect(rows(['id', 'start', 'end'], [[GUID, '05/06/2026 08:00', '']])).toStrictEqual([
      '2 does not tell the day from the month',
    ]);
    const noon = [GUID, '6/5/2026 12:00 PM', '6/6/2026 12:00 am'];
    expect(rows(['id', 'start', 'end'], [noon])).toMatchObject([
      { startedAt: Date.UTC(2026, 5, 5, 12), endedAt: Date.UTC(2026, 5, 6) },
    ]);
  });

  it('without report ids gives the same connection the same id in every export', () => {
    const header = ['ID', 'Start', 'End'];
    const [first, second, other] = rows(header, [
      [device, ...times],
      [device, ...times],
      ['987654321', ...times],
    ]) as readonly ConnectionReport[];
    expect(first?.id).toMatch(/^report-[0-9a-f]{32}$/);
    expect(second?.id).toBe(`${first?.id ?? ''}-2`);
    expect(other?.id).not.toBe(first?.id);
    const again = rows(['End', 'ID', 'Start'], [[times[1] ?? '', '1234567890', times[0] ?? '']]);
    expect(again).toStrictEqual([first]);
    expect(first?.id).not.toContain('1234567890');
  });

  it('says in which column something is wrong', () => {
    expect(
      rows(['User', 'TeamViewer ID', 'Start', 'End'], [['Mila', 'LAPTOP', ...times]]),
    ).toStrictEqual(['2 is not a TeamViewer id (digits only)']);
    expect(rows(['ID', 'Start', 'Start date', 'End'], [])).toStrictEqual([
      'is a second column for start',
    ]);
    expect(rows(['ID', 'Start'], [])).toStrictEqual(['has no column for end']);
    expect(rows(['ID', 'Start', 'End'], [['', ...times]])).toStrictEqual([
      '1 is missing, and so is the device id',
    ]);
  });
});
