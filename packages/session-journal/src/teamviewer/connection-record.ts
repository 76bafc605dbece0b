import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';
import { logTime } from './log-time.js';

export type LogKind = 'incoming' | 'outgoing';

/** One connection as the log of one machine tells it. Names in it are personal data. */
export type ConnectionRecord = Readonly<{
  kind: LogKind;
  /** TeamViewer id of the other end. */
  teamviewerId: string;
  /** Of the other end; incoming logs only. */
  displayName?: string;
  /** Epoch milliseconds, UTC. */
  startedAt: number;
  /** Epoch milliseconds, UTC. */
  endedAt: number;
  /** Account that was signed in on the machine that wrote the log. */
  localUser: string;
  mode: ConnectionMode;
  /** Session GUID, lower case, without braces; the same in the logs of both ends. */
  sessionId: string;
}>;

export const connectionModes = [
  'RemoteControl',
  'FileTransfer',
  'Meeting',
  'Presentation',
  'VPN',
] as const;
export type ConnectionMode = (typeof connectionModes)[number];

/** A field of a line: its text, and the 1-based column at which it stands. */
type Cell = Readonly<{ text: string; column: number }>;
type FieldName = Exclude<keyof ConnectionRecord, 'kind'>;
type Cells = Readonly<Record<FieldName, Cell>>;

const TEAMVIEWER_ID = /^\d{1,15}$/;
const GUID = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;
const INCOMING_FIELDS = 7;
/** Id, two dates, two times, mode, GUID; the local user is whatever stands between. */
const OUTGOING_WORDS_MIN = 7;

const tabCells = (line: string): Cell[] => {
  let column = 1;
  return line.split('\t').map((text) => {
    const cell = { text: text.trim(), column };
    column += text.length + 1;
    return cell;
  });
};

const wordCells = (line: string): Cell[] =>
  Array.from(line.matchAll(/\S+/g), ({ 0: text, index }) => ({ text, column: index + 1 }));

const joined = (cells: readonly Cell[], fallback: Cell): Cell => ({
  text: cells.map(({ text }) => text).join(' '),
  column: cells[0]?.column ?? fallback.column,
});

const incomingCells = (line: string): E.Either<Fault, Cells> => {
  const [teamviewerId, displayName, startedAt, endedAt, localUser, mode, sessionId, ...rest] =
    tabCells(line);
  const whole = teamviewerId && displayName && startedAt && endedAt && localUser && mode;
  if (!whole || !sessionId || rest.some(({ text }) => text !== '')) {
    return E.left({
      reason: `does not have ${INCOMING_FIELDS} fields separated by tabs`,
      remedy: 'write id, display name, start, end, local user, mode and {session GUID}',
    });
  }
  return E.right({ teamviewerId, displayName, startedAt, endedAt, localUser, mode, sessionId });
};

const outgoingCells = (line: string): E.Either<Fault, Cells> => {
  const words = wordCells(line);
  const [teamviewerId] = words;
  const [mode, sessionId] = words.slice(-2);
  if (!teamviewerId || !mode || !sessionId || words.length < OUTGOING_WORDS_MIN) {
    return E.left({
      reason: 'does not have 6 columns',
      remedy: 'write id, start, end, local user, mode and {session GUID}',
    });
  }
  return E.right({
    teamviewerId,
    displayName: { text: '', column: 1 },
    startedAt: joined(words.slice(1, 3), teamviewerId),
    endedAt: joined(words.slice(3, 5), teamviewerId),
    localUser: joined(words.slice(5, -2), mode),
    mode,
    sessionId,
  });
};

const modeOf = (word: string): ConnectionMode | undefined =>
  connectionModes.find((mode) => mode.toLowerCase() === word.toLowerCase());

const at = (cells: Cells, field: FieldName, fault: Fault): E.Either<Fault, never> =>
  E.left({ ...fault, field, column: cells[field].column });

const recordOf = (kind: LogKind, cells: Cells): E.Either<Fault, ConnectionRecord> => {
  const teamviewerId = cells.teamviewerId.text;
  if (!TEAMVIEWER_ID.test(teamviewerId)) {
    return at(cells, 'teamviewerId', { reason: 'is not a TeamViewer id (digits only)' });
  }
  const startedAt = logTime(cells.startedAt.text);
  if (E.isLeft(startedAt)) return at(cells, 'startedAt', startedAt.left);
  const endedAt = logTime(cells.endedAt.text);
  if (E.isLeft(endedAt)) return at(cells, 'endedAt', endedAt.left);
  if (endedAt.right < startedAt.right) {
    return at(cells, 'endedAt', { reason: 'is before the start of the connection' });
  }
  const mode = modeOf(cells.mode.text);
  if (mode === undefined) {
    return at(cells, 'mode', { reason: `is not one of ${connectionModes.join(', ')}` });
  }
  if (!GUID.test(cells.sessionId.text)) {
    return at(cells, 'sessionId', { reason: 'is not a GUID in braces' });
  }
  return E.right({
    kind,
    teamviewerId,
    ...(kind === 'incoming' ? { displayName: cells.displayName.text } : {}),
    startedAt: startedAt.right,
    endedAt: endedAt.right,
    localUser: cells.localUser.text,
    mode,
    sessionId: cells.sessionId.text.slice(1, -1).toLowerCase(),
  });
};

/** The connection on one line of a TeamViewer log, or the first thing wrong with it. */
export const parseConnection = (kind: LogKind, line: string): E.Either<Fault, ConnectionRecord> => {
  const cells = kind === 'incoming' ? incomingCells(line) : outgoingCells(line);
  return E.isLeft(cells) ? cells : recordOf(kind, cells.right);
};
