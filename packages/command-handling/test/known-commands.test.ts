import { KnownCommands } from '../src/known-commands.js';

const WINDOW = 16_384;
const remembering = (count: number, known = new KnownCommands()): KnownCommands => {
  for (let n = 0; n < count; n += 1) known.remember(`id-${n}`, n);
  return known;
};

describe('known commands', () => {
  it('are the latest 16,384, oldest first', () => {
    const known = remembering(3 * WINDOW + 5);
    const entries = known.entries();
    expect(entries).toHaveLength(WINDOW);
    expect(entries[0]).toStrictEqual([`id-${2 * WINDOW + 5}`, 2 * WINDOW + 5]);
    expect(known.revisionOf(`id-${2 * WINDOW + 4}`)).toBeUndefined();
    expect(known.revisionOf(`id-${3 * WINDOW + 4}`)).toBe(3 * WINDOW + 4);
  });
  it('go on from a snapshot as if it had not been taken', () => {
    const before = remembering(WINDOW + 7);
    const after = new KnownCommands(before.entries());
    for (const known of [before, after]) {
      for (let n = 0; n < 9; n += 1) known.remember(`later-${n}`, WINDOW + 7 + n);
      known.remember('id-4000', 4000);
    }
    expect(after.entries()).toStrictEqual(before.entries());
    expect(after.revisionOf('id-15')).toBeUndefined();
    expect(after.revisionOf('id-16')).toBe(16);
  });
});
