import type { ReadError } from '@daybook/event-store';

/** Why a projection stopped. It keeps the position of its last committed page. */
export type ProjectionFailure = ReadError | CorruptEvent | ReadModelUnavailable;

/** A stored event that its codec refuses. It names the place, never the payload: that may hold session text. */
export type CorruptEvent = Readonly<{
  _tag: 'CorruptEvent';
  projection: string;
  type: string;
  stream: string;
  revision: number;
  position: number;
  /** Paths that failed, such as `data.allocations.0.amount`. */
  path: string;
}>;

/** The file of the read model could not be used: full disk, damaged file. The log is not affected. */
export type ReadModelUnavailable = Readonly<{
  _tag: 'ReadModelUnavailable';
  projection: string;
  /** SQLite's or the operating system's code, such as `SQLITE_FULL`. */
  code: string;
}>;

/** Nothing has filled this version yet. */
export type ReadModelMissing = Readonly<{
  _tag: 'ReadModelMissing';
  projection: string;
  version: number;
}>;

const DISK_CODE =
  /^(SQLITE_(FULL|IOERR|BUSY|CANTOPEN|READONLY|CORRUPT|NOTADB|PERM|LOCKED)|ENOSPC|EACCES|EROFS|EIO|EMFILE|ENOENT)/;

/** The code of an error from the operating system or from SQLite. Not by `instanceof`: errors cross realms. */
export const codeOf = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  typeof thrown.code === 'string'
    ? thrown.code
    : undefined;

/** The disk's fault as a value; `undefined` for anything else, which is a bug and must be thrown on. */
export const toReadModelUnavailable = (
  projection: string,
  thrown: unknown,
): ReadModelUnavailable | undefined => {
  const code = codeOf(thrown);
  return code !== undefined && DISK_CODE.test(code)
    ? { _tag: 'ReadModelUnavailable', projection, code }
    : undefined;
};
