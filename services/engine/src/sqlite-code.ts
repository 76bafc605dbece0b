/**
 * SQLite's result code of a thrown value, such as `SQLITE_FULL`; anything else is thrown on. By its code,
 * not its class: the native module keeps the error class of whoever loaded it first in the process.
 */
export const sqliteCodeOf = (thrown: unknown): string => {
  const code =
    typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw thrown;
  return code;
};
