import { Word } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { SessionReference } from '../remote.js';

/** A text of a form that a name says; the name is what a person reads when the form is wrong. */
export const formed = (name: string, form: RegExp): t.Type<string> => {
  const is = (u: unknown): u is string => typeof u === 'string' && form.test(u);
  return new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity);
};

const FieldName = formed(
  'the name of a field, such as u_daybook_session or Daybook_Session__c',
  /^[A-Za-z][A-Za-z0-9_]{0,79}(\.[A-Za-z][A-Za-z0-9_]{0,79}){0,3}$/,
);
const FilePath = formed('the path of a JSON file with an object of texts', /^[^\0]{1,4096}$/);
const Table = t.record(t.string, t.string);

const PLACEHOLDERS = ['sessionId', 'sessionCode', 'deviceId', 'supporterId'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

const Template = formed(
  'a condition with a placeholder, such as u_session={sessionId}^active=true; write no quotes around it',
  /^[^'"\0\r\n]*\{(sessionId|sessionCode|deviceId|supporterId)\}[^'"\0\r\n]*$/,
);

/** Texts by session id: in the configuration, or in a file that is read each time one is looked up. */
const records = { records: Table, recordsFile: FilePath };
const codes = { codes: Table, codesFile: FilePath };

/** Which record of the remote system belongs to a session. */
export const Mapping = {
  /** A field of the record holds the session's id. */
  field: t.strict({ by: Word('field'), field: FieldName }),
  /** A field of the record holds the session code that the supporter gave out. */
  'session-code': t.intersection([
    t.strict({ by: Word('session-code'), field: FieldName }),
    t.partial(codes),
  ]),
  /** A table names the record of each session, as a field of the record has it. */
  lookup: t.intersection([t.strict({ by: Word('lookup'), field: FieldName }), t.partial(records)]),
  /** A condition of the remote system's own query language. */
  query: t.intersection([t.strict({ by: Word('query'), query: Template }), t.partial(codes)]),
  /** Salesforce: an external-id field of the record holds the session's id. */
  'external-id': t.strict({ by: Word('external-id'), field: FieldName }),
};
export type Mapping = {
  [By in keyof typeof Mapping]: t.TypeOf<(typeof Mapping)[By]>;
}[keyof typeof Mapping];

/** What to ask the remote system, before it is written in its language. */
export type Criterion =
  | Readonly<{ kind: 'equals'; field: string; value: string }>
  | Readonly<{ kind: 'external-id'; field: string; value: string }>
  | Readonly<{ kind: 'condition'; parts: readonly ConditionPart[] }>;

export type ConditionPart = Readonly<{ text: string } | { value: string }>;

/** `MappingUnreadable`: its file cannot be read now, perhaps because it is being written. */
export type NotMapped = Readonly<{ _tag: 'NotMapped' | 'MappingUnreadable' }>;
const notMapped: E.Either<NotMapped, never> = E.left({ _tag: 'NotMapped' });

/** Texts of a file by session id; undefined when the file cannot be read as that. */
export type ReadTable = (path: string) => Readonly<Record<string, string>> | undefined;

type Tables = Readonly<{ inline?: Record<string, string>; file?: string }>;

type Found = E.Either<NotMapped, string | undefined>;

const lookedUp = (tables: Tables, id: string, read: ReadTable): Found => {
  const { inline, file } = tables;
  if (inline === undefined && file === undefined) return E.right(undefined);
  const table = inline ?? (file === undefined ? undefined : read(file));
  if (table === undefined) return E.left({ _tag: 'MappingUnreadable' });
  return E.right(Object.hasOwn(table, id) ? table[id] : undefined);
};

/** The form in which TeamViewer gives session codes out; such a session id is its own code. */
const SESSION_CODE = /^s\d{2}-\d{3}-\d{3}$/;

type Codes = Readonly<{ codes?: Record<string, string>; codesFile?: string }>;

const codeFor = (mapping: Codes, id: string, read: ReadTable): Found => {
  const { codes: inline, codesFile: file } = mapping;
  const tables = {
    ...(inline === undefined ? {} : { inline }),
    ...(file === undefined ? {} : { file }),
  };
  const found = lookedUp(tables, id, read);
  if (E.isLeft(found)) return found;
  return E.right(found.right ?? (SESSION_CODE.test(id) ? id : undefined));
};

const partsOf = (
  template: string,
  valueOf: (placeholder: Placeholder) => Found,
): E.Either<NotMapped, readonly ConditionPart[]> => {
  const parts: ConditionPart[] = [];
  for (const piece of template.split(/(\{[A-Za-z]+\})/)) {
    const name = PLACEHOLDERS.find((placeholder) => piece === `{${placeholder}}`);
    if (name === undefined) {
      parts.push({ text: piece });
      continue;
    }
    const value = valueOf(name);
    if (E.isLeft(value)) return value;
    if (value.right === undefined) return notMapped;
    parts.push({ value: value.right });
  }
  return E.right(parts);
};

const condition = (
  mapping: Extract<Mapping, { by: 'query' }>,
  session: SessionReference,
  read: ReadTable,
): E.Either<NotMapped, Criterion> => {
  const values: Record<Placeholder, () => Found> = {
    sessionId: () => E.right(session.sessionId),
    sessionCode: () => codeFor(mapping, session.sessionId, read),
    deviceId: () => E.right(session.deviceId ?? undefined),
    supporterId: () => E.right(session.supporterId ?? undefined),
  };
  const parts = partsOf(mapping.query, (name) => values[name]());
  return E.isLeft(parts) ? parts : E.right({ kind: 'condition', parts: parts.right });
};

const equals = (field: string, value: Found): E.Either<NotMapped, Criterion> => {
  if (E.isLeft(value)) return value;
  return value.right === undefined
    ? notMapped
    : E.right({ kind: 'equals', field, value: value.right });
};

/** By what the session's record is found; `NotMapped` when the mapping has nothing for this session. */
export const criterionFor = (
  mapping: Mapping,
  session: SessionReference,
  read: ReadTable,
): E.Either<NotMapped, Criterion> => {
  const { sessionId } = session;
  switch (mapping.by) {
    case 'field':
      return equals(mapping.field, E.right(sessionId));
    case 'external-id':
      return E.right({ kind: 'external-id', field: mapping.field, value: sessionId });
    case 'session-code':
      return equals(mapping.field, codeFor(mapping, sessionId, read));
    case 'lookup': {
      const { records: inline, recordsFile: file } = mapping;
      const tables = {
        ...(inline === undefined ? {} : { inline }),
        ...(file === undefined ? {} : { file }),
      };
      return equals(mapping.field, lookedUp(tables, sessionId, read));
    }
    case 'query':
      return condition(mapping, session, read);
  }
};
