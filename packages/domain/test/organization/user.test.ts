import { specificationFor } from '@daybook/testing';
import type { Actor } from '../../src/kernel/index.js';
import {
  user,
  type RegisterUser,
  type AssignUserRole,
  type SetSessionLogging,
  type UserCommand,
  type UserEvent,
} from '../../src/organization/index.js';
import { ada, directory, olga, sam } from './builders.js';

const given = specificationFor(user);

const registered: UserEvent = { type: 'UserRegistered', data: { role: 'supporter' } };
const loggingOff: UserEvent = { type: 'SessionLoggingSet', data: { enabled: false } };
const loggingOn: UserEvent = { type: 'SessionLoggingSet', data: { enabled: true } };

const register: RegisterUser = { type: 'RegisterUser', role: 'supporter', actor: directory };
const log = (enabled: boolean, actor: Actor = ada): SetSessionLogging => ({
  type: 'SetSessionLogging',
  userId: 'sam',
  enabled,
  actor,
});

describe('registering a user', () => {
  it('records the role, once', () => {
    given().when(register).then(registered);
    given(registered, loggingOff).when(register).thenNothing();
  });
  it('refuses another role for a registered user', () => {
    given(registered)
      .when({ ...register, role: 'auditor' })
      .thenRefused({ _tag: 'UserAlreadyRegistered', role: 'supporter' });
  });
  it('is for administrators and provisioning systems', () => {
    given()
      .when({ ...register, actor: ada })
      .then(registered);
    given()
      .when({ ...register, actor: sam })
      .thenRefused({ _tag: 'AdministratorRequired', actorKind: 'supporter' });
  });
});

const madeAuditor: UserEvent = {
  type: 'UserRoleAssigned',
  data: { from: 'supporter', to: 'auditor' },
};
const assign = (actor: Actor = ada): AssignUserRole => ({
  type: 'AssignUserRole',
  userId: 'sam',
  role: 'auditor',
  actor,
});

describe('giving a user another role', () => {
  it('is written once, by an administrator or a directory', () => {
    for (const actor of [ada, directory]) given(registered).when(assign(actor)).then(madeAuditor);
    given(registered, madeAuditor).when(assign()).thenNothing();
  });
  it('is refused to everybody else, and to users themselves whatever their role', () => {
    given(registered)
      .when(assign(olga))
      .thenRefused({ _tag: 'AdministratorRequired', actorKind: olga.kind });
    given(registered)
      .when(assign({ kind: 'administrator', id: 'sam' }))
      .thenRefused({ _tag: 'OwnRoleUnchangeable', userId: 'sam' });
  });
  it('is refused for an unknown user', () => {
    given().when(assign()).thenRefused({ _tag: 'UserNotRegistered', userId: 'sam' });
  });
  it('leaves a repeated registration a repeat, and another one refused as it was', () => {
    given(registered, madeAuditor).when(register).thenNothing();
    given(registered, madeAuditor)
      .when({ ...register, role: 'auditor' })
      .thenRefused({ _tag: 'UserAlreadyRegistered', role: 'supporter' });
  });
});

describe('logging sessions for connection reporting', () => {
  it('is on by default, so switching it on changes nothing', () => {
    given(registered).when(log(true)).thenNothing();
  });
  it('is switched off and on again', () => {
    given(registered).when(log(false)).then(loggingOff);
    given(registered, loggingOff).when(log(true)).then(loggingOn);
    given(registered, loggingOff).when(log(false)).thenNothing();
  });
  it('is set by an administrator or a directory for anyone, and by a user for themselves', () => {
    const self: readonly Actor[] = [sam, { kind: 'auditor', id: 'sam' }];
    for (const actor of [ada, directory, ...self])
      given(registered).when(log(false, actor)).then(loggingOff);
  });
  it('is refused to another user, and to a device that shares the word of the id', () => {
    const others: readonly Actor[] = [
      olga,
      { kind: 'supporter', id: 'tom' },
      { kind: 'device', id: 'sam' },
      { kind: 'remote-side', id: 'sam' },
    ];
    for (const actor of others)
      given(registered)
        .when(log(false, actor))
        .thenRefused({ _tag: 'AdministratorRequired', actorKind: actor.kind });
  });
  it('is refused for an unknown user', () => {
    given().when(log(false)).thenRefused({ _tag: 'UserNotRegistered', userId: 'sam' });
  });
});

describe('the state of a user', () => {
  const stateAfter = (...events: readonly UserEvent[]) =>
    events.reduce(user.evolve, user.initialState());

  it('holds the role and the logging switch', () => {
    expect(stateAfter(registered, loggingOff)).toStrictEqual({
      status: 'registered',
      role: 'supporter',
      registeredRole: 'supporter',
      sessionLogging: false,
    });
    expect(stateAfter(registered, madeAuditor)).toMatchObject({ role: 'auditor' });
  });
  it('knows every event and command; an impossible or forgotten one is a bug', () => {
    expect(() => stateAfter(loggingOff)).toThrow('SessionLoggingSet follows UserRegistered');
    expect(() => stateAfter(madeAuditor)).toThrow('UserRoleAssigned follows UserRegistered');
    const forgotten = { type: 'UserRenamed', data: {} } as unknown as UserEvent;
    expect(() => stateAfter(forgotten)).toThrow('Unhandled case: UserRenamed');
    const unknown = { type: 'RenameUser' } as unknown as UserCommand;
    expect(() => user.decide(unknown, stateAfter(registered))).toThrow('RenameUser');
  });
});
