import {
  company,
  type ActivateAi,
  type CompanyCommand,
  type CompanyEvent,
  type RegisterCompany,
  type SetSummariesOption,
} from '../../src/organization/index.js';
import { specificationFor } from '@daybook/testing';
import { ada, directory, olga, sam } from './builders.js';

const given = specificationFor(company);

const registered: CompanyEvent = {
  type: 'CompanyRegistered',
  data: { plan: 'premium', timeZone: 'Europe/Paris' },
};
const upgraded: CompanyEvent = {
  type: 'PlanChanged',
  data: { from: 'premium', to: 'corporate' },
};
const activated: CompanyEvent = { type: 'AiActivated', data: { termsVersion: '2026-01' } };
const deactivated: CompanyEvent = { type: 'AiDeactivated', data: {} };
const optionSet = (path: 'outgoing' | 'incoming', enabled: boolean): CompanyEvent => ({
  type: 'SummariesOptionSet',
  data: { path, enabled },
});

const register: RegisterCompany = {
  type: 'RegisterCompany',
  plan: 'premium',
  timeZone: 'Europe/Paris',
  actor: directory,
};
const activate: ActivateAi = { type: 'ActivateAi', termsVersion: '2026-01', actor: ada };
const switchOption = (path: 'outgoing' | 'incoming', enabled: boolean): SetSummariesOption => ({
  type: 'SetSummariesOption',
  path,
  enabled,
  actor: ada,
});

