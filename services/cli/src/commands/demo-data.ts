import * as E from 'fp-ts/lib/Either.js';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataProblem, type Failure } from '../outcome.js';

/** Stands in a directory that the demo made; nothing else is ever wiped. */
const MARKER = '.daybook-demo';

const codeOf = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === '') throw thrown;
  return code;
};

/** An empty directory for the demo: a new one, or the one of an earlier demo. */
export const freshDirectory = (directory: string): E.Either<Failure, void> => {
  try {
    const isOurs = existsSync(join(directory, MARKER));
    if (existsSync(directory) && !isOurs && readdirSync(directory).length > 0)
      return E.left(
        dataProblem(
          `${directory} holds something that is not of the demo; name an empty directory with --data.`,
        ),
      );
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, MARKER),
      'Made by “daybook demo”, which empties this directory each time.\n',
    );
    return E.right(undefined);
  } catch (thrown) {
    return E.left(dataProblem(`${directory} cannot be written (${codeOf(thrown)}).`));
  }
};
