import { COMPANY, makeServer, setUpCompany, type Server } from './harness.js';

type Item = Readonly<Record<string, unknown>>;

describe('devices over HTTP', () => {
  let server: Server;
  const send = async (command: object): Promise<void> => {
    const at = '2026-06-01T09:00:00Z';
    const answer = await server.post(`${COMPANY}/commands`, { ...command, at });
    expect(answer.status).toBe(200);
  };
  beforeAll(async () => {
    server = await makeServer();
    await setUpCompany(server);
    const setting = { state: 'set', reporting: true, insights: true };
    await send({ command: 'EnrolDevice', deviceId: 'mac-1', platform: 'macos' });
    await send({ command: 'DefinePolicy', policyId: 'standard', setting });
    const source = { source: 'own', policyId: 'standard' };
    await send({ command: 'SetDevicePolicySource', deviceId: 'pc-1', ...source });
    await send({ command: 'ApplyPolicy', deviceId: 'pc-1' });
    await send({
      command: 'SetLocalSwitch',
      deviceId: 'pc-1',
      toggle: 'insights',
      enabled: false,
    });
    await server.project();
  });
  afterAll(() => server.stop());

  test('are listed by id, filtered and paged', async () => {
    const idsOf = (body: Record<string, unknown>): unknown[] =>
      (body['items'] as Item[]).map(({ deviceId }) => deviceId);
    const first = await server.get(`${COMPANY}/devices?limit=1`);
    expect(idsOf(first.body)).toStrictEqual(['mac-1']);
    const next = String(first.body['next']);
    const second = await server.get(`${COMPANY}/devices?limit=1&cursor=${next}`);
    expect([idsOf(second.body), second.body['next']]).toStrictEqual([['pc-1'], null]);
    const applied = await server.get(`${COMPANY}/devices?policyId=standard&managed=true`);
    expect(idsOf(applied.body)).toStrictEqual(['pc-1']);
    expect(idsOf((await server.get(`${COMPANY}/devices?managed=false`)).body)).toStrictEqual([]);
  });

  test('one device shows the setting in effect, where it comes from, and its history', async () => {
    const answer = await server.get(`${COMPANY}/devices/pc-1`);
    const device = answer.body['device'] as Item;
    expect(device['effective']).toStrictEqual({
      reporting: { enabled: true, from: 'policy-set', policyId: 'standard', version: 1 },
      insights: { enabled: false, from: 'local', policyId: 'standard', version: 1 },
    });
    expect(answer.body['pending']).toBeNull();
    const history = answer.body['history'] as Item[];
    expect(history.map(({ type, occurredAt }) => [type, occurredAt])).toStrictEqual([
      ['DeviceEnrolled', '2026-06-01T08:00:00.000Z'],
      ['DevicePolicySourceSet', '2026-06-01T09:00:00.000Z'],
      ['PolicyApplied', '2026-06-01T09:00:00.000Z'],
      ['LocalSwitchSet', '2026-06-01T09:00:00.000Z'],
    ]);
  });

  test('what is assigned and not applied yet pends, and what is not assigned any more', async () => {
    const pendingOf = async (): Promise<unknown> => {
      await server.project();
      return (await server.get(`${COMPANY}/devices/mac-1`)).body['pending'];
    };
    await send({ command: 'CreateGroup', groupId: 'macs' });
    await send({ command: 'AssignGroupPolicy', groupId: 'macs', policyId: 'standard' });
    const source = { source: 'group', groupId: 'macs' };
    await send({ command: 'SetDevicePolicySource', deviceId: 'mac-1', ...source });
    expect(await pendingOf()).toMatchObject({
      pending: 'apply',
      groupId: 'macs',
      policy: { policyId: 'standard', version: 1, definedAt: '2026-06-01T09:00:00.000Z' },
    });
    await send({ command: 'ApplyPolicy', deviceId: 'mac-1' });
    expect(await pendingOf()).toBeNull();
    await send({ command: 'RemoveGroupPolicy', groupId: 'macs' });
    expect(await pendingOf()).toStrictEqual({
      pending: 'withdraw',
      policyId: 'standard',
      version: 1,
    });
  });

  test('many are set at once, each with an outcome of its own', async () => {
    const url = `${COMPANY}/devices/access-control`;
    const all = await server.post(url, { value: 'denied', selection: { kind: 'all' } });
    expect(all.body['outcomes']).toStrictEqual([
      { deviceId: 'pc-1', outcome: 'changed' },
      { deviceId: 'mac-1', outcome: 'changed' },
    ]);
    const selection = { kind: 'list', ids: ['pc-1', 'pc-9'] };
    const some = await server.post(url, { value: 'denied', selection });
    const outcomes = some.body['outcomes'] as Item[];
    expect(outcomes.map(({ deviceId, outcome }) => [deviceId, outcome])).toStrictEqual([
      ['pc-1', 'unchanged'],
      ['pc-9', 'refused'],
    ]);
    const group = await server.post(url, {
      value: 'allowed',
      selection: { kind: 'group', groupId: 'none' },
    });
    expect([group.status, group.body['type'], group.body['done']]).toStrictEqual([
      404,
      'urn:daybook:problem:device-group-not-created',
      0,
    ]);
    const moved = await server.post(`${COMPANY}/devices/policy-source`, {
      to: { source: 'own', policyId: 'standard' },
      selection: { kind: 'group', groupId: 'macs' },
    });
    expect(moved.body['outcomes']).toStrictEqual([{ deviceId: 'mac-1', outcome: 'changed' }]);
  });

  test.each([
    ['access-control', { value: 'never', selection: { kind: 'all' } }, 'value'],
    ['access-control', { value: 'denied' }, 'selection'],
    ['access-control', { value: 'denied', selection: { kind: 'group' } }, 'selection'],
    ['access-control', { value: 'denied', selection: { kind: 'all' }, why: 'x' }, ''],
    ['policy-source', { to: { source: 'own' }, selection: { kind: 'all' } }, 'to'],
    ['policy-source', { to: { source: 'none' }, selection: { kind: 'all', ids: [] } }, 'selection'],
  ])('%s of many: %j is refused with its field', async (path, body, field) => {
    const answer = await server.post(`${COMPANY}/devices/${path}`, body);
    const errors = answer.body['errors'] as { field: string }[];
    expect([answer.status, errors.map((error) => error.field)]).toStrictEqual([422, [field]]);
  });

  test('a device that the company does not have is a 404', async () => {
    expect((await server.get(`${COMPANY}/devices/pc-9`)).status).toBe(404);
  });
});
