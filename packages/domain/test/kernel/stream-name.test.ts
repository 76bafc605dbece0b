import fc from 'fast-check';
import { companyStream, creditsStream, isId, partsOf, streamOf } from '../../src/kernel/index.js';

describe('ids', () => {
  it('are 1 to 100 letters, digits, dots, colons, tildes and dashes', () => {
    for (const word of ['a', '7', 'acme', 'A-1.b:c~d', 'x'.repeat(100)])
      expect([word, isId(word)]).toStrictEqual([word, true]);
  });
  it('are nothing else', () => {
    const words = ['', '-a', '.a', 'a_b', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(101)];
    for (const word of words) expect([word, isId(word)]).toStrictEqual([word, false]);
  });
});

describe('stream names', () => {
  it('are the category and the company, and the id of what the company owns', () => {
    expect(companyStream('acme')).toBe('company-acme');
    expect(creditsStream('acme')).toBe('credits-acme');
    expect(streamOf('session', 'acme', 's-1')).toBe('session-acme_s-1');
  });
  it('are never made of a word that is no id: the border has to check', () => {
    expect(() => companyStream('acme_1')).toThrow('checked at the border');
    expect(() => creditsStream('')).toThrow('checked at the border');
    expect(() => streamOf('user', 'acme', 'a_b')).toThrow('checked at the border');
    expect(() => streamOf('user', 'ac me', 'ada')).toThrow('checked at the border');
  });
  it('give their parts back', () => {
    expect(partsOf('company-ac-me')).toStrictEqual({
      category: 'company',
      company: 'ac-me',
      id: undefined,
    });
    expect(partsOf('session-ac-me_s-1')).toStrictEqual({
      category: 'session',
      company: 'ac-me',
      id: 's-1',
    });
    for (const stream of ['company', '-acme', ''])
      expect(() => partsOf(stream)).toThrow('category before its first dash');
  });
  it('never name two things with one name', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.:~-]{0,20}$/);
    const category = fc.constantFrom(
      ...(['user', 'policy', 'group', 'device', 'session', 'summary'] as const),
    );
    fc.assert(
      fc.property(category, id, id, (kind, company, word) => {
        expect(partsOf(streamOf(kind, company, word))).toStrictEqual({
          category: kind,
          company,
          id: word,
        });
        expect(partsOf(companyStream(company)).company).toBe(company);
      }),
    );
  });
});
