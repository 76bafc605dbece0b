import fc from 'fast-check';
import { selectUsers, type UserSelection } from '../../src/organization/index.js';

/** The ids that a selection reaches in a company of these users. */
const reached = (selection: UserSelection, me: string, users: readonly string[]): string[] => {
  const selected = selectUsers(selection, me);
  return selected.kind === 'named'
    ? [...selected.ids]
    : users.filter((id) => !selected.but.has(id));
};

const everyone = ['ada', 'sam', 'tom'];

describe('the users that a bulk command is about', () => {
  it('are all of the company', () => {
    expect(reached({ kind: 'all' }, 'ada', everyone)).toStrictEqual(everyone);
  });
  it('are everyone but me, or but those who are named', () => {
    expect(reached({ kind: 'all-but-me' }, 'ada', everyone)).toStrictEqual(['sam', 'tom']);
    const allBut: UserSelection = { kind: 'all-but', ids: ['sam', 'eve'] };
    expect(reached(allBut, 'ada', everyone)).toStrictEqual(['ada', 'tom']);
  });
  it('are me alone, also when the company does not know me', () => {
    expect(reached({ kind: 'me' }, 'ada', everyone)).toStrictEqual(['ada']);
    expect(reached({ kind: 'me' }, 'eve', everyone)).toStrictEqual(['eve']);
  });
  it('are a list in its own order, each once, unknown ids kept for their own outcome', () => {
    const list: UserSelection = { kind: 'list', ids: ['tom', 'eve', 'tom', 'ada'] };
    expect(reached(list, 'ada', everyone)).toStrictEqual(['tom', 'eve', 'ada']);
  });
  it('are nobody for an empty list', () => {
    expect(reached({ kind: 'list', ids: [] }, 'ada', everyone)).toStrictEqual([]);
  });

  it('me and everyone but me are together everyone, and share nobody', () => {
    const ids = fc.uniqueArray(fc.constantFrom('ada', 'sam', 'tom', 'olga'), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.nat(), (userIds, index) => {
        const me = userIds[index % userIds.length] ?? '';
        const others = reached({ kind: 'all-but-me' }, me, userIds);
        expect(others).not.toContain(me);
        expect([...others, ...reached({ kind: 'me' }, me, userIds)].sort()).toStrictEqual(
          [...userIds].sort(),
        );
      }),
    );
  });
});
