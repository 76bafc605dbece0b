import type { Closing } from './closing.js';
import type { ReadCall } from './connection.js';
import { NoAnswer } from './store-error.js';
import { type ReadMessage, readMessageOf } from './wire/read-response.js';

/** Pulls the messages of an open call: nothing is taken from the socket that nobody has asked for. */
export type MessageSource = Readonly<{
  /** A message that is here already, or null. Throws what ended the call, or that it is no message. */
  takeNow: () => ReadMessage | null;
  /**
   * Waits until `takeNow` has something to say, and says whether it has: false after the time or when the
   * owner closes. Never rejects.
   */
  waitFor: (milliseconds: number, closing: Closing) => Promise<boolean>;
  /** Ends the call, and with it what the server keeps for it. */
  cancel: () => void;
}>;

/**
 * Node's flow control reaches the server through HTTP/2: about 16 messages and one window of the connection
 * wait here, the rest waits there.
 */
export const makeMessageSource = (call: ReadCall): MessageSource => {
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  let readable = false;
  const stir = (): void => {
    readable = true;
    wake?.();
  };
  // A dropped subscription says so by an error alone, neither `end` nor `close`; and an error without
  // a listener ends the process. So the listener stays for as long as the call lives.
  call.on('error', (error: Error) => {
    failure ??= error;
    stir();
  });
  call.on('end', () => {
    failure ??= new Error('The subscription ended.');
    stir();
  });
  call.on('readable', stir);

  return {
    takeNow: () => {
      const bytes = call.read() as Buffer | null;
      if (bytes !== null) return readMessageOf(bytes);
      readable = false;
      if (failure !== undefined) throw failure;
      return null;
    },
    waitFor: (milliseconds, closing) =>
      new Promise((resolve) => {
        const end = (): void => {
          wake = undefined;
          clearTimeout(timer);
          forget();
          resolve(readable || failure !== undefined);
        };
        const timer = setTimeout(end, milliseconds);
        const forget = closing.onClose(end);
        wake = end;
        if (readable || failure !== undefined || closing.isClosed()) end();
      }),
    cancel: () => call.cancel(),
  };
};

export const noAnswer = (): NoAnswer => new NoAnswer('The subscription fell silent.');
