import { embedded, type LogSource } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { usage, type Failure } from '../outcome.js';

const SCHEME = /^esdb(\+discover)?:\/\//;

const notAStore = (where: string): Failure =>
  usage(
    `${where} is not a connection string; write one such as esdb://127.0.0.1:2113?tls=false, or embedded.`,
  );

/** A store by its connection string; what it says is never repeated, for it may hold a password. */
export const storeNamed = (text: string, where: string): E.Either<Failure, LogSource> => {
  const trimmed = text.trim();
  if (trimmed === 'embedded') return E.right(embedded);
  if (!SCHEME.test(trimmed)) return E.left(notAStore(where));
  return E.right({ kind: 'esdb', connectionString: trimmed });
};

/** Does the connection string say who connects? */
const hasCredentials = (text: string): boolean => (text.split('?', 1)[0] ?? '').includes('@');

/** The same from a command line, which every user of the machine can read: no credentials there. */
export const storeOnCommandLine = (
  text: string,
  flag: string,
  instead: string,
): E.Either<Failure, LogSource> =>
  hasCredentials(text)
    ? E.left(
        usage(
          `${flag} holds credentials, and every user of this machine can read a command line. Put the whole connection string into a file that only you can read and name it with ${instead}; change that password if it is in use.`,
        ),
      )
    : storeNamed(text, flag);

export const storeInFile = (file: string, where: string): E.Either<Failure, LogSource> => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return E.left(usage(`The file that ${where} names cannot be read.`));
  }
  return storeNamed(text, `What the file of ${where} holds`);
};

type Given = Readonly<{ flag: string | null; store: string | null; storeFile: string | null }>;

/** The log that is meant: by the flag, else by the environment, else the one in the data directory. */
export const logSourceOf = ({ flag, store, storeFile }: Given): E.Either<Failure, LogSource> => {
  if (flag !== null) return storeOnCommandLine(flag, '--store', 'DAYBOOK_STORE_FILE');
  if (store !== null && storeFile !== null)
    return E.left(usage('Set DAYBOOK_STORE or DAYBOOK_STORE_FILE, not both.'));
  if (storeFile !== null) return storeInFile(storeFile, 'DAYBOOK_STORE_FILE');
  return store === null ? E.right(embedded) : storeNamed(store, 'DAYBOOK_STORE');
};
