import { hash } from 'node:crypto';

/**
 * UUID (version 8: custom) of the `index`-th event that a command writes into a stream. Derived, so
 * that a repeated command is the same write and the store can recognise it.
 */
export const eventIdOf = (stream: string, commandId: string, index: number): string => {
  const digest = hash('sha1', `${stream}\n${commandId}\n${index}`, 'hex');
  const variant = ((parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};
