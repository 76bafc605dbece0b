import * as E from 'fp-ts/lib/Either.js';
import { readLines, TRUNCATED, type ReadLine, type TextSource } from '../lines/text-lines.js';
import { parseConnection, type ConnectionRecord, type LogKind } from './connection-record.js';

export type LogLine = ReadLine<ConnectionRecord>;

/** A line of a log has some 200 characters; one of 64 KiB belongs to another kind of file. */
const LOG_LINE_BYTES_MAX = 65_536;

const GUID_ENDS = /\}\s*$/;

/**
 * Reads TeamViewer's own log of connections, `connections_incoming.txt` or `Connections.txt`, as
 * `readJournal` reads a journal. A client that is still writing leaves half a line at the end, which
 * is reported as truncated.
 */
export const readTeamViewerLog = (source: TextSource, kind: LogKind): AsyncIterable<LogLine> =>
  readLines(source, LOG_LINE_BYTES_MAX, (text, terminated) => {
    if (!terminated && !GUID_ENDS.test(text)) return E.left(TRUNCATED);
    return parseConnection(kind, text);
  });
