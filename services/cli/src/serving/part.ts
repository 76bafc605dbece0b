import { once } from 'node:events';

/** Something that a node runs beside its other parts, until it is stopped. */
export type Part = Readonly<{
  name: string;
  /** Resolves with why it ended by itself, or with null after `stop`. */
  ended: Promise<string | null>;
  stop: () => Promise<void>;
}>;

/** A part that ends only when it is stopped. */
export const lasting = (name: string, stop: () => Promise<void>): Part => ({
  name,
  ended: new Promise(() => undefined),
  stop,
});

/** Resolves with null when somebody asks to stop, otherwise with what ended by itself. */
export const endOf = async (
  stopped: AbortSignal,
  parts: readonly Part[],
): Promise<string | null> => {
  if (stopped.aborted) return null;
  const asked = once(stopped, 'abort').then(() => null);
  const ended = parts.map(async ({ name, ended: end }) => `${name}: ${(await end) ?? 'ended'}`);
  return Promise.race([asked, ...ended]);
};
