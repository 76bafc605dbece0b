import { companyCommandNames, decodeCompanyCommand } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { commandFields } from '../src/schemas/commands.js';
import { COMPANY, makeServer, setUpCompany, type Server } from './harness.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const register = { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' };

describe('commands over HTTP', () => {
  let server: Server;
  const commands = `${COMPANY}/commands`;
  beforeEach(async () => {
    server = await makeServer();
  });
  afterEach(() => server.stop());

  test('a command is answered with its id, its events and its position', async () => {
    const answer = await server.post(commands, register, { 'idempotency-key': 'first' });
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual({
      position: 1,
      commandId: 'first',
      repeated: false,
      events: ['CompanyRegistered'],
    });
    expect(answer.headers['daybook-position']).toBe('1');
    expect(answer.headers['idempotency-key']).toBe('first');
  });

  test('a command without a key gets an id of its own', async () => {
    const answer = await server.post(commands, register);
    expect(answer.body['commandId']).toMatch(UUID);
    expect(answer.headers['idempotency-key']).toBe(answer.body['commandId']);
  });

  test('sent again with the same key, it gives the first answer and writes nothing', async () => {
    await server.post(commands, register, { 'idempotency-key': 'first' });
    const again = await server.post(commands, register, { 'idempotency-key': 'first' });
    expect(again.body).toStrictEqual({
      position: 1,
      commandId: 'first',
      repeated: true,
      events: ['CompanyRegistered'],
    });
    expect(await server.head()).toBe(1);
  });

  test('a refusal is told in plain words with its data, and told again for the same key', async () => {
    await server.post(commands, register);
    const other = { ...register, plan: 'tensor' };
    for (const times of [1, 2]) {
      const answer = await server.post(commands, other, { 'idempotency-key': 'second' });
      expect([times, answer.status]).toStrictEqual([times, 409]);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.headers['idempotency-key']).toBe('second');
      expect(answer.body).toStrictEqual({
        type: 'urn:daybook:problem:company-already-registered',
        title: 'Company already registered',
        status: 409,
        detail: 'The company is registered already, with another plan or time zone.',
        refusal: { name: 'CompanyAlreadyRegistered', plan: 'business', timeZone: 'UTC' },
      });
    }
  });

  test('only an administrator may activate AI: the actor comes from the body or the header', async () => {
    await server.post(commands, register);
    const activate = { command: 'ActivateAi', termsVersion: '2026-01' };
    const asSupporter = { 'daybook-actor': 'supporter:sam' };
    const refused = await server.post(commands, activate, asSupporter);
    expect([refused.status, refused.body['refusal']]).toStrictEqual([
      403,
      { name: 'AdministratorRequired', actorKind: 'supporter' },
    ]);
    const by = { kind: 'administrator', id: 'anna' };
    const accepted = await server.post(commands, { ...activate, by }, asSupporter);
    expect(accepted.body['events']).toStrictEqual(['AiActivated']);
  });

  test.each([
    [{ 'daybook-actor': 'supporter' }, {}, [400, 'Daybook-Actor']],
    [{ 'daybook-actor': 'king:arthur' }, {}, [400, 'Daybook-Actor']],
    [{}, { by: { kind: 'supporter', id: 'Sam Smith' } }, [422, 'by']],
    [{}, { at: 'yesterday' }, [422, 'at']],
    [{}, { at: '2026-02-30T10:00:00Z' }, [422, 'at']],
    [{}, { plan: 'gold' }, [422, 'plan']],
    [{}, { plam: 'business' }, [422, 'plam']],
    [{}, { companyId: 'other' }, [422, 'companyId']],
    [{}, { command: 'DropTables' }, [422, 'command']],
  ])(
    'headers %j and fields %j are refused with their field',
    async (headers, fields, [status, field]) => {
      const answer = await server.post(commands, { ...register, ...fields }, headers);
      expect(answer.status).toBe(status);
      const errors = answer.body['errors'] as { field: string }[];
      expect(errors.map((error) => error.field)).toStrictEqual([field]);
      expect(await server.head()).toBe(0);
    },
  );

  test('a key that could meet the engine’s own ids is refused', async () => {
    const answer = await server.post(commands, register, { 'idempotency-key': 'setup/1' });
    expect([answer.status, answer.body['type']]).toStrictEqual([
      400,
      'urn:daybook:problem:invalid-idempotency-key',
    ]);
  });

  test('a command for a company that is not registered meets the 404 of everything unknown', async () => {
    const answer = await server.post(commands, { command: 'DeactivateAi' });
    expect(answer.body).toStrictEqual({
      type: 'urn:daybook:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing here under this address.',
    });
    expect(await server.head()).toBe(0);
  });

  test('a registration that was refused registers nobody', async () => {
    const headers = { 'daybook-actor': 'supporter:sam' };
    expect((await server.post(commands, register, headers)).status).toBe(403);
    expect((await server.get(`${COMPANY}/credits/balance`)).status).toBe(404);
  });

  test('the time of a command is the one it names, or the clock’s', async () => {
    await setUpCompany(server);
    await server.post(commands, {
      command: 'PurchaseCredits',
      orderNumber: 'o-1',
      amount: 10,
      at: '2026-05-20T12:00:00+02:00',
    });
    await server.post(commands, { command: 'PurchaseCredits', orderNumber: 'o-2', amount: 5 });
    await server.project();
    const balance = await server.get(`${COMPANY}/credits/balance`);
    const { lots } = balance.body['balance'] as { lots: Record<string, unknown>[] };
    const bought = lots
      .filter(({ kind }) => kind === 'purchased')
      .map(({ orderNumber, effectiveAt }) => [orderNumber, effectiveAt]);
    expect(bought).toStrictEqual([
      ['o-1', '2026-05-20T10:00:00.000Z'],
      ['o-2', '2026-06-01T12:00:00.000Z'],
    ]);
  });

  test('the document describes every command of the engine, and the engine takes what it describes', () => {
    expect(Object.keys(commandFields).sort()).toStrictEqual([...companyCommandNames].sort());
    for (const [command, { fields, optional = {} }] of Object.entries(commandFields)) {
      const unknown = decodeCompanyCommand({ command, unheardOf: 1 });
      const takes = [...Object.keys(fields), ...Object.keys(optional)].join(', ');
      expect(unknown).toStrictEqual(
        E.left({
          field: 'unheardOf',
          reason: `unknown field; ${command} takes: ${takes === '' ? 'nothing' : takes}`,
        }),
      );
    }
  });
});

