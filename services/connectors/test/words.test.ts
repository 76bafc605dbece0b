import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { decodeConnectors, markerOf, type NoteMarker } from '../src/index.js';
import { markerLine } from '../src/note/marker.js';
import { soqlCondition } from '../src/salesforce/soql.js';
import { encodedQuery } from '../src/servicenow/encoded-query.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('the marker of a note', () => {
  const marker: fc.Arbitrary<NoteMarker> = fc.record(
    {
      kind: fc.constantFrom('summary', 'retraction'),
      company: fc.stringMatching(/^[a-z0-9.:~-]{1,20}$/),
      session: fc.stringMatching(/^[a-z0-9.:~-]{1,20}$/),
      revision: fc.nat(),
      event: fc.uuid(),
      origin: fc.constantFrom('ai', 'human', 'mixed'),
      aiGenerated: fc.boolean(),
      digitalSourceType: fc.webUrl({ size: 'small' }).map((url) => url.slice(0, 100)),
      model: fc.option(text, { nil: null }),
      promptVersion: fc.option(text, { nil: null }),
    },
    { noNullPrototype: true },
  );

  test('comes back as it was from the end of any text, with either line end', () => {
    fc.assert(
      fc.property(marker, text, fc.constantFrom('\n', '\r\n'), (one, before, end) => {
        expect(markerOf(`${before}${end}${markerLine(one)}${end}`)).toStrictEqual(one);
      }),
    );
  });

  test('is one line without signs that a journal or a query gives a meaning', () => {
    fc.assert(
      fc.property(marker, (one) => {
        expect(markerLine(one)).not.toMatch(/[\n\r^'"\\<>]|\[code/);
      }),
    );
  });

  test('is not taken from the middle of a summary that somebody made to look like one', () => {
    fc.assert(
      fc.property(marker, (one) => {
        expect(markerOf(`${markerLine(one)}\nand more text`)).toBeNull();
      }),
    );
  });
});

describe('a value in a query', () => {
  test('of ServiceNow never ends its condition', () => {
    fc.assert(
      fc.property(text, (value) => {
        const query = encodedQuery({ kind: 'equals', field: 'u_session', value });
        if (query === null) return;
        const conditions = query.split(/(?<!\^)(?:\^\^)*\^(?!\^)/);
        expect(query.replaceAll('^^', '').includes('^')).toBe(false);
        expect(conditions[0]?.startsWith('u_session=')).toBe(true);
      }),
    );
  });

  test.each(['javascript:gs.getUserID()', ' JavaScript:x', 'a\nb', '', 'a\u0000'])(
    'of ServiceNow is refused where it would be run or break the line: %j',
    (value) => {
      expect(encodedQuery({ kind: 'equals', field: 'f', value })).toBeNull();
    },
  );

  test('of ServiceNow in a condition holds no separator of a list', () => {
    const parts = [{ text: 'u_sessionIN' }, { value: 'a,b' }];
    expect(encodedQuery({ kind: 'condition', parts })).toBeNull();
  });

  test('of Salesforce is one quoted string, whatever it holds', () => {
    fc.assert(
      fc.property(text, (value) => {
        const condition = soqlCondition({ kind: 'equals', field: 'F__c', value });
        if (condition !== null) expect(condition).toMatch(/^F__c = '(?:[^'\\\n\r]|\\.)*'$/u);
      }),
    );
  });

  test('of Salesforce cannot leave its quotes', () => {
    const value = "x' OR Name LIKE '%";
    expect(soqlCondition({ kind: 'condition', parts: [{ text: 'F = ' }, { value }] })).toBe(
      String.raw`F = 'x\' OR Name LIKE \'%'`,
    );
  });
});

describe('the configuration', () => {
  const good = {
    name: 'desk',
    kind: 'servicenow',
    company: 'acme',
    url: 'https://acme.service-now.com',
    clientId: 'abc',
    clientSecret: { env: 'SECRET' },
    mapping: { by: 'field', field: 'u_session' },
  };
  const sources = { environment: { SECRET: 'open sesame' }, readFile: () => null };
  const problems = (...connectors: readonly object[]): unknown => {
    const decoded = decodeConnectors(JSON.stringify({ connectors }), sources);
    return E.isLeft(decoded) ? decoded.left.map(({ field, remedy }) => [field, remedy]) : [];
  };

  test('is decoded with its defaults and its secret', () => {
    expect(decodeConnectors(JSON.stringify({ connectors: [good] }), sources)).toStrictEqual(
      E.right([
        {
          ...good,
          clientSecret: 'open sesame',
          startAt: 'now',
          recordMissing: 'park',
          timeoutMs: 30_000,
          noteBytesMax: 16_000,
          table: 'incident',
          journalField: 'work_notes',
          deleteJournalEntries: false,
        },
      ]),
    );
  });

  test.each([
    [{ kind: 'jira' }, 'connectors.0.kind', 'Write servicenow or salesforce.'],
    // Words that every object of the language answers to.
    [{ kind: 'constructor' }, 'connectors.0.kind', 'Write servicenow or salesforce.'],
    [{ kind: '__proto__' }, 'connectors.0.kind', 'Write servicenow or salesforce.'],
    [
      { url: 'http://acme.service-now.com' },
      'connectors.0.url',
      'Write the https address of the instance without a path, such as https://acme.service-now.com.',
    ],
    [
      { clientSecret: 'open sesame' },
      'connectors.0.clientSecret',
      'Write where the secret is: {"env": "NAME"} or {"file": "path"}; never the secret itself.',
    ],
    [
      { clientSecret: { env: 'OTHER' } },
      'connectors.0.clientSecret',
      'The environment variable is not set, or the file cannot be read or is empty.',
    ],
    [
      { mapping: { by: 'field', field: 'a=b^' } },
      'connectors.0.mapping.field',
      'Write the name of a field, such as u_daybook_session or Daybook_Session__c.',
    ],
    [
      { mapping: { by: 'external-id', field: 'F__c' } },
      'connectors.0.mapping.by',
      'Write by what the record is found: field, session-code, lookup, query.',
    ],
    [
      { mapping: { by: 'lookup', field: 'number' } },
      'connectors.0.mapping.records',
      'Give records or recordsFile.',
    ],
    [
      { mapping: { by: 'query', query: "u_session='{sessionId}'" } },
      'connectors.0.mapping.query',
      'Write a condition with a placeholder, such as u_session={sessionId}^active=true; write no quotes around it.',
    ],
  ])('tells the field and the remedy: %j', (change, field, remedy) => {
    expect(problems({ ...good, ...change })).toStrictEqual([[field, remedy]]);
  });

  test.each(['constructor', '__proto__', 'OTHER'])('knows no secret %s', (env) => {
    expect(problems({ ...good, clientSecret: { env } })).toMatchObject([
      ['connectors.0.clientSecret', expect.stringMatching(/^The environment variable is not set/)],
    ]);
  });

  test.each([
    'https://u@acme.com',
    'https://:p@acme.com',
    'https://acme.com/#x',
    'https://a.com/b',
  ])('takes no address with more than its host: %s', (url) => {
    expect(problems({ ...good, url })).toMatchObject([['connectors.0.url', expect.anything()]]);
  });

  test('tells a setting that there is not, and a name that is taken', () => {
    expect(problems({ ...good, retires: 3 })).toMatchObject([
      ['connectors.0.retires', expect.stringMatching(/^There is no such setting/)],
    ]);
    expect(problems(good, good)).toStrictEqual([
      ['connectors.1.name', 'Another connector has this name; write a different one.'],
    ]);
  });
});
