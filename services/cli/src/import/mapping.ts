import { isId } from '@daybook/domain/kernel';
import { reportColumnNames, type LogMapping } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { readFile } from 'node:fs/promises';
import { errorCode } from '../error-code.js';
import { usage, type Failure } from '../outcome.js';
import type { ReportsMapping } from './report-items.js';

const isString = (u: unknown): u is string => typeof u === 'string';
const Id = new t.Type<string>(
  'id',
  (u): u is string => isString(u) && isId(u),
  (u, context) => (isString(u) && isId(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
);
const KnownEnd = t.exact(t.partial({ device: Id, user: Id, platform: t.string }));
const Columns = t.exact(
  t.partial(Object.fromEntries(reportColumnNames.map((column) => [column, t.string]))),
);
const Mapping = t.exact(
  t.partial({
    self: KnownEnd,
    others: t.record(t.string, KnownEnd),
    users: t.record(t.string, Id),
    columns: Columns,
  }),
);

/** Which ends of connections the company knows, for logs and for reports. */
export type InputMapping = LogMapping & ReportsMapping;

const shape =
  'it has the form {"self": {"device": ID, "user": ID, "platform": WORD}, "others": {TEAMVIEWER-ID: {…}}, "users": {TEAMVIEWER-USER-ID: ID}, "columns": {"start": NAME, …}}, every part optional';

export const decodeMapping = (name: string, text: string): E.Either<Failure, InputMapping> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return E.left(usage(`${name} is not JSON; ${shape}.`));
  }
  const decoded = Mapping.decode(value);
  if (E.isRight(decoded)) return decoded;
  const path = (decoded.left[0]?.context ?? []).map(({ key }) => key).filter((key) => key !== '');
  return E.left(usage(`${name}: ${path.join('.')} is not what a map holds; ${shape}.`));
};

/** Which ends of logged connections the company knows; without a file none. */
export const readMapping = async (
  name: string | null,
): Promise<E.Either<Failure, InputMapping>> => {
  if (name === null) return E.right({});
  try {
    return decodeMapping(name, await readFile(name, 'utf8'));
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === '') throw thrown;
    return E.left(usage(`${name} cannot be read (${code}).`));
  }
};