describe('session logging of many users', () => {
  let server: Server;
  const url = `${COMPANY}/users/session-logging`;
  beforeEach(async () => {
    server = await makeServer();
    await setUpCompany(server);
    for (const userId of ['kim', 'lee'])
      await server.post(`${COMPANY}/commands`, {
        command: 'RegisterUser',
        userId,
        role: 'supporter',
      });
    await server.post('/v1/companies/other/commands', register);
    await server.post('/v1/companies/other/commands', {
      command: 'RegisterUser',
      userId: 'zoe',
      role: 'supporter',
    });
  });
  afterEach(() => server.stop());

  test('all but me: each user of the company has an outcome, and a repeat changes nothing', async () => {
    const by = { kind: 'administrator', id: 'kim' };
    const body = { enabled: false, selection: { kind: 'all-but-me' }, by };
    const first = await server.post(url, body);
    expect(first.body['outcomes']).toStrictEqual([
      { userId: 'sam', outcome: 'changed' },
      { userId: 'lee', outcome: 'changed' },
    ]);
    expect(first.body['position']).toBe(await server.head());
    const again = await server.post(url, body);
    expect(again.body['outcomes']).toStrictEqual([
      { userId: 'sam', outcome: 'unchanged' },
      { userId: 'lee', outcome: 'unchanged' },
    ]);
  });

  test('a list keeps users that the company does not know, and each refusal stays with its user', async () => {
    const selection = { kind: 'list', ids: ['lee', 'zoe'] };
    const answer = await server.post(url, { enabled: false, selection });
    expect(answer.body['outcomes']).toStrictEqual([
      { userId: 'lee', outcome: 'changed' },
      {
        userId: 'zoe',
        outcome: 'refused',
        problem: {
          type: 'urn:daybook:problem:user-not-registered',
          title: 'User not registered',
          status: 404,
          detail: 'The user is not registered with the company.',
          refusal: { name: 'UserNotRegistered', userId: 'zoe' },
        },
      },
    ]);
  });

  test('me is the actor, who may set only that', async () => {
    const headers = { 'daybook-actor': 'supporter:sam' };
    const me = await server.post(url, { enabled: false, selection: { kind: 'me' } }, headers);
    expect(me.body['outcomes']).toStrictEqual([{ userId: 'sam', outcome: 'changed' }]);
    const all = await server.post(url, { enabled: true, selection: { kind: 'all' } }, headers);
    const outcomes = all.body['outcomes'] as { userId: string; outcome: string }[];
    expect(outcomes.map(({ userId, outcome }) => [userId, outcome])).toStrictEqual([
      ['sam', 'changed'],
      ['kim', 'refused'],
      ['lee', 'refused'],
    ]);
  });

  test.each([
    [{ selection: { kind: 'all' } }, 'enabled'],
    [{ enabled: true }, 'selection'],
    [{ enabled: true, selection: { kind: 'list', ids: ['not an id'] } }, 'selection'],
    [{ enabled: true, selection: { kind: 'all', ids: ['sam'] } }, 'selection'],
    [{ enabled: true, selection: { kind: 'me' }, reason: 'x' }, ''],
  ])('%j is refused with its field', async (body, field) => {
    const answer = await server.post(url, body);
    expect(answer.status).toBe(422);
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map((error) => error.field)).toStrictEqual([field]);
  });
});
