import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import {
  assertNever,
  invariant,
  type Actor,
  type Decider,
  type DomainEvent,
} from '../kernel/index.js';
import { administratorRequired, mayProvision, type AdministratorRequired } from './authority.js';
import type { UserEvent } from './events.js';

export type UserRole = Extract<UserEvent, DomainEvent<'UserRegistered'>>['data']['role'];

export type RegisterUser = Readonly<{ type: 'RegisterUser'; role: UserRole; actor: Actor }>;
/** "Log sessions for connection reporting" of the user `userId`, whose stream decides. */
export type SetSessionLogging = Readonly<{
  type: 'SetSessionLogging';
  userId: string;
  enabled: boolean;
  actor: Actor;
}>;
export type UserCommand = RegisterUser | SetSessionLogging;

/** Registered before with another role; the refusal carries the role of then. */
export type UserAlreadyRegistered = Readonly<{ _tag: 'UserAlreadyRegistered'; role: UserRole }>;
export type UserNotRegistered = Readonly<{ _tag: 'UserNotRegistered'; userId: string }>;
export type UserRefusal = AdministratorRequired | UserAlreadyRegistered | UserNotRegistered;

export type RegisteredUser = Readonly<{
  status: 'registered';
  role: UserRole;
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
  return state.role === role
    ? E.right([])
    : E.left({ _tag: 'UserAlreadyRegistered', role: state.role });
};

const userKinds: readonly Actor['kind'][] = ['administrator', 'auditor', 'supporter'];

/** A device or a remote side may share the word of an id with a user; it is not that user. */
const isThatUser = (actor: Actor, userId: string): boolean =>
  userKinds.includes(actor.kind) && actor.id === userId;

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

const decide = (command: UserCommand, state: UserState): Decision<UserRefusal> => {
  switch (command.type) {
    case 'RegisterUser':
      return registerUser(command, state);
    case 'SetSessionLogging':
      return setSessionLogging(command, state);
    default:
      return assertNever(command);
  }
};

const evolve = (state: UserState, event: UserEvent): UserState => {
  switch (event.type) {
    case 'UserRegistered':
      return { status: 'registered', role: event.data.role, sessionLogging: true };
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
