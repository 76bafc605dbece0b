import * as E from 'fp-ts/lib/Either.js';

/** Walks pages item by item: `fill`, look at `current`, `advance`. */
export type Cursor<F, A> = Readonly<{
  /** Makes `current` tell the next item, or the end. Reads a page when the one before is used up. */
  fill: () => Promise<E.Either<F, void>>;
  /** Undefined is the end. */
  current: () => A | undefined;
  advance: () => void;
  close: () => Promise<void>;
}>;

export const makeCursor = <F, A>(pages: AsyncIterable<E.Either<F, readonly A[]>>): Cursor<F, A> => {
  const iterator = pages[Symbol.asyncIterator]();
  let page: readonly A[] = [];
  let index = 0;
  let isOver = false;
  return {
    fill: async () => {
      while (!isOver && index >= page.length) {
        const next = await iterator.next();
        if (next.done === true) {
          isOver = true;
          break;
        }
        if (E.isLeft(next.value)) return next.value;
        page = next.value.right;
        index = 0;
      }
      return E.right(undefined);
    },
    current: () => page[index],
    advance: () => {
      index += 1;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
};
