/** Something that ends once, and those who want to know. */
export type Closing = Readonly<{
  isClosed: () => boolean;
  /** The callback runs once, when it closes; the answer takes it off the list. */
  onClose: (callback: () => void) => () => void;
  close: () => void;
}>;

export const makeClosing = (): Closing => {
  const callbacks = new Set<() => void>();
  let closed = false;
  return {
    isClosed: () => closed,
    onClose: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const callback of callbacks) callback();
      callbacks.clear();
    },
  };
};

/** Ends with the store or with the signal, whichever comes first; `release` forgets both. */
export const closingWith = (
  store: Closing,
  signal: AbortSignal,
): Readonly<{ closing: Closing; release: () => void }> => {
  const closing = makeClosing();
  const forget = store.onClose(closing.close);
  signal.addEventListener('abort', closing.close);
  if (store.isClosed() || signal.aborted) closing.close();
  return {
    closing,
    release: () => {
      forget();
      signal.removeEventListener('abort', closing.close);
    },
  };
};
