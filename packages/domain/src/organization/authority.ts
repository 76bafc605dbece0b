import type { Actor } from '../kernel/index.js';
import type { Role } from './events.js';

/** Only an administrator of the company may do this; `actorKind` says who tried. */
export type AdministratorRequired = Readonly<{
  _tag: 'AdministratorRequired';
  actorKind: Actor['kind'];
}>;

export const administratorRequired = (actor: Actor): AdministratorRequired => ({
  _tag: 'AdministratorRequired',
  actorKind: actor.kind,
});

/** Accepting terms, and opening what they cover, is a person's act (rulebook §2.1): no system may do it. */
export const isAdministrator = (actor: Actor): boolean => actor.kind === 'administrator';

/** Licences and directories are also provisioned by machines *(ours)*. */
export const mayProvision = (actor: Actor): boolean =>
  actor.kind === 'administrator' || actor.kind === 'system';

const userKinds: readonly Actor['kind'][] = ['administrator', 'auditor', 'supporter'];

/** Is this kind of actor a role that users have? A device or a remote side is no user. */
export const isUserKind = (kind: Actor['kind']): kind is Role => userKinds.includes(kind);
