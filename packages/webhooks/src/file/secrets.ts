import type Database from 'better-sqlite3';

export type SecretTable = Readonly<{
  /** The new secret, and how long the one before it goes on signing; older ones are deleted. */
  put: (id: string, secret: string, at: Readonly<{ now: number; previousUntil: number }>) => void;
  removeAll: (id: string) => void;
}>;

/** At most two secrets of an endpoint exist, and no longer than they sign. */
export const secretTable = (db: Database.Database): SecretTable => {
  const newest = db
    .prepare<[string], number | null>('SELECT max(number) FROM secret WHERE endpoint = ?')
    .pluck();
  const dropOlder = db.prepare<[string, number]>(
    'DELETE FROM secret WHERE endpoint = ? AND number < ?',
  );
  const expire = db.prepare<[number, string, number]>(
    'UPDATE secret SET expires_at = ? WHERE endpoint = ? AND number = ?',
  );
  const dropExpired = db.prepare<[string, number]>(
    'DELETE FROM secret WHERE endpoint = ? AND expires_at <= ?',
  );
  const insert = db.prepare<[string, number, string, number]>(
    'INSERT INTO secret (endpoint, number, text, created_at) VALUES (?, ?, ?, ?)',
  );
  const removeAll = db.prepare<[string]>('DELETE FROM secret WHERE endpoint = ?');
  return {
    put: (id, secret, { now, previousUntil }) => {
      const last = newest.get(id) ?? 0;
      dropOlder.run(id, last);
      expire.run(previousUntil, id, last);
      dropExpired.run(id, now);
      insert.run(id, last + 1, secret, now);
    },
    removeAll: (id) => void removeAll.run(id),
  };
};
