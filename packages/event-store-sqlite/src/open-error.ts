import { isCorruption, isDiskFull, sqliteCode, systemCode } from './sqlite-error.js';

export type OpenError =
  SecondWriter | NotADirectory | NotWritable | NoDatabase | CorruptDatabase | DiskFull | OpenFailed;

/** Somebody else writes this log. `holderPid` is unknown when the holder could not leave its note. */
export type SecondWriter = Readonly<{
  _tag: 'SecondWriter';
  directory: string;
  holderPid: number | undefined;
  /** ISO instant. */
  holderSince: string | undefined;
  message: string;
}>;
export type NotADirectory = Readonly<{ _tag: 'NotADirectory'; path: string; message: string }>;
export type NotWritable = Readonly<{ _tag: 'NotWritable'; path: string; message: string }>;
/** A reader came before the first writer. */
export type NoDatabase = Readonly<{ _tag: 'NoDatabase'; path: string; message: string }>;
export type CorruptDatabase = Readonly<{
  _tag: 'CorruptDatabase';
  path: string;
  problem: 'not-a-database' | 'damaged' | 'other-application' | 'newer-schema';
  message: string;
}>;
export type DiskFull = Readonly<{ _tag: 'DiskFull'; path: string; message: string }>;
export type OpenFailed = Readonly<{ _tag: 'OpenFailed'; path: string; message: string }>;

/** Carries an `OpenError` out of the opening steps to the one place that turns it into a `Left`. */
export class Refusal extends Error {
  constructor(readonly openError: OpenError) {
    super(openError.message);
  }
}

const remedies: Readonly<Record<CorruptDatabase['problem'], string>> = {
  'not-a-database':
    'is not a SQLite database. Check that the directory is the right one; otherwise restore a backup.',
  damaged: 'is damaged. Keep a copy of the directory, run doctor, then restore a backup.',
  'other-application':
    'is a database of another program. Choose a directory of its own for Daybook.',
  'newer-schema': 'was written by a newer Daybook. Run that version or a later one.',
};

export const corruptDatabase = (
  path: string,
  problem: CorruptDatabase['problem'],
): CorruptDatabase => ({
  _tag: 'CorruptDatabase',
  path,
  problem,
  message: `${path} ${remedies[problem]}`,
});

export const secondWriter = (
  directory: string,
  holder: Readonly<{ pid: number | undefined; since: string | undefined }>,
): SecondWriter => {
  const who =
    holder.pid === undefined
      ? 'another process'
      : `process ${String(holder.pid)}${holder.since === undefined ? '' : ` (since ${holder.since})`}`;
  return {
    _tag: 'SecondWriter',
    directory,
    holderPid: holder.pid,
    holderSince: holder.since,
    message: `${who} already writes the log in ${directory}. Stop it, or use another data directory; the lock goes with its process, there is no file to delete.`,
  };
};

export const noDatabase = (directory: string, path: string): NoDatabase => ({
  _tag: 'NoDatabase',
  path,
  message: `There is no log in ${directory} yet. Check the directory, or start the writer first.`,
});

const notADirectory = (path: string): NotADirectory => ({
  _tag: 'NotADirectory',
  path,
  message: `${path} is not a directory. Choose a directory for the log.`,
});

const notWritable = (path: string): NotWritable => ({
  _tag: 'NotWritable',
  path,
  message: `${path} cannot be written. Check its owner, its permissions and that its disk is not mounted read-only.`,
});

const diskFull = (path: string): DiskFull => ({
  _tag: 'DiskFull',
  path,
  message: `No room left on the disk of ${path}. Free some and start again.`,
});

const fileErrors: Readonly<Record<string, (path: string) => OpenError>> = {
  EEXIST: notADirectory,
  ENOTDIR: notADirectory,
  EROFS: notWritable,
  EACCES: notWritable,
  EPERM: notWritable,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
};

const fromSqlite = (code: string, path: string, directory: string): OpenError => {
  if (code === 'SQLITE_NOTADB') return corruptDatabase(path, 'not-a-database');
  if (isCorruption(code)) return corruptDatabase(path, 'damaged');
  if (isDiskFull(code, directory)) return diskFull(directory);
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return notWritable(path);
  return { _tag: 'OpenFailed', path, message: `${path} could not be opened (${code}).` };
};

/** What went wrong while `path` was being opened; a thrown value that names no known cause is a bug. */
export const toOpenError = (thrown: unknown, path: string, directory: string): OpenError => {
  if (thrown instanceof Refusal) return thrown.openError;
  const code = sqliteCode(thrown);
  if (code !== undefined) return fromSqlite(code, path, directory);
  const system = systemCode(thrown);
  if (system === undefined) throw thrown;
  return (
    fileErrors[system]?.(path) ?? {
      _tag: 'OpenFailed',
      path,
      message: `${path} could not be opened (${system}).`,
    }
  );
};
