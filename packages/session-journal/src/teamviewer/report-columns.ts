import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';
import { reportOf, type ConnectionReport, type ReportKind } from './connection-report.js';

/** The columns of an export that are looked at. `idOrDevice` is called only "ID": its cells tell which. */
type Column = 'id' | 'idOrDevice' | 'userid' | 'deviceid' | 'start' | 'end' | 'code';

/**
 * Names of columns, in lower case and without signs and spaces: those of the Web API's fields, and the English
 * and German ones. What is named otherwise can be told (`given`). Columns of names, notes and fees are not read.
 */
const names: Readonly<Record<Column, readonly string[]>> = {
  id: ['reportid', 'sessionid', 'connectionid', 'sitzungsid', 'verbindungsid', 'berichtid', 'guid'],
  idOrDevice: ['id'],
  userid: ['userid', 'accountid', 'benutzerid', 'kontoid'],
  deviceid: ['deviceid', 'teamviewerid', 'computerid', 'partnerid', 'geräteid', 'geraeteid'],
  start: [
    'start',
    'startdate',
    'starttime',
    'started',
    'beginn',
    'startdatum',
    'startzeit',
    'anfang',
  ],
  end: ['end', 'enddate', 'endtime', 'ended', 'ende', 'enddatum', 'endzeit'],
  code: ['sessioncode', 'servicecode', 'code', 'sitzungscode'],
};

const columns = Object.keys(names) as readonly Column[];

/** What a person calls a column when the program asks for it. */
export const reportColumnNames = ['id', 'userid', 'deviceid', 'start', 'end', 'code'] as const;
export type GivenColumns = Readonly<Partial<Record<(typeof reportColumnNames)[number], string>>>;

const plain = (header: string): string =>
  header
    .normalize('NFC')
    .toLowerCase()
    .replace(/\(\s*utc\s*\)/g, '')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');

export type ReportHeader = ReadonlyMap<Column, number>;

const columnOf = (header: string, given: GivenColumns): Column | undefined => {
  const name = plain(header);
  const told = reportColumnNames.find((column) => plain(given[column] ?? '') === name);
  if (told !== undefined && name !== '') return told;
  return columns.find((column) => names[column].includes(name));
};

const ask = `name the columns id or device id, start and end; or say their names under "columns" in the --map file (${reportColumnNames.join(', ')})`;

/** Where the columns of an export stand, or what is missing for it to be one. */
export const readReportHeader = (
  fields: readonly string[],
  given: GivenColumns = {},
): E.Either<Fault, ReportHeader> => {
  const found = new Map<Column, number>();
  for (const [index, field] of fields.entries()) {
    const column = columnOf(field, given);
    if (column === undefined) continue;
    if (found.has(column))
      return E.left({
        column: index + 1,
        reason: `is a second column for ${column}`,
        remedy: 'keep one of the two',
      });
    found.set(column, index);
  }
  const isNamed = found.has('id') || found.has('idOrDevice') || found.has('deviceid');
  if (!isNamed) return E.left({ reason: 'has no column of ids', remedy: ask });
  for (const column of ['start', 'end'] as const)
    if (!found.has(column)) return E.left({ reason: `has no column for ${column}`, remedy: ask });
  return E.right(found);
};

/** Has this line what the header of an export has? */
export const isReportHeader = (fields: readonly string[]): boolean =>
  E.isRight(readReportHeader(fields));

export type ReportRowReader = (fields: readonly string[]) => E.Either<Fault, ConnectionReport>;

const GUID = /^\{?[0-9a-f]{8}-/i;
const HASH_CHARACTERS = 32;
/** Fields of a fault, by the column that they were read from. */
const columnOfField: Readonly<Record<string, readonly Column[]>> = {
  id: ['id', 'idOrDevice'],
  userid: ['userid'],
  deviceid: ['deviceid', 'idOrDevice'],
  start_date: ['start'],
  end_date: ['end'],
};

/**
 * Reads the rows of an export, one after the other. An export without report ids gets ids that the same
 * connection has in every export: of the user, the device and the start, hashed, so that no TeamViewer id is
 * kept; of several that are alike, by their order.
 */
export const makeReportRowReader = (kind: ReportKind, header: ReportHeader): ReportRowReader => {
  const alike = new Map<string, number>();
  const idFor = ({ userId, deviceId, startedAt }: ConnectionReport): string => {
    const key = [kind, userId ?? '', deviceId ?? '', startedAt].join('|');
    const hash = createHash('sha256').update(key).digest('hex').slice(0, HASH_CHARACTERS);
    const before = alike.get(hash) ?? 0;
    alike.set(hash, before + 1);
    return before === 0 ? `report-${hash}` : `report-${hash}-${before + 1}`;
  };
  const placed = (fault: Fault): Fault => {
    const from = columnOfField[fault.field ?? '']?.find((column) => header.has(column));
    const index = from === undefined ? undefined : header.get(from);
    return index === undefined ? fault : { ...fault, column: index + 1 };
  };
  return (fields) => {
    const cell = (column: Column): string => {
      const index = header.get(column);
      return index === undefined ? '' : (fields[index] ?? '').trim();
    };
    const either = cell('idOrDevice');
    const ownId = cell('id') === '' && GUID.test(either) ? either : cell('id');
    const report = reportOf(kind, {
      id: ownId === '' ? 'unnamed' : ownId,
      userid: cell('userid'),
      deviceid: cell('deviceid') === '' && either !== ownId ? either : cell('deviceid'),
      start_date: cell('start'),
      end_date: cell('end'),
      session_code: cell('code'),
    });
    if (E.isLeft(report)) return E.left(placed(report.left));
    if (ownId !== '') return report;
    if (report.right.deviceId === null)
      return E.left(placed({ field: 'id', reason: 'is missing, and so is the device id' }));
    return E.right({ ...report.right, id: idFor(report.right) });
  };
};
