import { describeProjectionLaws, withReadModel, type LogEntry } from '@daybook/projection/contract';
import { aiMark } from '@daybook/domain/summaries';
import * as fc from 'fast-check';
import { summaryCatalog, type PageOf, type SummaryCatalogQueries } from '../src/index.js';
import { anyLog, body, deleted, edited, generated } from './builders.js';

describeProjectionLaws(summaryCatalog, anyLog);

const asked = <A>(
  entries: readonly LogEntry[],
  ask: (queries: SummaryCatalogQueries) => A,
): Promise<A> => withReadModel(summaryCatalog, entries, (model) => model.read(ask).answer);

const pageOf = <Item>(answer: PageOf<Item> | { _tag: 'CursorUnreadable' }): PageOf<Item> => {
  if ('_tag' in answer) throw new Error(answer._tag);
  return answer;
};

const listed = (
  { list }: SummaryCatalogQueries,
  filter: NonNullable<Parameters<SummaryCatalogQueries['list']>[1]['filter']>,
  company = 'acme',
): readonly string[] =>
  pageOf(list(company, { filter, limit: 10 })).items.map(({ summaryId }) => summaryId);

const found = ({ search }: SummaryCatalogQueries, words: string, company = 'acme') =>
  pageOf(search(company, { words, limit: 10 })).items.map(({ summary }) => summary.summaryId);

const markOf = (origin: 'ai' | 'human' | 'mixed') =>
  aiMark({ origin, model: 'extractive', promptVersion: 'p1' });

const shown = {
  summaryId: 's1',
  sessionId: 'session-s1',
  supporterId: 'ann',
  deviceId: 'd1',
  status: 'active',
  revision: 1,
  origin: 'ai',
  model: 'extractive',
  promptVersion: 'p1',
  language: 'en',
  createdAt: 1000,
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  mark: markOf('ai'),
  body: body(),
};

describe('a summary', () => {
  it('is shown with its latest text and where it comes from', () =>
    asked([generated(), edited('s1', { title: 'Spooler' }, { language: 'fr' })], ({ show }) => {
      expect(show('acme', 's1')).toStrictEqual({
        ...shown,
        revision: 2,
        origin: 'mixed',
        mark: markOf('mixed'),
        language: 'fr',
        editedAt: 2000,
        body: body({ title: 'Spooler' }),
      });
      expect(show('acme', 's2')).toBeUndefined();
    }));

  it('keeps every revision with its provenance and its text', () =>
    asked([generated(), edited('s1', { title: 'Spooler' })], ({ revisions }) => {
      const [first, second, ...others] = revisions('acme', 's1');
      expect(others).toStrictEqual([]);
      expect(first).toStrictEqual({
        revision: 1,
        changedRevision: null,
        origin: 'ai',
        author: null,
        model: 'extractive',
        promptVersion: 'p1',
        language: 'en',
        at: 1000,
        eventId: first?.eventId,
        position: 1,
        mark: markOf('ai'),
        body: body(),
      });
      expect(second).toStrictEqual({
        revision: 2,
        changedRevision: 1,
        origin: 'mixed',
        author: 'ann',
        model: 'extractive',
        promptVersion: 'p1',
        language: 'en',
        at: 2000,
        eventId: second?.eventId,
        position: 2,
        mark: markOf('mixed'),
        body: body({ title: 'Spooler' }),
      });
    }));

  it('names no model for a revision that a person wrote anew', () =>
    asked([generated(), edited('s1', {}, { origin: 'human' })], ({ revisions }) => {
      const [, second] = revisions('acme', 's1');
      expect([second?.model, second?.promptVersion, second?.mark]).toStrictEqual([
        null,
        null,
        markOf('human'),
      ]);
    }));

  it('leaves a tombstone that says who deleted it and when, and nothing can be found in it', () =>
    asked([generated(), edited(), deleted('s1', 2)], (queries) => {
      expect(queries.show('acme', 's1')).toStrictEqual({
        ...shown,
        status: 'deleted',
        revision: 2,
        origin: 'mixed',
        mark: markOf('mixed'),
        editedAt: 2000,
        deletedAt: 3000,
        deletedBy: 'ann',
        body: null,
      });
      expect(queries.revisions('acme', 's1').map(({ body: text }) => text)).toStrictEqual([
        null,
        null,
      ]);
      expect(found(queries, 'printer')).toStrictEqual([]);
      expect(listed(queries, { tag: 'printer' })).toStrictEqual([]);
      expect(listed(queries, { status: 'deleted' })).toStrictEqual(['s1']);
    }));

  it('stays deleted whatever comes after', () =>
    asked([generated(), deleted(), edited(), generated('s1', {}, { revision: 3 })], (queries) => {
      expect(queries.show('acme', 's1')?.body).toBeNull();
      expect(found(queries, 'printer')).toStrictEqual([]);
    }));
});

