import fc from 'fast-check';
import { eventIdOf } from '../src/index.js';
import { KnownCommands } from '../src/known-commands.js';

describe('the id of an event', () => {
  it('is the same for ever: a change would make every repeated command a new one', () => {
    expect(eventIdOf('session-acme_s1', 'cmd-1', 0)).toBe('cf27696d-4ae3-8f77-b15d-5d9817f5cfd5');
    expect(eventIdOf('session-acme_s1', 'cmd-1', 1)).toBe('f013a454-8058-8473-8bc3-ea4409a79c18');
  });
  it('is a UUID of version 8, another one for each stream, command and index', () => {
    const part = fc.string({ maxLength: 12 });
    const key = fc.tuple(part, part, fc.nat({ max: 99 }));
    fc.assert(
      fc.property(key, key, (left, right) => {
        const [stream, id, index] = left;
        const first = eventIdOf(`session-${stream}`, id, index);
        expect(first).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        expect(eventIdOf(`session-${right[0]}`, right[1], right[2])).not.toBe(first);
      }),
    );
  });
});

describe('the commands that a stream remembers', () => {
  it('are its latest 16,384', () => {
    const known = new KnownCommands();
    for (let index = 0; index <= 16_384; index += 1) known.remember(String(index), index);
    expect(known.revisionOf('0')).toBeUndefined();
    expect(known.revisionOf('1')).toBe(1);
    expect(known.revisionOf('16384')).toBe(16_384);
  });
});
