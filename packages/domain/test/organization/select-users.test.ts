import fc from 'fast-check';
import { selectUsers } from '../../src/organization/index.js';

const everyone = ['ada', 'sam', 'tom'];

describe('the users that a bulk command is about', () => {
  it('are all of the company', () => {
    expect(selectUsers({ kind: 'all' }, 'ada', everyone)).toStrictEqual(everyone);
  });
  it('are everyone but me', () => {
    expect(selectUsers({ kind: 'all-but-me' }, 'ada', everyone)).toStrictEqual(['sam', 'tom']);
  });
  it('are me alone, also when the company does not know me', () => {
    expect(selectUsers({ kind: 'me' }, 'ada', everyone)).toStrictEqual(['ada']);
    expect(selectUsers({ kind: 'me' }, 'eve', everyone)).toStrictEqual(['eve']);
  });
  it('are a list in its own order, each once, unknown ids kept for their own outcome', () => {
    expect(
      selectUsers({ kind: 'list', ids: ['tom', 'eve', 'tom', 'ada'] }, 'ada', everyone),
    ).toStrictEqual(['tom', 'eve', 'ada']);
  });
  it('are nobody for an empty list', () => {
    expect(selectUsers({ kind: 'list', ids: [] }, 'ada', everyone)).toStrictEqual([]);
  });

  it('me and everyone but me are together everyone, and share nobody', () => {
    const ids = fc.array(fc.constantFrom('ada', 'sam', 'tom', 'olga'), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.nat(), (userIds, index) => {
        const me = userIds[index % userIds.length] ?? '';
        const others = selectUsers({ kind: 'all-but-me' }, me, userIds);
        const all = selectUsers({ kind: 'all' }, me, userIds);
        expect(others).not.toContain(me);
        expect([...others, ...selectUsers({ kind: 'me' }, me, userIds)].sort()).toStrictEqual(
          [...all].sort(),
        );
        expect(all).toHaveLength(new Set(userIds).size);
      }),
    );
  });
});