describe('the list', () => {
  const log = [
    generated('s1', { tags: ['vpn', 'vpn'] }, { generatedAt: 1 }),
    generated('s2', {}, { generatedAt: 2, supporterId: 'bob', language: 'de' }),
    generated('s3', {}, { generatedAt: 3, deviceId: 'd2', supporterId: null }),
    deleted('s3'),
    generated('s1', { tags: ['vpn'] }, { company: 'globex', supporterId: 'ann' }),
  ];

  it.each([
    ['everything, newest first', {}, ['s3', 's2', 's1']],
    ['of a supporter', { supporterId: 'bob' }, ['s2']],
    ['of a device', { deviceId: 'd2' }, ['s3']],
    ['of a session', { sessionId: 'session-s1' }, ['s1']],
    ['with a tag', { tag: 'vpn' }, ['s1']],
    ['in a language', { language: 'de' }, ['s2']],
    ['that are active', { status: 'active' as const }, ['s2', 's1']],
    ['created in [from, to)', { createdFrom: 2, createdTo: 3 }, ['s2']],
    ['that one supporter may see', { visibleTo: 'ann' }, ['s1']],
    ['of others, to a supporter', { visibleTo: 'ann', supporterId: 'bob' }, []],
    ['that meet several conditions', { supporterId: 'ann', language: 'de' }, []],
  ])('shows summaries %s', (_, filter, expected) =>
    asked(log, (queries) => expect(listed(queries, filter)).toStrictEqual(expected)),
  );

  it('never shows another company', () =>
    asked(log, (queries) => {
      expect(listed(queries, {}, 'globex')).toStrictEqual(['s1']);
      expect(listed(queries, { tag: 'vpn' }, 'globex')).toStrictEqual(['s1']);
      expect(listed(queries, {}, 'initech')).toStrictEqual([]);
      expect(queries.show('initech', 's1')).toBeUndefined();
      expect(queries.revisions('initech', 's1')).toStrictEqual([]);
    }));

  it('pages without gap or repeat, and refuses a cursor that no page gave', () =>
    asked(log, ({ list }) => {
      const first = pageOf(list('acme', { limit: 2 }));
      expect(first.items.map(({ summaryId }) => summaryId)).toStrictEqual(['s3', 's2']);
      const rest = pageOf(list('acme', { limit: 2, cursor: first.next ?? '' }));
      expect(rest.items.map(({ summaryId }) => summaryId)).toStrictEqual(['s1']);
      expect(rest.next).toBeNull();
      for (const cursor of ['', 'x', Buffer.from('[1,"a"]').toString('base64url')]) {
        expect(list('acme', { limit: 2, cursor })).toStrictEqual({ _tag: 'CursorUnreadable' });
      }
    }));
});

describe('the search', () => {
  const log = [
    generated('s1', { title: 'Mailbox full', problem: 'The printer was blamed' }),
    generated('s2', { title: 'Printer offline' }),
    generated(
      's3',
      { title: 'Café router', tags: ['réseau'], problem: 'x' },
      { company: 'globex' },
    ),
  ];

  it('ranks a word in the title above one in the text and shows it in its place', () =>
    asked(log, ({ search }) => {
      const { items } = pageOf(search('acme', { words: 'printer', limit: 10 }));
      expect(items.map(({ summary, snippet }) => [summary.summaryId, snippet])).toStrictEqual([
        ['s2', '[Printer] offline'],
        ['s1', 'The [printer] was blamed'],
      ]);
    }));

  it('needs every word, takes the last as unfinished, and is blind to case and accents', () =>
    asked(log, (queries) => {
      expect(found(queries, 'PRINTER bla')).toStrictEqual(['s1']);
      expect(found(queries, 'prin offline')).toStrictEqual([]);
      expect(found(queries, 'cafe resea', 'globex')).toStrictEqual(['s3']);
    }));

  it('never finds another company', () =>
    asked(log, (queries) => {
      expect(found(queries, 'router')).toStrictEqual([]);
      expect(found(queries, 'printer', 'globex')).toStrictEqual([]);
    }));

  it('finds the edited text and no longer the replaced one', () =>
    asked([generated(), edited('s1', { title: 'Toner', tags: ['ink'] })], (queries) => {
      expect(found(queries, 'toner')).toStrictEqual(['s1']);
      expect(found(queries, 'offline')).toStrictEqual([]);
      expect(listed(queries, { tag: 'printer' })).toStrictEqual([]);
    }));

  it('pages by rank without gap or repeat, and keeps to the filter', () =>
    asked([...log, generated('s4', {}, { supporterId: 'bob' })], ({ search }) => {
      const all = pageOf(search('acme', { words: 'printer', limit: 10 })).items;
      const paged = [];
      let cursor: string | undefined;
      do {
        const request = { words: 'printer', limit: 1 };
        const page = pageOf(
          search('acme', cursor === undefined ? request : { ...request, cursor }),
        );
        for (const item of page.items) paged.push(item);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toStrictEqual(all);
      expect(all).toHaveLength(3);
      const filter = { supporterId: 'bob' };
      const filtered = pageOf(search('acme', { words: 'printer', filter, limit: 10 })).items;
      expect(filtered.map(({ summary }) => summary.summaryId)).toStrictEqual(['s4']);
      expect(search('acme', { words: 'printer', limit: 1, cursor: '!' })).toStrictEqual({
        _tag: 'CursorUnreadable',
      });
    }));

  it.each([
    ['"', []],
    ['*', []],
    ['-', []],
    ['AND', []],
    ['printer AND', []],
    ['printer OR mailbox', []],
    ['NEAR(printer offline)', []],
    ['title:printer', []],
    ['^printer', ['s2', 's1']],
    ['"printer" -offline', ['s2']],
    ["printer' --", ['s2', 's1']],
  ])('takes %j as words and never as syntax', (words, expected) =>
    asked(log, (queries) => expect(found(queries, words)).toStrictEqual(expected)),
  );

  it('answers any text at all', () =>
    withReadModel(summaryCatalog, log, (model) =>
      fc.assert(
        fc.property(
          fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
          (words) => {
            const page = pageOf(
              model.read(({ search }) => search('acme', { words, limit: 3 })).answer,
            );
            expect(page.items.length).toBeLessThanOrEqual(2);
          },
        ),
        { numRuns: 300 },
      ),
    ));
});
