import type { Database } from 'better-sqlite3';

/** One credit account and the place of its last event in its stream and in the log. */
export type Account = Readonly<{ company: string; revision: number; position: number }>;
export type AccountsQuery = () => readonly Account[];

/** Every company with a credit account. For the operator and for scheduled work: it crosses tenants. */
export const prepareAccounts = (db: Database): AccountsQuery => {
  const statement = db.prepare<[], Account>(
    'SELECT company, revision, position FROM accounts ORDER BY company',
  );
  return () => statement.all();
};
