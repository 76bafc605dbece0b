import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsumerSource, ConsumerStatus } from '@daybook/engine';
import { makeMetrics } from '@daybook/engine';
import {
  COMPANY,
  linesOf,
  makeServer,
  NOW,
  sendJournal,
  sessionEntries,
  setUpCompany,
  type Server,
} from './harness.js';

/** Name and type of every metric; a dashboard and the README rest on them. */
const DAYBOOK_METRICS = {
  daybook_append_duration_seconds: 'histogram',
  daybook_append_failures_total: 'counter',
  daybook_command_duration_seconds: 'histogram',
  daybook_commands_total: 'counter',
  daybook_consumer_lag_events: 'gauge',
  daybook_consumer_lag_seconds: 'gauge',
  daybook_consumer_parked: 'gauge',
  daybook_consumer_position: 'gauge',
  daybook_consumer_retries_total: 'counter',
  daybook_consumer_state: 'gauge',
  daybook_events_appended_total: 'counter',
  daybook_http_request_duration_seconds: 'histogram',
  daybook_log_head_position: 'gauge',
  daybook_log_readable: 'gauge',
};

const consumers = [
  'credit-ledger',
  'summary-catalog',
  'device-policy',
  'session-history',
  'consent-register',
  'insights',
  'grants',
  'reconsider',
  'scheduler',
];

const linesFrom = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** Values by series: `name{label="value"}`. */
const seriesOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    linesFrom(text).map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );

const scrape = async (server: Server): Promise<ReadonlyMap<string, number>> =>
  seriesOf((await server.get('/metrics')).text);

const relayStatus = (changed: Partial<ConsumerStatus> = {}): ConsumerStatus => ({
  name: 'relay',
  kind: 'relay',
  position: 7,
  lagEvents: 3,
  lagSeconds: 1.5,
  retries: 4,
  parked: 2,
  state: 'running',
  since: NOW,
  ...changed,
});

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

describe('metrics over HTTP', () => {
  let server: Server;
  let relay: readonly ConsumerStatus[] = [];
  const source: ConsumerSource = () => Promise.resolve(relay);
  const metrics = makeMetrics();
  const { observer } = metrics;

  beforeAll(async () => {
    server = await makeServer({ metrics, observer });
    metrics.addConsumers(source);
    await setUpCompany(server);
  });
  afterAll(() => server.stop());

  test('are text for Prometheus, with these names and types', async () => {
    const answer = await server.get('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const types = [...answer.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name = '', type = '']) => [name, type] as const,
    );
    const ours = types.filter(([name]) => name.startsWith('daybook_'));
    expect(Object.fromEntries(ours)).toStrictEqual(DAYBOOK_METRICS);
    const documented = [...readme.matchAll(/^\| `(daybook_\w+)` +\| (\w+)/gm)];
    expect(documented.map(([, name = '', type = '']) => [name, type]).sort()).toStrictEqual(
      Object.entries(DAYBOOK_METRICS),
    );
    const others = types.map(([name]) => name).filter((name) => !name.startsWith('daybook_'));
    expect(others).toContain('nodejs_eventloop_lag_seconds');
    expect(others.filter((name) => !/^(process|nodejs)_/.test(name))).toStrictEqual([]);
  });

  test('count what was decided and written, and where the log ends', async () => {
    const head = await server.head();
    const before = await scrape(server);
    expect(before.get('daybook_log_head_position')).toBe(head);
    expect(before.get('daybook_log_readable')).toBe(1);
    const command = { command: 'RegisterUser', userId: 'tom', role: 'supporter' };
    const key = { 'idempotency-key': 'tom-1' };
    await server.post(`${COMPANY}/commands`, command, key);
    await server.post(`${COMPANY}/commands`, command, key);
    await server.post(`${COMPANY}/commands`, {
      command: 'RegisterCompany',
      plan: 'tensor',
      timeZone: 'UTC',
    });
    const after = await scrape(server);
    const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('daybook_commands_total{command="RegisterUser",outcome="accepted"}')).toBe(1);
    expect(grown('daybook_commands_total{command="RegisterUser",outcome="repeated"}')).toBe(1);
    expect(grown('daybook_commands_total{command="RegisterCompany",outcome="refused"}')).toBe(1);
    expect(grown('daybook_command_duration_seconds_count{outcome="accepted"}')).toBe(1);
    expect(grown('daybook_events_appended_total{type="UserRegistered"}')).toBe(1);
    const route = 'method="POST",route="/v1/companies/:company/commands"';
    expect(grown(`daybook_http_request_duration_seconds_count{${route},status="200"}`)).toBe(2);
    expect(grown(`daybook_http_request_duration_seconds_count{${route},status="409"}`)).toBe(1);
  });

  test('show how far behind each read model and process is, and that it has caught up', async () => {
    const head = await server.head();
    const behind = await scrape(server);
    const lag = 'daybook_consumer_lag_events{consumer="credit-ledger",kind="projection"}';
    const age = 'daybook_consumer_lag_seconds{consumer="credit-ledger",kind="projection"}';
    expect([behind.get(lag), behind.get(age)]).toStrictEqual([head, 0]);
    await server.settle();
    const after = await scrape(server);
    expect([after.get(lag), after.get(age)]).toStrictEqual([0, 0]);
    expect(after.get('daybook_consumer_position{consumer="insights",kind="process"}')).toBe(
      await server.head(),
    );
    const running = 'daybook_consumer_state{consumer="insights",kind="process",state="running"}';
    expect(after.get(running)).toBe(1);
    const shown = [...after.keys()]
      .filter((series) => series.startsWith('daybook_consumer_parked'))
      .map((series) => /consumer="([^"]+)"/.exec(series)?.[1]);
    expect(shown).toStrictEqual(consumers);
  });

  test('show another consumer as it says, and not what it said before', async () => {
    const labels = 'consumer="relay",kind="relay"';
    relay = [relayStatus()];
    await scrape(server);
    const twice = await scrape(server);
    expect(twice.get(`daybook_consumer_retries_total{${labels}}`)).toBe(4);
    expect(twice.get(`daybook_consumer_lag_seconds{${labels}}`)).toBe(1.5);
    relay = [relayStatus({ state: 'waiting', position: null, lagEvents: null, lagSeconds: null })];
    const waiting = await scrape(server);
    expect(waiting.has(`daybook_consumer_lag_seconds{${labels}}`)).toBe(false);
    expect(waiting.get(`daybook_consumer_state{${labels},state="waiting"}`)).toBe(1);
    expect(waiting.get(`daybook_consumer_state{${labels},state="running"}`)).toBe(0);
    relay = [];
    expect([...(await scrape(server)).keys()].join()).not.toContain('relay');
  });

  test('do not grow with sessions, companies, or what callers make up', async () => {
    const work = async (part: string): Promise<void> => {
      for (const n of ['1', '2']) {
        await sendJournal(server, linesOf(sessionEntries(`s-${part}${n}`)));
        await server.get(`${COMPANY}/sessions/s-${part}${n}`);
        await server.get(`/v1/companies/made-up-${part}${n}/sessions/x`);
        await server.api.inject({ method: 'GET', url: `/made/up/${part}${n}?canary=1` });
        await server.api.inject({ method: 'PROPFIND', url: `/made/up/${part}${n}` });
      }
      await server.settle();
    };
    await work('a');
    const first = await scrape(server);
    await work('b');
    const second = await scrape(server);
    const keys = [...second.keys()].join('\n');
    expect([...second.keys()].filter((key) => !first.has(key))).toStrictEqual([]);
    for (const word of ['acme', 's-a1', 'made', 'canary', 'sam']) expect(keys).not.toContain(word);
    expect(second.size).toBeLessThan(700);
    expect(keys).toContain('{le="+Inf",method="any",route="none",status="404"}');
  });
});

