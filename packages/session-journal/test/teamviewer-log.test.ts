import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import {
  decodeEntry,
  entriesOf,
  parseConnection,
  readTeamViewerLog,
  writeEntry,
  type ConnectionRecord,
  type LogKind,
} from '../src/index.js';
import { collect, sourceOf } from './reading.js';
import { repository, schemaAccepts } from './schema.js';

const GUID = '{0A1B2C3D-0000-4000-8000-00000000CAFE}';
const SESSION = '0a1b2c3d-0000-4000-8000-00000000cafe';

type Parts = Readonly<{
  id: string;
  name: string;
  start: string;
  end: string;
  user: string;
  mode: string;
  guid: string;
}>;
const parts: Parts = {
  id: '400500600',
  name: 'Mila Example',
  start: '05-06-2026 08:00:00',
  end: '05-06-2026 08:20:30',
  user: 'FRONT DESK',
  mode: 'RemoteControl',
  guid: GUID,
};
const incomingLine = (changed: Partial<Parts> = {}): string => {
  const { id, name, start, end, user, mode, guid } = { ...parts, ...changed };
  return `${[id, name, start, end, user, mode, guid].join('\t')}\t`;
};
const outgoingLine = (changed: Partial<Parts> = {}): string => {
  const { id, start, end, user, mode, guid } = { ...parts, ...changed };
  return [id, start, end, user, mode].map((cell) => cell.padEnd(32)).join('') + guid;
};

const outgoing: ConnectionRecord = {
  kind: 'outgoing',
  teamviewerId: '400500600',
  startedAt: Date.UTC(2026, 5, 5, 8),
  endedAt: Date.UTC(2026, 5, 5, 8, 20, 30),
  localUser: 'FRONT DESK',
  mode: 'RemoteControl',
  sessionId: SESSION,
};
const incoming: ConnectionRecord = {
  ...outgoing,
  kind: 'incoming',
  displayName: 'Mila Example',
};

const outcomes = async (
  kind: LogKind,
  ...chunks: readonly (string | Buffer)[]
): Promise<unknown[]> =>
  (await collect(readTeamViewerLog(sourceOf(...chunks), kind))).map(({ result }) =>
    E.isRight(result) ? result.right : result.left,
  );

describe("TeamViewer's log of connections", () => {
  it('is read from tabs when incoming and from columns when outgoing', () => {
    expect(parseConnection('incoming', incomingLine())).toStrictEqual(E.right(incoming));
    expect(parseConnection('outgoing', outgoingLine())).toStrictEqual(E.right(outgoing));
  });

  it('may have no display name, no local user, and columns that a long name pushes aside', () => {
    expect(parseConnection('incoming', incomingLine({ name: '', user: '' }))).toStrictEqual(
      E.right({ ...incoming, displayName: '', localUser: '' }),
    );
    expect(parseConnection('outgoing', outgoingLine({ user: '' }))).toStrictEqual(
      E.right({ ...outgoing, localUser: '' }),
    );
    const user = 'a local user whose name is longer than its column';
    expect(parseConnection('outgoing', outgoingLine({ user: `${user} ` }))).toStrictEqual(
      E.right({ ...outgoing, localUser: user }),
    );
  });

  it('starts with an empty line and may be UTF-8 or UTF-16 with a byte order mark', async () => {
    const text = `\uFEFF\r\n${incomingLine({ name: 'Müller' })}\r\n`;
    const expected = [{ ...incoming, displayName: 'Müller' }];
    expect(await outcomes('incoming', text)).toStrictEqual(expected);
    expect(await outcomes('incoming', Buffer.from(text, 'utf16le'))).toStrictEqual(expected);
  });

  it('that is still being written ends in a line reported as truncated', async () => {
    const truncated = {
      line: 3,
      reason: 'is truncated: the file ends inside this line',
      remedy: 'import the file again when it has been written to its end, or remove the line',
    };
    const cut = incomingLine().slice(0, -6);
    expect(await outcomes('incoming', `\n${incomingLine()}\n${cut}`)).toStrictEqual([
      incoming,
      truncated,
    ]);
    expect(await outcomes('incoming', `\n${incomingLine()}\n${incomingLine()}`)).toStrictEqual([
      incoming,
      incoming,
    ]);
  });

  const remedy = 'write day-month-year hours:minutes:seconds in UTC, such as 20-02-2024 13:10:33';
  const noDay = 'is a day or a time of day that does not exist';
  const cases: readonly (readonly [string, Partial<Parts>, object])[] = [
    [
      '31 February',
      { start: '31-02-2026 08:00:00' },
      { field: 'startedAt', reason: noDay, remedy },
    ],
    ['month 13', { end: '05-13-2026 08:00:00' }, { field: 'endedAt', reason: noDay, remedy }],
    ['hour 24', { end: '05-06-2026 24:00:00' }, { field: 'endedAt', reason: noDay, remedy }],
    [
      'a year of two digits',
      { start: '05-06-26 08:00:00' },
      { field: 'startedAt', reason: 'has a year of two digits', remedy },
    ],
    [
      'a year of the wrong century',
      { start: '05-06-1926 08:00:00' },
      { field: 'startedAt', reason: 'is before the year 2000', remedy },
    ],
    [
      'another order of the date',
      { start: '2026-06-05 08:00:00' },
      { field: 'startedAt', reason: 'is not a time', remedy },
    ],
    [
      'an end before its start',
      { end: '05-06-2026 07:59:59' },
      { field: 'endedAt', reason: 'is before the start of the connection' },
    ],
    [
      'an unknown mode',
      { mode: 'Telepathy' },
      {
        field: 'mode',
        reason: 'is not one of RemoteControl, FileTransfer, Meeting, Presentation, VPN',
      },
    ],
    [
      'an id of letters',
      { id: 'Mila' },
      { field: 'teamviewerId', reason: 'is not a TeamViewer id (digits only)' },
    ],
    [
      'a GUID without braces',
      { guid: SESSION },
      { field: 'sessionId', reason: 'is not a GUID in braces' },
    ],
  ];
  it.each(cases)('with %s tells line, column, field and reason', async (...[, changed, why]) => {
    const [wrong = ''] = Object.values(changed);
    for (const [kind, line] of [
      ['outgoing', outgoingLine(changed)],
      ['incoming', incomingLine(changed)],
    ] as const) {
      expect(await outcomes(kind, `\n${line}\n`)).toStrictEqual([
        { line: 2, column: line.indexOf(wrong) + 1, ...why },
      ]);
    }
  });

  it('with too few or too many fields says what a line holds', async () => {
    const fields = {
      line: 1,
      reason: 'does not have 7 fields separated by tabs',
      remedy: 'write id, display name, start, end, local user, mode and {session GUID}',
    };
    expect(await outcomes('incoming', `${outgoingLine()}\n`)).toStrictEqual([fields]);
    expect(await outcomes('incoming', `${incomingLine()}more\n`)).toStrictEqual([fields]);
    expect(await outcomes('outgoing', 'hello\n')).toStrictEqual([
      {
        line: 1,
        reason: 'does not have 6 columns',
        remedy: 'write id, start, end, local user, mode and {session GUID}',
      },
    ]);
  });
});

