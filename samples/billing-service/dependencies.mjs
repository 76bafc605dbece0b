// In a service of your own these are two packages of its package.json, `@daybook/subscriber` and `better-sqlite3`.
// This one stands in Daybook's repository and takes what was built and installed there.
import { createRequire } from 'node:module';

export * from '../../packages/subscriber/dist/index.js';

const fromSubscriber = createRequire(
  new URL('../../packages/subscriber/package.json', import.meta.url),
);
export const Database = fromSubscriber('better-sqlite3');
