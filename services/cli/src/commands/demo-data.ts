import * as E from 'fp-ts/lib/Either.js';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logDirectory } from '@daybook/engine';
import { writerOf } from '../data/writer-state.js';
import { errorCode } from '../error-code.js';
import { dataProblem, type Failure } from '../outcome.js';

/** Stands in a directory that the demo made; nothing else is ever wiped. */
const MARKER = '.daybook-demo';

const codeOf = (thrown: unknown): string => {
  const code = errorCode(thrown);
  if (code === '') throw thrown;
  return code;
};

const emptied = (directory: string): void => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, MARKER),
    'Made by “daybook demo”, which empties this directory each time.\n',
  );
};

/**
 * An empty directory for the demo: a new one, or the one of an earlier demo. While that one is still
 * being served, the demo takes a temporary one.
 */
export const freshDirectory = (directory: string): E.Either<Failure, string> => {
  try {
    if (existsSync(directory) && !statSync(directory).isDirectory())
      return E.left(dataProblem(`${directory} is not a directory; name another with --data.`));
    const isOurs = existsSync(join(directory, MARKER));
    if (existsSync(directory) && !isOurs && readdirSync(directory).length > 0)
      return E.left(
        dataProblem(
          `${directory} holds something that is not of the demo; name an empty directory with --data.`,
        ),
      );
    const isServed = writerOf(logDirectory(directory))?.isAlive === true;
    const chosen = isServed ? mkdtempSync(join(tmpdir(), 'daybook-demo-')) : directory;
    emptied(chosen);
    return E.right(chosen);
  } catch (thrown) {
    return E.left(dataProblem(`${directory} cannot be written (${codeOf(thrown)}).`));
  }
};
