import { toOpenError } from '../src/open-error.js';
import { toReadError, toStoreUnavailable } from '../src/sqlite-error.js';
import { temporaryDirectory } from './temporary-directory.js';

const place = temporaryDirectory();
afterAll(() => place.remove());

const failure = (code: string): Error => Object.assign(new Error('with session text'), { code });

const reasons = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_READONLY_DBMOVED', 'read-only'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_BUSY_RECOVERY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_IOERR_WRITE', 'io'],
  ['SQLITE_CORRUPT', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
] as const;

describe('A failure of SQLite', () => {
  it.each(reasons)('%s makes an append unavailable: %s', (code, reason) => {
    const unavailable = toStoreUnavailable(failure(code), place.path);
    expect(unavailable).toMatchObject({ _tag: 'StoreUnavailable', reason });
    expect(unavailable.message).toContain(place.path);
    expect(unavailable.message).toContain(code);
    expect(unavailable.message).not.toContain('session text');
  });

  it('tells damage from other trouble when reading', () => {
    expect(toReadError(failure('SQLITE_CORRUPT_INDEX'), place.path)._tag).toBe('CorruptStore');
    expect(toReadError(failure('SQLITE_NOTADB'), place.path)._tag).toBe('CorruptStore');
    expect(toReadError(failure('SQLITE_IOERR_READ'), place.path)._tag).toBe('StoreUnavailable');
  });

  it('goes on up when it is a bug', () => {
    const bug = new TypeError('undefined is not a function');
    expect(() => toStoreUnavailable(bug, place.path)).toThrow(bug);
    expect(() => toReadError(bug, place.path)).toThrow(bug);
    expect(() => toOpenError(bug, place.path, place.path)).toThrow(bug);
  });

  it.each([
    ['EROFS', 'NotWritable'],
    ['EACCES', 'NotWritable'],
    ['ENOTDIR', 'NotADirectory'],
    ['EEXIST', 'NotADirectory'],
    ['ENOSPC', 'DiskFull'],
    ['EMFILE', 'OpenFailed'],
    ['SQLITE_FULL', 'DiskFull'],
    ['SQLITE_READONLY_DIRECTORY', 'NotWritable'],
    ['SQLITE_NOTADB', 'CorruptDatabase'],
    ['SQLITE_CORRUPT', 'CorruptDatabase'],
    ['SQLITE_CANTOPEN', 'OpenFailed'],
  ])('%s at opening is %s', (code, tag) => {
    expect(toOpenError(failure(code), place.path, place.path)._tag).toBe(tag);
  });
});
