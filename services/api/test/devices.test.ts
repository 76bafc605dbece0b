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
    const history = answer.body['history'] as Item[];
    expect(history.map(({ type, occurredAt }) => [type, occurredAt])).toStrictEqual([
      ['DeviceEnrolled', '2026-06-01T08:00:00.000Z'],
      ['DevicePolicySourceSet', '2026-06-01T09:00:00.000Z'],
      ['PolicyApplied', '2026-06-01T09:00:00.000Z'],
      ['LocalSwitchSet', '2026-06-01T09:00:00.000Z'],
    ]);
  });

  test('a device that the company does not have is a 404', async () => {
    expect((await server.get(`${COMPANY}/devices/pc-9`)).status).toBe(404);
  });
});