describe('the journal entries of a logged connection', () => {
  it('lead to refusal where the log tells nothing', () => {
    const [started, ended] = entriesOf(outgoing);
    expect(started).toStrictEqual({
      entry: 'session-started',
      session: SESSION,
      at: outgoing.startedAt,
      direction: 'outgoing',
      supporter: null,
      signedIn: false,
      device: null,
      module: 'quicksupport',
      platform: 'unknown',
      method: 'id-and-password',
      attended: false,
      accessControl: { supporter: 'after-confirmation', remote: 'after-confirmation' },
    });
    expect(ended).toStrictEqual({ entry: 'session-ended', session: SESSION, at: outgoing.endedAt });
  });

  it('take users, devices and platforms from the mapping, each from the end where it belongs', () => {
    const mapping = {
      self: { device: 'd-front', user: 'u-mila', platform: 'windows' },
      others: { '400500600': { device: 'd-lab', user: 'u-omar', platform: 'linux' } },
    };
    expect(entriesOf(incoming, mapping)[0]).toStrictEqual({
      ...entriesOf(incoming)[0],
      supporter: 'u-omar',
      device: 'd-front',
      platform: 'windows',
      module: 'full',
    });
    expect(entriesOf(outgoing, mapping)[0]).toStrictEqual({
      ...entriesOf(outgoing)[0],
      supporter: 'u-mila',
      device: 'd-lab',
      platform: 'linux',
    });
    expect(entriesOf({ ...incoming, teamviewerId: '1' }, mapping)[0].supporter).toBeNull();
  });

  it('are entries of the journal and carry no name of a person', () => {
    for (const record of [incoming, outgoing]) {
      for (const entry of entriesOf(record)) {
        const line = writeEntry(entry);
        expect(decodeEntry(JSON.parse(line))).toStrictEqual(E.right(entry));
        expect(schemaAccepts(JSON.parse(line))).toBe(true);
        expect(line).not.toMatch(/Mila|Example|FRONT|DESK|400500600/);
      }
    }
  });
});

describe('the logs of a real client', () => {
  const folder = join(repository, '..', 'shared', 'data', 'teamviewer-logs');
  const present = existsSync(folder);
  const itWhenPresent = present ? it : it.skip;

  /** What a real log may show in a test: no name, no id. */
  const shown = async (kind: LogKind, name: string): Promise<unknown[]> => {
    const source = createReadStream(join(folder, name));
    return (await collect(readTeamViewerLog(source, kind))).map(({ line, result }) =>
      E.isLeft(result)
        ? result.left
        : {
            line,
            startedAt: new Date(result.right.startedAt).toISOString(),
            endedAt: new Date(result.right.endedAt).toISOString(),
            mode: result.right.mode,
          },
    );
  };

  itWhenPresent(`are read whole${present ? '' : ` (NOT RUN: ${folder} is absent)`}`, async () => {
    expect(await shown('incoming', 'connections_incoming.txt')).toStrictEqual([
      {
        line: 2,
        startedAt: '2024-02-16T14:16:32.000Z',
        endedAt: '2024-02-16T14:18:36.000Z',
        mode: 'RemoteControl',
      },
    ]);
    expect(await shown('outgoing', 'Connections.txt')).toStrictEqual([
      {
        line: 2,
        startedAt: '2024-02-20T13:10:33.000Z',
        endedAt: '2024-02-20T13:11:52.000Z',
        mode: 'RemoteControl',
      },
    ]);
  });
});
