import type { HandlingFailure, OpenError, QueriesProblem } from '@daybook/engine';
import { dataProblem, type Failure } from '../outcome.js';

type Problem =
  OpenError | QueriesProblem | HandlingFailure | Readonly<{ _tag: string; message?: string }>;

const textOf = (problem: object, key: string): string => {
  const value: unknown = Reflect.get(problem, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const unavailable = (problem: object): string => {
  const [name, code] = [textOf(problem, 'projection'), textOf(problem, 'code')];
  if (/READONLY|EACCES|EROFS|PERM/.test(code))
    return `The read model ${name} cannot be written (${code}). Check the owner and the permissions of the data directory; the log itself is not affected.`;
  if (/FULL|ENOSPC/.test(code))
    return `No room left on the disk for the read model ${name} (${code}). Free some; the log itself is not affected.`;
  return `The read model ${name} cannot be used (${code}). Make it again from the log: daybook rebuild ${name}`;
};

const corruptEvent = (problem: object): string => {
  const [type, stream] = [textOf(problem, 'type'), textOf(problem, 'stream')];
  const revision = textOf(problem, 'revision');
  return `${type} (revision ${revision} of ${stream}) in the log cannot be read. Keep a copy of the data directory and run: daybook doctor`;
};

const inWords = (problem: Problem): string => {
  switch (problem._tag) {
    case 'ReadModelUnavailable':
      return unavailable(problem);
    case 'ReadModelMissing':
      return `The read model ${textOf(problem, 'projection')} has not been filled yet. Run: daybook rebuild`;
    case 'CorruptEvent':
      return corruptEvent(problem);
    case 'TooManyConflicts':
      return `Another program keeps writing ${textOf(problem, 'stream')}; nothing was written. It is safe to try again.`;
    case 'SecondWriter':
      return `${textOf(problem, 'message')}\nIf that is a running “daybook serve”, its HTTP API does the same.`;
    default: {
      const message = textOf(problem, 'message');
      return message === '' ? `The data directory cannot be used (${problem._tag}).` : message;
    }
  }
};

/** What keeps a command from the data, in words that say what to do. */
export const failureOf = (problem: Problem): Failure => dataProblem(inWords(problem));
