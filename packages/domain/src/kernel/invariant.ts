/**
 * Two kinds of failure only: an expected refusal is a typed value, a bug throws. These throw.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

const WORD = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

const caseOf = (value: unknown): string => {
  if (typeof value === 'string' && WORD.test(value)) return value;
  if (typeof value !== 'object' || value === null) return typeof value;
  for (const tag of ['type', '_tag', 'status', 'source', 'kind']) {
    const word: unknown = Reflect.get(value, tag);
    if (typeof word === 'string' && WORD.test(word)) return word;
  }
  return 'object';
};

/**
 * Ends an exhaustive switch: reaching it means an event or command type was forgotten. The message
 * names the forgotten case and nothing else of the value, which may hold session text.
 */
export const assertNever = (value: never): never => {
  throw new Error(`Unhandled case: ${caseOf(value)}`);
};
