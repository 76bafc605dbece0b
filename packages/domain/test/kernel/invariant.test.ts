import { assertNever, invariant } from '../../src/kernel/index.js';

describe('an invariant', () => {
  it('passes when it holds and throws its sentence when it does not', () => {
    expect(() => invariant(true, 'all is well')).not.toThrow();
    expect(() => invariant(false, 'a lot has a life')).toThrow(
      new Error('Invariant broken: a lot has a life'),
    );
  });
});

describe('a forgotten case', () => {
  const messageFor = (value: unknown): string => {
    try {
      return assertNever(value as never);
    } catch (error) {
      return error instanceof Error ? error.message : 'no error';
    }
  };

  it('is named by its word or its tag', () => {
    expect(messageFor('DebitCredits')).toBe('Unhandled case: DebitCredits');
    for (const tag of ['type', '_tag', 'status', 'source', 'kind'])
      expect(messageFor({ [tag]: 'lost' })).toBe('Unhandled case: lost');
  });
  it('says nothing else of the value: it may hold session text', () => {
    const secret = 'my password is hunter2';
    expect(messageFor({ type: 'Forgotten', data: { text: secret } })).toBe(
      'Unhandled case: Forgotten',
    );
    for (const value of [secret, { type: secret }, { text: secret }, [secret]])
      expect(messageFor(value)).not.toContain('hunter2');
    expect([secret, { text: secret }, null, undefined, 7].map(messageFor)).toStrictEqual([
      'Unhandled case: string',
      'Unhandled case: object',
      'Unhandled case: object',
      'Unhandled case: undefined',
      'Unhandled case: number',
    ]);
  });
});
