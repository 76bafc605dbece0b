import * as E from 'fp-ts/lib/Either.js';

/**
 * Runs `work` on every item, at most `limit` at a time, starting them in order. The results stand in
 * the order of the items; the first failure is returned once everything that had started has ended.
 */
export const mapBounded = async <A, L, B>(
  items: readonly A[],
  limit: number,
  work: (item: A) => Promise<E.Either<L, B>>,
): Promise<E.Either<L, readonly B[]>> => {
  const results = new Array<B>(items.length);
  let failure: E.Either<L, never> | null = null;
  const queue = items.entries();
  const runner = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failure !== null) return;
      const result = await work(item);
      if (E.isLeft(result)) failure ??= result;
      else results[index] = result.right;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
  return failure ?? E.right(results);
};
