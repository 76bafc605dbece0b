import type { Actor } from '../kernel/index.js';

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
