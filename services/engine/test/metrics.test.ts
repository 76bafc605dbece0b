import type { Relay, RelayHealth, RelayMetrics } from '@daybook/publisher';
import type { WebhookMetrics, WebhookSender } from '@daybook/webhooks';
import { makeInMemoryEventStore, type EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { makeMetrics, relayConsumer, webhooksConsumer } from '../src/metrics/index.js';
import { engineOver, memoryStore, right, setUp } from './in-memory-engine.js';

const SINCE = 1_000;

const seriesOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
  );

describe('what the engine does', () => {
  it('is the same under an observer, which counts it', async () => {
    const metrics = makeMetrics({ ofProcess: false });
    const plain = memoryStore();
    await setUp(engineOver(plain), 5);
    const bare = memoryStore();
    await setUp(engineOver(metrics.observer.store(bare)), 5);
    const all = async (store: EventStore): Promise<string[]> => {
      const found: string[] = [];
      for await (const page of store.readAll())
        for (const { id, data } of right(page).events) found.push(`${id} ${data}`);
      return found;
    };
    const events = await all(plain);
    expect(await all(bare)).toStrictEqual(events);
    const series = seriesOf(await metrics.text());
    const counted = [...series]
      .filter(([name]) => name.startsWith('daybook_events_appended_total'))
      .reduce((sum, [, value]) => sum + value, 0);
    expect(counted).toBe(events.length);
    expect(series.get('daybook_append_failures_total{reason="conflict"}')).toBeUndefined();
  });

  it('fails as it failed, and is counted by why', async () => {
    const metrics = makeMetrics({ ofProcess: false });
    const inner = makeInMemoryEventStore({ clock: () => SINCE });
    const store = metrics.observer.store(inner);
    metrics.setLog(store);
    const event = {
      id: '0a1b2c3d-0000-4000-8000-00000000cafe',
      type: 'T',
      data: '{}',
      metadata: '{}',
    };
    const conflict = await store.append('s-1', 7, [event])();
    expect(conflict).toMatchObject(E.left({ _tag: 'RevisionConflict' }));
    await store.append('', 'no-stream', [event])();
    await store.close();
    await store.append('s-1', 'no-stream', [event])();
    const series = seriesOf(await metrics.text());
    for (const reason of ['conflict', 'rejected', 'unavailable'])
      expect(series.get(`daybook_append_failures_total{reason="${reason}"}`)).toBe(1);
    expect(series.get('daybook_log_readable')).toBe(0);
  });
});

const health = (state: RelayHealth['state'], position?: number): RelayHealth => ({
  state,
  serverVersion: '2.9.10',
  position,
});
const relayMetrics: RelayMetrics = {
  published: 90,
  inFlight: 3,
  resyncs: 4,
  resyncsWithoutProgress: 1,
  unpublishable: 2,
  lagEvents: 10,
  lagSeconds: 2.5,
};
const relayOf = (
  state: RelayHealth['state'],
  changed: Partial<RelayMetrics> = {},
): Pick<Relay, 'health' | 'metrics'> => ({
  health: () => health(state, 42),
  metrics: () => Promise.resolve({ ...relayMetrics, ...changed }),
});

describe('the relay as a consumer', () => {
  const published = {
    name: 'relay',
    kind: 'relay',
    position: 42,
    lagEvents: 10,
    lagSeconds: 2.5,
    retries: 4,
    parked: 2,
    state: 'running',
    since: SINCE,
  };

  it('has the numbers that it gives', async () => {
    const look = relayConsumer(relayOf({ _tag: 'Publishing', since: SINCE }));
    expect(await look()).toStrictEqual([published]);
  });

  it.each<readonly [RelayHealth['state'], string, string | undefined]>([
    [{ _tag: 'Connecting', since: SINCE }, 'starting', undefined],
    [{ _tag: 'Waiting', since: SINCE, attempts: 2, reason: 'no route' }, 'waiting', 'no route'],
    [
      { _tag: 'StandingBack', since: SINCE, writer: 'node-2' },
      'standing-back',
      'another relay writes the stream: node-2',
    ],
    [
      { _tag: 'Blocked', since: SINCE, blocked: { _tag: 'CorruptLog', message: 'page 3' } },
      'blocked',
      'The log cannot be read: page 3',
    ],
    [{ _tag: 'Stopped', since: SINCE }, 'stopped', undefined],
  ])('in %j is %s', async (state, word, reason) => {
    const unknown = { lagEvents: undefined, lagSeconds: undefined };
    const [status] = await relayConsumer(relayOf(state, unknown))();
    expect(status).toStrictEqual({
      ...published,
      state: word,
      lagEvents: null,
      lagSeconds: null,
      ...(reason === undefined ? {} : { reason }),
    });
  });
});

const endpoint = (changed: Partial<WebhookMetrics['endpoints'][number]>) => ({
  endpoint: 'ep-1',
  company: 'acme',
  disabled: null,
  position: 40,
  lagEvents: 2,
  lagSeconds: 1,
  attempts: 9,
  delivered: 5,
  retries: 3,
  parked: 1,
  nextAttemptAt: null,
  ...changed,
});

describe('the webhooks as a consumer', () => {
  const all: WebhookMetrics = {
    endpoints: [
      endpoint({}),
      endpoint({ endpoint: 'ep-2', position: 12, lagEvents: 30, lagSeconds: 99, retries: 2 }),
      endpoint({ endpoint: 'ep-3', position: 1, lagEvents: 41, disabled: 'gone' }),
    ],
    disabled: 1,
    waiting: 0,
    parked: 3,
  };
  const senderOf = (
    metrics: WebhookMetrics,
    state: 'sending' | 'stopped' = 'sending',
  ): Pick<WebhookSender, 'health' | 'metrics'> => ({
    health: () => ({ state, endpoints: 3, problem: null }),
    metrics: () => Promise.resolve(E.right(metrics)),
  });

  it('are as far as the endpoint that is furthest behind and not switched off', async () => {
    expect(await webhooksConsumer(senderOf(all))()).toStrictEqual([
      {
        name: 'webhooks',
        kind: 'webhooks',
        position: 12,
        lagEvents: 30,
        lagSeconds: 99,
        retries: 8,
        parked: 3,
        state: 'running',
        since: null,
      },
    ]);
  });

  it('wait where one waits, and are nowhere without an endpoint or when stopped', async () => {
    const [waiting] = await webhooksConsumer(senderOf({ ...all, waiting: 1 }))();
    expect(waiting?.state).toBe('waiting');
    const none = { endpoints: [], disabled: 0, waiting: 0, parked: 0 };
    const [idle] = await webhooksConsumer(senderOf(none))();
    expect([idle?.position, idle?.lagEvents, idle?.state]).toStrictEqual([null, 0, 'running']);
    const [stopped] = await webhooksConsumer(senderOf(all, 'stopped'))();
    expect([stopped?.position, stopped?.state]).toStrictEqual([null, 'stopped']);
  });
});
