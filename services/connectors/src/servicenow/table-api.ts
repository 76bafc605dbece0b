import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { formed } from '../config/mapping.js';
import type { RemoteFailure } from '../failure.js';
import type { ApiClient } from '../http/api-client.js';
import { readAnswer } from '../http/read-answer.js';

const SysId = formed('a sys_id', /^[0-9a-f]{32}$/);
const Found = t.strict({
  result: t.array(t.intersection([t.type({ sys_id: SysId }), t.record(t.string, t.unknown)])),
});
const JournalRows = t.strict({ result: t.array(t.strict({ sys_id: SysId, value: t.string })) });

export type JournalRow = Readonly<{ sys_id: string; value: string }>;
export type FoundRecord = Readonly<{ sys_id: string }> & Readonly<Record<string, unknown>>;

type Answer<A> = Promise<E.Either<RemoteFailure, A>>;

/** What the connector uses of ServiceNow's Table API. */
export type TableApi = Readonly<{
  /** At most two: one is what is wanted, two are one too many. */
  records: (query: string, fields: readonly string[]) => Answer<readonly FoundRecord[]>;
  /** Adds an entry to a journal field of a record. */
  addJournalEntry: (recordId: string, text: string) => Answer<void>;
  /** Entries of a record's journal field that hold a word, oldest first. */
  journal: (recordId: string, word: string) => Answer<readonly JournalRow[]>;
  deleteJournalEntry: (id: string) => Answer<void>;
}>;

export type TableNames = Readonly<{ table: string; journalField: string }>;

const PAGE = 100;
/** More than a journal holds; an instance that passes over the offset would never come to an end. */
const PAGES_MAX = 200;
const tablePath = (table: string, id?: string): string =>
  `/api/now/table/${encodeURIComponent(table)}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** Older releases answer an empty list with 404. */
const noneIsEmpty = <A>(
  answer: E.Either<RemoteFailure, { result: A[] }>,
): E.Either<RemoteFailure, { result: A[] }> =>
  E.isLeft(answer) && answer.left._tag === 'NotFound' ? E.right({ result: [] }) : answer;

export const makeTableApi = (client: ApiClient, names: TableNames): TableApi => {
  const { table, journalField } = names;
  const journalPage = async (query: string, offset: number): Answer<readonly JournalRow[]> => {
    const answer = await client({
      method: 'GET',
      path: tablePath('sys_journal_field'),
      query: {
        sysparm_query: query,
        sysparm_fields: 'sys_id,value',
        sysparm_limit: String(PAGE),
        sysparm_offset: String(offset),
      },
    });
    const page = noneIsEmpty(readAnswer(JournalRows, answer));
    return E.isLeft(page) ? page : E.right(page.right.result);
  };
  return {
    records: async (query, fields) => {
      const answer = await client({
        method: 'GET',
        path: tablePath(table),
        query: {
          sysparm_query: query,
          sysparm_fields: ['sys_id', ...fields].join(','),
          sysparm_limit: '2',
          sysparm_exclude_reference_link: 'true',
        },
      });
      const found = noneIsEmpty(readAnswer(Found, answer));
      return E.isLeft(found) ? found : E.right(found.right.result);
    },
    addJournalEntry: async (recordId, text) => {
      const answer = await client({
        method: 'PATCH',
        path: tablePath(table, recordId),
        query: { sysparm_fields: 'sys_id' },
        body: { [journalField]: text },
      });
      return E.isLeft(answer) ? answer : E.right(undefined);
    },
    journal: async (recordId, word) => {
      const query = `element_id=${recordId}^element=${journalField}^valueLIKE${word}^ORDERBYsys_created_on^ORDERBYsys_id`;
      const rows: JournalRow[] = [];
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const page = await journalPage(query, rows.length);
        if (E.isLeft(page)) return page;
        for (const row of page.right) rows.push(row);
        if (page.right.length < PAGE) return E.right(rows);
      }
      return E.left({ _tag: 'AnswerUnreadable', status: 200 });
    },
    deleteJournalEntry: async (id) => {
      const answer = await client({ method: 'DELETE', path: tablePath('sys_journal_field', id) });
      if (E.isLeft(answer) && answer.left._tag !== 'NotFound') return answer;
      return E.right(undefined);
    },
  };
};
