import type { Actor } from '../kernel/index.js';

/** The summary is not theirs to change; for them it is as if it were not there. */
export type SummaryNotTheirs = Readonly<{ _tag: 'SummaryNotTheirs'; actorKind: Actor['kind'] }>;

/**
 * May this actor change or delete the summary of this supporter's session (rulebook §4)? Administrators
 * of the company any; a supporter their own *(ours)*; an auditor reads and changes nothing; a remote
 * side or a device has no account to change it from; a process of ours acts for the company.
 */
export const mayChangeSummary = (actor: Actor, supporterId: string | null): boolean => {
  switch (actor.kind) {
    case 'administrator':
    case 'system':
      return true;
    case 'supporter':
      return supporterId !== null && supporterId === actor.id;
    case 'auditor':
    case 'remote-side':
    case 'device':
      return false;
  }
};

/** Whose summaries somebody may read: everybody's of the company, one supporter's, or nobody's. */
export type Visibility =
  | Readonly<{ of: 'everybody' }>
  | Readonly<{ of: 'supporter'; supporterId: string }>
  | Readonly<{ of: 'nobody' }>;

/** Administrators and auditors of the company all; a supporter their own *(ours)*; nobody else (rulebook §4). */
export const visibilityFor = (actor: Actor): Visibility => {
  switch (actor.kind) {
    case 'administrator':
    case 'auditor':
    case 'system':
      return { of: 'everybody' };
    case 'supporter':
      return { of: 'supporter', supporterId: actor.id };
    case 'remote-side':
    case 'device':
      return { of: 'nobody' };
  }
};
