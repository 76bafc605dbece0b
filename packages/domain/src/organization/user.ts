import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { assertNever, invariant, type Actor, type Decider } from '../kernel/index.js';
import {
  administratorRequired,
  isUserKind,
  mayProvision,
  type AdministratorRequired,
} from './authority.js';
import type { Role, UserEvent } from './events.js';

export type UserRole = Role;

export type RegisterUser = Readonly<{ type: 'RegisterUser'; role: UserRole; actor: Actor }>;
/** "Log sessions for connection reporting" of the user `userId`, whose stream decides. */
export type SetSessionLogging = Readonly<{
  type: 'SetSessionLogging';
  userId: string;
  enabled: boolean;
  actor: Actor;
}>;
/** Gives the user `userId` another role; nobody can change their own. */
export type AssignUserRole = Readonly<{
  type: 'AssignUserRole';
  userId: string;
  role: UserRole;
  actor: Actor;
}>;
export type UserCommand = RegisterUser | SetSessionLogging | AssignUserRole;

/** Registered before with another role; the refusal carries the role of then. */
export type UserAlreadyRegistered = Readonly<{ _tag: 'UserAlreadyRegistered'; role: UserRole }>;
export type UserNotRegistered = Readonly<{ _tag: 'UserNotRegistered'; userId: string }>;
/** Who holds a role neither keeps nor widens it alone: another administrator has to change it *(ours)*. */
export type OwnRoleUnchangeable = Readonly<{ _tag: 'OwnRoleUnchangeable'; userId: string }>;
export type UserRefusal =
  AdministratorRequired | UserAlreadyRegistered | UserNotRegistered | OwnRoleUnchangeable;

export type RegisteredUser = Readonly<{
  status: 'registered';
  role: UserRole;
  /** The role of the registration, which a repeated registration is compared with. */
  registeredRole: UserRole;
  /** Are this user's outgoing sessions logged? On by default (rulebook §2.3). */
  sessionLogging: boolean;
}>;
export type UserState = Readonly<{ status: 'not-registered' }> | RegisteredUser;

type Decision<Refusal> = Either<Refusal, readonly UserEvent[]>;

export const registerUser = (
  { role, actor }: RegisterUser,
  state: UserState,
): Decision<AdministratorRequired | UserAlreadyRegistered> => {
  if (!mayProvision(actor)) return E.left(administratorRequired(actor));
  if (state.status === 'not-registered')
    return E.right([{ type: 'UserRegistered', data: { role } }]);
  return state.registeredRole === role
    ? E.right([])
    : E.left({ _tag: 'UserAlreadyRegistered', role: state.registeredRole });
};

/** A device or a remote side may share the word of an id with a user; it is not that user. */
const isThatUser = (actor: Actor, userId: string): boolean =>
  isUserKind(actor.kind) && actor.id === userId;

/** Whoever provisions sets it for anyone; every user sets their own *(ours)*. */
export const setSessionLogging = (
  { userId, enabled, actor }: SetSessionLogging,
  state: UserState,
): Decision<AdministratorRequired | UserNotRegistered> => {
  if (!mayProvision(actor) && !isThatUser(actor, userId))
    return E.left(administratorRequired(actor));
  if (state.status === 'not-registered') return E.left({ _tag: 'UserNotRegistered', userId });
  if (state.sessionLogging === enabled) return E.right([]);
  return E.right([{ type: 'SessionLoggingSet', data: { enabled } }]);
};

/** What a role opens is decided when it is used, so a new role counts at once. */
export const assignUserRole = (
  { userId, role, actor }: AssignUserRole,
  state: UserState,
): Decision<AdministratorRequired | UserNotRegistered | OwnRoleUnchangeable> => {
  if (!mayProvision(actor)) return E.left(administratorRequired(actor));
  if (isThatUser(actor, userId)) return E.left({ _tag: 'OwnRoleUnchangeable', userId });
  if (state.status === 'not-registered') return E.left({ _tag: 'UserNotRegistered', userId });
  if (state.role === role) return E.right([]);
  return E.right([{ type: 'UserRoleAssigned', data: { from: state.role, to: role } }]);
};

const decide = (command: UserCommand, state: UserState): Decision<UserRefusal> => {
  switch (command.type) {
    case 'RegisterUser':
      return registerUser(command, state);
    case 'SetSessionLogging':
      return setSessionLogging(command, state);
    case 'AssignUserRole':
      return assignUserRole(command, state);
    default:
      return assertNever(command);
  }
};

const evolve = (state: UserState, event: UserEvent): UserState => {
  switch (event.type) {
    case 'UserRegistered':
      return {
        status: 'registered',
        role: event.data.role,
        registeredRole: event.data.role,
        sessionLogging: true,
      };
    case 'UserRoleAssigned':
      invariant(state.status === 'registered', 'UserRoleAssigned follows UserRegistered');
      return { ...state, role: event.data.to };
    case 'SessionLoggingSet':
      invariant(state.status === 'registered', 'SessionLoggingSet follows UserRegistered');
      return { ...state, sessionLogging: event.data.enabled };
    default:
      return assertNever(event);
  }
};

/** A user of the company: role, and whether their sessions are logged (rulebook §2.3). */
export const user: Decider<UserState, UserCommand, UserEvent, UserRefusal> = {
  initialState: () => ({ status: 'not-registered' }),
  evolve,
  decide,
};
