import { makeApi } from '../src/index.js';
import { makeServer, NOW, setUpCompany, type Server } from './harness.js';

// Goal: on an event store, whose positions are bytes, no answer shows bytes as events, and readiness goes by time. Method:
// the same engine and read models, said to have such a log; its clock is moved.

const STUCK_MS = 1_000;

describe('health on an event store', () => {
  let server: Server;
  let now = NOW;
  let api: ReturnType<typeof makeApi>;
  beforeAll(async () => {
    server = await makeServer();
    const engine = { ...server.parts.engine, positionsAre: 'bytes' as const };
    const limits = { lagMax: 0, stuckMs: STUCK_MS };
    api = makeApi({ ...server.parts, engine, limits, clock: () => now });
    await api.ready();
    await setUpCompany(server);
  });
  afterAll(async () => {
    await api.close();
    await server.stop();
  });

  const read = async (url: string) => {
    const { statusCode, payload } = await api.inject({ method: 'GET', url });
    return { status: statusCode, text: payload };
  };
  const stateOf = async (url: string, list: 'readModels' | 'consumers') => {
    const { status, text } = await read(url);
    const [first] = (JSON.parse(text) as Record<typeof list, readonly object[]>)[list];
    return { status, first };
  };
  const eventsBehind = 'daybook_consumer_lag_events{consumer="credit-ledger",kind="projection"}';
  const secondsBehind = 'daybook_consumer_lag_seconds{consumer="credit-ledger",kind="projection"}';

  test('what waits, and waits not long, is near: ready, however many bytes there are', async () => {
    const ready = await stateOf('/ready', 'readModels');
    expect(ready).toStrictEqual({
      status: 200,
      first: { name: 'creditLedger', position: 0, behind: null },
    });
    const health = await stateOf('/health/ready', 'consumers');
    expect(health).toMatchObject({ status: 200, first: { lagEvents: null, lagSeconds: 0 } });
    const { text } = await read('/metrics');
    expect(text).toContain(`${secondsBehind} 0`);
    expect(text).not.toContain(eventsBehind);
  });

  test('what has waited too long makes it unready when nothing moves', async () => {
    now = NOW + STUCK_MS + 1;
    expect((await stateOf('/ready', 'readModels')).status).toBe(503);
    const { status, first } = await stateOf('/health/ready', 'consumers');
    expect(status).toBe(503);
    expect(first).toMatchObject({ lagEvents: null, lagSeconds: 1.001 });
  });

  test('nothing waits: that is known, also in events', async () => {
    await server.settle();
    for (const each of Object.values(server.parts.engine.processes))
      await each.runUntil(await server.head());
    const head = await server.head();
    expect(await stateOf('/ready', 'readModels')).toStrictEqual({
      status: 200,
      first: { name: 'creditLedger', position: head, behind: 0 },
    });
    expect(await stateOf('/health/ready', 'consumers')).toMatchObject({
      status: 200,
      first: { lagEvents: 0, lagSeconds: 0 },
    });
    expect((await read('/metrics')).text).toContain(`${eventsBehind} 0`);
  });
});
