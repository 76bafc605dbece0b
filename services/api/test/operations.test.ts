import { COMPANY, makeServer, setUpCompany, type Server } from './harness.js';

describe('operations over HTTP', () => {
  let server: Server;
  let stopped: string | null = null;
  beforeAll(async () => {
    server = await makeServer({ running: () => stopped, limits: { lagMax: 2 } });
  });
  beforeEach(() => {
    stopped = null;
  });
  afterAll(() => server.stop());

  test('the root says where to look', async () => {
    const answer = await server.get('/');
    expect(answer.body['links']).toMatchObject({ document: '/openapi.json', ready: '/ready' });
  });

  test('live means that the process answers, whatever else is wrong', async () => {
    stopped = 'the insights process failed';
    expect((await server.get('/health')).body).toStrictEqual({ status: 'live' });
  });

  test('ready names the end of the log and where each read model stands', async () => {
    const names = [
      'creditLedger',
      'summaryCatalog',
      'devicePolicy',
      'sessionHistory',
      'consentRegister',
    ];
    expect((await server.get('/ready')).body).toStrictEqual({
      status: 'ready',
      head: 0,
      processes: 'running',
      readModels: names.map((name) => ({ name, position: 0, behind: 0 })),
    });
  });

  test('it is not ready while a process stands still, and does not pass on why', async () => {
    stopped = 'secret reason';
    const answer = await server.get('/ready');
    expect([answer.status, answer.body['processes']]).toStrictEqual([503, 'stopped']);
    expect(answer.text).not.toContain('secret');
  });

  test('it is not ready while a read model is far behind, and is once it has caught up', async () => {
    await setUpCompany(server);
    const behind = await server.get('/ready');
    expect(behind.status).toBe(503);
    expect(behind.body).toMatchObject({
      type: 'urn:daybook:problem:not-ready',
      readModels: [
        { name: 'creditLedger', position: 0, behind: await server.head() },
        {},
        {},
        {},
        {},
      ],
    });
    await server.project();
    expect((await server.get('/ready')).status).toBe(200);
  });

  test('a balance is read at the position that readiness shows', async () => {
    await server.project();
    const { readModels } = (await server.get('/ready')).body as {
      readModels: { position: number }[];
    };
    const balance = await server.get(`${COMPANY}/credits/balance`);
    expect(balance.body['position']).toBe(readModels[0]?.position);
  });
});
