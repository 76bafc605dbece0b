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

export type NotMapped = Readonly<{ _tag: 'NotMapped' }>;
const notMapped: E.Either<NotMapped, never> = E.left({ _tag: 'NotMapped' });

/** Texts of a file by session id; undefined when the file cannot be read as that. */
export type ReadTable = (path: string) => Readonly<Record<string, string>> | undefined;

type Tables = Readonly<{ inline?: Record<string, string>; file?: string }>;

const lookedUp = (tables: Tables, id: string, read: ReadTable): string | undefined => {
  const { inline, file } = tables;
  const table = inline ?? (file === undefined ? undefined : read(file));
  return table !== undefined && Object.hasOwn(table, id) ? table[id] : undefined;
};

/** The form in which TeamViewer gives session codes out; such a session id is its own code. */
const SESSION_CODE = /^s\d{2}-\d{3}-\d{3}$/;

type Codes = Readonly<{ codes?: Record<string, string>; codesFile?: string }>;

const codeFor = (mapping: Codes, id: string, read: ReadTable): string | undefined => {
  const { codes: inline, codesFile: file } = mapping;
  const tables = {
    ...(inline === undefined ? {} : { inline }),
    ...(file === undefined ? {} : { file }),
  };
  return lookedUp(tables, id, read) ?? (SESSION_CODE.test(id) ? id : undefined);
};

const partsOf = (
  template: string,
  valueOf: (placeholder: Placeholder) => string | undefined,
): readonly ConditionPart[] | undefined => {
  const parts: ConditionPart[] = [];
  for (const piece of template.split(/(\{[A-Za-z]+\})/)) {
    const name = PLACEHOLDERS.find((placeholder) => piece === `{${placeholder}}`);
    if (name === undefined) {
      parts.push({ text: piece });
      continue;
    }
    const value = valueOf(name);
    if (value === undefined) return undefined;
    parts.push({ value });
  }
  return parts;
};

const condition = (
  mapping: Extract<Mapping, { by: 'query' }>,
  session: SessionReference,
  read: ReadTable,
): E.Either<NotMapped, Criterion> => {
  const values: Record<Placeholder, () => string | undefined> = {
    sessionId: () => session.sessionId,
    sessionCode: () => codeFor(mapping, session.sessionId, read),
    deviceId: () => session.deviceId ?? undefined,
    supporterId: () => session.supporterId ?? undefined,
  };
  const parts = partsOf(mapping.query, (name) => values[name]());
  return parts === undefined ? notMapped : E.right({ kind: 'condition', parts });
};

const equals = (field: string, value: string | undefined): E.Either<NotMapped, Criterion> =>
  value === undefined ? notMapped : E.right({ kind: 'equals', field, value });

/** By what the session's record is found; `NotMapped` when the mapping has nothing for this session. */
export const criterionFor = (
  mapping: Mapping,
  session: SessionReference,
  read: ReadTable,
): E.Either<NotMapped, Criterion> => {
  const { sessionId } = session;
  switch (mapping.by) {
    case 'field':
      return equals(mapping.field, sessionId);
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
