import * as E from 'fp-ts/lib/Either.js';
import { Id } from '../journal/values.js';
import type { Fault } from '../line-problem.js';
import { reportTime } from './report-time.js';

/** `outgoing`: a connection report, of a user. `incoming`: a device report, of a managed device. */
export type ReportKind = 'outgoing' | 'incoming';

export const sessionTypes = [
  'RemoteConnection',
  'RemoteSupportActive',
  'RemoteSupportActiveSdk',
] as const;
export type SessionType = (typeof sessionTypes)[number];

/**
 * One connection as a report tells it. Names of people, devices and groups, notes and fees are not even read:
 * they are personal data, or nothing that Daybook decides on.
 */
export type ConnectionReport = Readonly<{
  kind: ReportKind;
  /** The report's id. A GUID is lower case and without braces, as in the logs of both ends. */
  id: string;
  /** TeamViewer's id of the user, such as `u1234567`; null where the report names none. */
  userId: string | null;
  /** TeamViewer id of the device that was connected to. */
  deviceId: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  /** It was made with a session code; the code itself stays behind. */
  hasSessionCode: boolean;
  sessionType: SessionType | null;
}>;

/** The fields of a report that are looked at, by the names that the Web API gives them. */
export type ReportFields = Readonly<{
  id?: unknown;
  userid?: unknown;
  deviceid?: unknown;
  start_date?: unknown;
  end_date?: unknown;
  session_code?: unknown;
  support_session_type?: unknown;
}>;

const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;
const DIGITS = /^\d{1,15}$/;
const USER_DIGITS = /^\d{1,19}$/;

const fault = (field: keyof ReportFields, reason: string, remedy?: string): Fault => ({
  field,
  reason,
  ...(remedy === undefined ? {} : { remedy }),
});

const textOf = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
};

/** A GUID in one form, whatever its case and braces; another id as it stands. */
export const sessionIdOf = (text: string): string | null => {
  const guid = GUID.exec(text)?.[1];
  if (guid !== undefined) return guid.toLowerCase();
  return Id.is(text) ? text : null;
};

/** Some answers leave the `u` of a user's id away; both are the same user. */
const userIdOf = (text: string): string => (USER_DIGITS.test(text) ? `u${text}` : text);

const typeOf = (value: unknown): E.Either<Fault, SessionType | null> => {
  const text = textOf(value);
  if (text === '') return E.right(null);
  // The API filters by these numbers, from 1, and some answers carry them.
  const known = sessionTypes.find((type, index) => text === type || text === String(index + 1));
  if (known !== undefined) return E.right(known);
  return E.left(fault('support_session_type', `is not one of ${sessionTypes.join(', ')}`));
};

type Times = Readonly<{ startedAt: number; endedAt: number }>;

const timesOf = ({ start_date: start, end_date: end }: ReportFields): E.Either<Fault, Times> => {
  if (textOf(start) === '') return E.left(fault('start_date', 'is missing'));
  const startedAt = reportTime(textOf(start));
  if (E.isLeft(startedAt)) return E.left({ ...startedAt.left, field: 'start_date' });
  if (textOf(end) === '')
    return E.left(
      fault('end_date', 'is missing', 'import the report again when the session is over'),
    );
  const endedAt = reportTime(textOf(end));
  if (E.isLeft(endedAt)) return E.left({ ...endedAt.left, field: 'end_date' });
  if (endedAt.right < startedAt.right)
    return E.left(fault('end_date', 'is before the start of the connection'));
  return E.right({ startedAt: startedAt.right, endedAt: endedAt.right });
};

type Ids = Readonly<{ id: string; userId: string | null; deviceId: string | null }>;

const idsOf = ({ id, userid, deviceid }: ReportFields): E.Either<Fault, Ids> => {
  if (textOf(id) === '') return E.left(fault('id', 'is missing'));
  const sessionId = sessionIdOf(textOf(id));
  if (sessionId === null) return E.left(fault('id', 'is not an id'));
  const user = userIdOf(textOf(userid));
  if (user !== '' && !Id.is(user)) return E.left(fault('userid', 'is not an id'));
  // TeamViewer shows its ids in groups of digits.
  const device = textOf(deviceid).replaceAll(' ', '');
  if (device !== '' && !DIGITS.test(device))
    return E.left(fault('deviceid', 'is not a TeamViewer id (digits only)'));
  return E.right({
    id: sessionId,
    userId: user === '' ? null : user,
    deviceId: device === '' ? null : device,
  });
};

/**
 * The connection of one report, or the first thing wrong with it. Fields that are not known are no problem:
 * the API is not ours, and adds some.
 */
export const reportOf = (kind: ReportKind, value: unknown): E.Either<Fault, ConnectionReport> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return E.left({
      reason: 'is not a JSON object',
      remedy: 'save the records as the API gives them',
    });
  const fields = value as ReportFields;
  const ids = idsOf(fields);
  if (E.isLeft(ids)) return ids;
  const times = timesOf(fields);
  if (E.isLeft(times)) return times;
  const sessionType = typeOf(fields.support_session_type);
  if (E.isLeft(sessionType)) return sessionType;
  const hasSessionCode = textOf(fields.session_code) !== '';
  return E.right({
    kind,
    ...ids.right,
    ...times.right,
    hasSessionCode,
    sessionType: sessionType.right,
  });
};
