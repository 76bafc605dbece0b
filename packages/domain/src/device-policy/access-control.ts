import type { AccessControl } from './events.js';

/** What a device has until somebody sets it (rulebook §1). */
export const defaultAccessControl: AccessControl = 'after-confirmation';

const severity: Readonly<Record<AccessControl, number>> = {
  allowed: 0,
  'after-confirmation': 1,
  denied: 2,
};

/** The value that holds when the two ends of a connection differ (rulebook §2.5). */
export const moreRestrictive = (a: AccessControl, b: AccessControl): AccessControl =>
  severity[a] >= severity[b] ? a : b;