describe('registering a company', () => {
  it('records plan and time zone', () => {
    given().when(register).then(registered);
  });
  it('refuses a time zone that nobody knows', () => {
    given()
      .when({ ...register, timeZone: 'Mars/Olympus' })
      .thenRefused({ _tag: 'UnknownTimeZone', timeZone: 'Mars/Olympus' });
  });
  it('changes nothing when repeated, also after the plan has changed', () => {
    given(registered).when(register).thenNothing();
    given(registered, upgraded).when(register).thenNothing();
  });
  it('refuses another plan or zone for a registered company, naming what was registered', () => {
    const refusal = {
      _tag: 'CompanyAlreadyRegistered',
      plan: 'premium',
      timeZone: 'Europe/Paris',
    } as const;
    given(registered)
      .when({ ...register, plan: 'tensor' })
      .thenRefused(refusal);
    given(registered)
      .when({ ...register, timeZone: 'UTC' })
      .thenRefused(refusal);
    given(registered, upgraded)
      .when({ ...register, plan: 'corporate' })
      .thenRefused(refusal);
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

describe('changing the plan', () => {
  it('records both plans', () => {
    given(registered).when({ type: 'ChangePlan', plan: 'corporate', actor: ada }).then(upgraded);
  });
  it('uses the later shape only for a plan that the first has no word for', () => {
    const left: CompanyEvent = {
      type: 'PlanChangedV2',
      data: { from: 'premium', to: 'remote-access' },
    };
    given(registered).when({ type: 'ChangePlan', plan: 'remote-access', actor: ada }).then(left);
    given(registered, left)
      .when({ type: 'ChangePlan', plan: 'business', actor: ada })
      .then({ type: 'PlanChangedV2', data: { from: 'remote-access', to: 'business' } });
    given(registered, left).when(register).thenNothing();
  });
  it('changes nothing for the plan that the company has', () => {
    given(registered).when({ type: 'ChangePlan', plan: 'premium', actor: ada }).thenNothing();
    given(registered, upgraded)
      .when({ type: 'ChangePlan', plan: 'corporate', actor: directory })
      .thenNothing();
  });
  it('is refused to a supporter', () => {
    given(registered)
      .when({ type: 'ChangePlan', plan: 'tensor', actor: sam })
      .thenRefused({ _tag: 'AdministratorRequired', actorKind: 'supporter' });
  });
});

describe('activating AI', () => {
  it('records the terms that the administrator accepted', () => {
    given(registered).when(activate).then(activated);
  });
  it('changes nothing when the same terms are in force', () => {
    given(registered, activated).when(activate).thenNothing();
  });
  it('records other terms, and the same terms again after a deactivation', () => {
    given(registered, activated)
      .when({ ...activate, termsVersion: '2026-09' })
      .then({ type: 'AiActivated', data: { termsVersion: '2026-09' } });
    given(registered, activated, deactivated).when(activate).then(activated);
  });
  it('is refused to everybody but an administrator, systems included', () => {
    for (const actor of [sam, olga, directory])
      given(registered)
        .when({ ...activate, actor })
        .thenRefused({ _tag: 'AdministratorRequired', actorKind: actor.kind });
  });
});

describe('deactivating AI', () => {
  const deactivate: CompanyCommand = { type: 'DeactivateAi', actor: ada };

  it('records it, once', () => {
    given(registered, activated).when(deactivate).then(deactivated);
    given(registered).when(deactivate).thenNothing();
  });
  it('switches off the options that are on before it', () => {
    given(registered, activated, optionSet('incoming', true))
      .when(deactivate)
      .then(optionSet('incoming', false), deactivated);
    given(registered, activated, optionSet('incoming', true), optionSet('outgoing', true))
      .when(deactivate)
      .then(optionSet('outgoing', false), optionSet('incoming', false), deactivated);
  });
  it('is refused to a system', () => {
    given(registered, activated)
      .when({ type: 'DeactivateAi', actor: directory })
      .thenRefused({ _tag: 'AdministratorRequired', actorKind: 'system' });
  });
});

describe('the two summaries options', () => {
  it('are set independently of each other', () => {
    given(registered, activated)
      .when(switchOption('outgoing', true))
      .then(optionSet('outgoing', true));
    given(registered, activated, optionSet('outgoing', true))
      .when(switchOption('incoming', true))
      .then(optionSet('incoming', true));
    given(registered, activated, optionSet('outgoing', true), optionSet('incoming', true))
      .when(switchOption('outgoing', false))
      .then(optionSet('outgoing', false));
  });
  it('change nothing when they already have the value; off is the value of a fresh company', () => {
    given(registered, activated, optionSet('outgoing', true))
      .when(switchOption('outgoing', true))
      .thenNothing();
    given(registered, activated).when(switchOption('incoming', false)).thenNothing();
  });
  it('appear only while AI is activated', () => {
    given(registered)
      .when(switchOption('outgoing', true))
      .thenRefused({ _tag: 'AiNotActivated', path: 'outgoing' });
    given(registered, activated, deactivated)
      .when(switchOption('incoming', false))
      .thenRefused({ _tag: 'AiNotActivated', path: 'incoming' });
  });
  it('are refused to a supporter', () => {
    given(registered, activated)
      .when({ ...switchOption('outgoing', true), actor: sam })
      .thenRefused({ _tag: 'AdministratorRequired', actorKind: 'supporter' });
  });
});

describe('an unknown company', () => {
  it('is refused everything but its registration', () => {
    const commands: readonly CompanyCommand[] = [
      { type: 'ChangePlan', plan: 'tensor', actor: ada },
      activate,
      { type: 'DeactivateAi', actor: ada },
      switchOption('outgoing', true),
    ];
    for (const command of commands)
      given().when(command).thenRefused({ _tag: 'CompanyNotRegistered' });
  });
});

describe('the state of a company', () => {
  const stateAfter = (...events: readonly CompanyEvent[]) =>
    events.reduce(company.evolve, company.initialState());

  it('holds plan, zone, terms and options', () => {
    expect(stateAfter(registered, upgraded, activated, optionSet('incoming', true))).toStrictEqual({
      status: 'registered',
      plan: 'corporate',
      timeZone: 'Europe/Paris',
      registeredPlan: 'premium',
      aiActivated: true,
      termsVersion: '2026-01',
      outgoing: false,
      incoming: true,
    });
  });
  it('remembers the terms accepted last after a deactivation', () => {
    expect(stateAfter(registered, activated, deactivated)).toMatchObject({
      aiActivated: false,
      termsVersion: '2026-01',
    });
  });
  it('does not exist before the registration: such a history is a bug', () => {
    expect(() => stateAfter(activated)).toThrow('AiActivated follows CompanyRegistered');
  });
  it('knows every event and command; a forgotten one is a bug', () => {
    const forgotten = { type: 'CompanyRenamed', data: {} } as unknown as CompanyEvent;
    expect(() => stateAfter(registered, forgotten)).toThrow('Unhandled case: CompanyRenamed');
    const unknown = { type: 'RenameCompany' } as unknown as CompanyCommand;
    expect(() => company.decide(unknown, stateAfter(registered))).toThrow('RenameCompany');
  });
});
