/**
 * Code of an error of the system, such as ENOENT, or an empty word. By its field rather than by its class:
 * errors may come from another realm.
 */
export const errorCode = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