describe('health over HTTP', () => {
  let server: Server;
  let now = NOW;
  let stopped: string | null = null;
  let relay = relayStatus();
  const source: ConsumerSource = () => Promise.resolve([relay]);
  beforeAll(async () => {
    const limits = { lagMax: 2, stuckMs: 1_000 };
    const running = (): string | null => stopped;
    const metrics = makeMetrics({ ofProcess: false });
    server = await makeServer({ limits, clock: () => now, running, metrics });
    metrics.addConsumers(source);
  });
  afterAll(() => server.stop());

  test('live is the process alone', async () => {
    stopped = 'secret reason';
    expect((await server.get('/health/live')).body).toStrictEqual({ status: 'live' });
    const ready = await server.get('/health/ready');
    expect([ready.status, ready.text.includes('secret')]).toStrictEqual([503, false]);
    stopped = null;
  });

  test('ready tells how every consumer stands', async () => {
    const { status, body } = await server.get('/health/ready');
    const shown = body['consumers'] as readonly ConsumerStatus[];
    expect([status, body['head']]).toStrictEqual([200, 0]);
    expect(shown.map(({ name }) => name)).toStrictEqual([...consumers, 'relay']);
    expect(shown[0]).toStrictEqual({
      name: 'credit-ledger',
      kind: 'projection',
      state: 'running',
      position: 0,
      lagEvents: 0,
      lagSeconds: 0,
      retries: 0,
      parked: 0,
    });
  });

  test('a broker that is away does not make it unready', async () => {
    relay = relayStatus({ state: 'waiting', lagEvents: 100_000, reason: 'broker says secrets' });
    const waiting = await server.get('/health/ready');
    relay = relayStatus({ state: 'blocked', lagEvents: null });
    const blocked = await server.get('/health/ready');
    expect([waiting.status, blocked.status]).toStrictEqual([200, 200]);
    expect(waiting.text).not.toContain('secrets');
  });

  test('who is far behind is ready while it moves, and not when it stands still', async () => {
    await setUpCompany(server);
    const at = async (milliseconds: number): Promise<number> => {
      now = NOW + milliseconds;
      return (await server.get('/health/ready')).status;
    };
    expect([await at(0), await at(999), await at(1_000)]).toStrictEqual([200, 200, 503]);
    await server.settle();
    for (const each of Object.values(server.parts.engine.processes))
      await each.runUntil(await server.head());
    expect(await at(1_001)).toBe(200);
  });
});
