import * as E from 'fp-ts/lib/Either.js';
import { CloudEvent as PublicCloudEvent } from '@daybook/publisher';
import { Webhook } from 'standardwebhooks';
import { added, HOUR, place } from './place.js';
import { answer, receiver } from './receiver.js';
import {
  append,
  appendMany,
  cleanUp,
  registryIn,
  right,
  settle,
  started,
  until,
} from './set-up.js';

afterEach(cleanUp);

describe('An endpoint', () => {
  test('gets all events of its company from the beginning, in order, and those that come', async () => {
    const { directory, store } = place();
    const target = await receiver();
    const { endpoint } = added(registryIn(directory), target);
    const ids = [...(await appendMany(store, 120))];
    await append(store, { company: 'other' });
    const { sender } = await started({ directory, store });
    await until(() => target.received.length === 120);
    for (let index = 0; index < 5; index += 1) {
      await append(store, { company: 'other' });
      ids.push(await append(store));
    }
    await until(() => target.received.length === 125);
    expect(target.ids()).toStrictEqual(ids);
    await until(async () => right(await sender.metrics()).endpoints[0]?.lagEvents === 0);
    expect(right(await sender.metrics())).toMatchObject({ waiting: 0, parked: 0, disabled: 0 });
    const [metrics] = right(await sender.metrics()).endpoints;
    expect(metrics).toMatchObject({ endpoint: endpoint.id, delivered: 125, retries: 0 });
    expect(JSON.stringify(metrics)).not.toContain('127.0.0.1');
  });

  test('is sent the published CloudEvent, with what Standard Webhooks asks for beside it', async () => {
    const { directory, store } = place();
    const target = await receiver();
    const { secret } = added(registryIn(directory), target);
    const id = await append(store);
    await started({ directory, store });
    await until(() => target.received.length === 1);
    const [one] = target.received;
    const body = new Webhook(secret).verify(one?.body ?? '', one?.headers ?? {});
    expect(E.isRight(PublicCloudEvent.decode(body))).toBe(true);
    expect(body).toMatchObject({
      specversion: '1.0',
      id,
      type: 'daybook.session-insights.session-ended.v1',
      time: '2026-06-30T22:00:00.000Z',
      timestamp: '2026-06-30T22:00:00.000Z',
      company: 'acme',
    });
    expect(one?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(one?.headers['webhook-id']).toBe(id);
  });

  test('with a filter gets what the filter names', async () => {
    const { directory, store } = place();
    const target = await receiver();
    const types = ['daybook.summaries.*', 'daybook.session-insights.session-ended.v1'];
    added(registryIn(directory), target, { types });
    const ended = await append(store);
    await append(store, { type: 'UserRegistered', category: 'user' });
    const made = await append(store, { type: 'SummaryGenerated', category: 'summary' });
    await started({ directory, store });
    await until(() => target.received.length === 2);
    const last = await append(store);
    await until(() => target.received.length === 3);
    expect(target.ids()).toStrictEqual([ended, made, last]);
  });

  test('that begins now gets nothing from before', async () => {
    const { directory, store } = place();
    const target = await receiver();
    await appendMany(store, 3);
    added(registryIn(directory), target, { after: right(await store.head()()) });
    await started({ directory, store });
    const id = await append(store);
    await until(() => target.received.length > 0);
    expect(target.ids()).toStrictEqual([id]);
  });

  test('is found when it is added while events are being sent', async () => {
    const { directory, store } = place();
    const { sender } = await started({ directory, store });
    const [id] = await appendMany(store, 1);
    const target = await receiver();
    added(registryIn(directory), target);
    sender.look();
    await until(() => target.received.length === 1);
    expect(target.ids()).toStrictEqual([id]);
  });
});

describe('When a secret changes', () => {
  test('both hold for the time of overlap, then only the new one', async () => {
    const { directory, store, timer, clock } = place();
    const target = await receiver();
    const registry = registryIn(directory, { clock });
    const { endpoint, secret: old } = added(registry, target);
    const { sender } = await started({ directory, store, timer });
    const { secret } = right(registry.rotate(endpoint.id, { overlapMs: HOUR }, 'ops'));
    sender.look();
    await append(store);
    await until(() => target.received.length === 1);
    timer.advance(HOUR);
    await append(store);
    await until(() => target.received.length === 2);
    // The clock of the test stands; each signature is made anew at the signed instant.
    const verifies = (key: string, index: number): boolean => {
      const { headers = {}, body = '' } = target.received[index] ?? {};
      const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
      const made = new Webhook(key).sign(headers['webhook-id'] ?? '', at, body);
      return (headers['webhook-signature'] ?? '').split(' ').includes(made);
    };
    expect([verifies(secret, 0), verifies(old, 0)]).toStrictEqual([true, true]);
    expect([verifies(secret, 1), verifies(old, 1)]).toStrictEqual([true, false]);
  });
});

describe('A replay', () => {
  test('sends everything after a position again, with the ids that it had', async () => {
    const { directory, store } = place();
    const target = await receiver();
    const registry = registryIn(directory);
    const { endpoint } = added(registry, target);
    const ids = await appendMany(store, 4);
    const { sender } = await started({ directory, store });
    await until(() => registry.find(endpoint.id)?.counts.delivered === 4);
    right(registry.replay(endpoint.id, 2, 'ops'));
    sender.look();
    await until(() => target.received.length === 6);
    expect(target.ids()).toStrictEqual([...ids, ...ids.slice(2)]);
    expect(target.received[4]?.body).toBe(target.received[2]?.body);
  });
});

describe('An endpoint that is disabled', () => {
  test('while a message is under way gets nothing after it, and goes on with the next when enabled', async () => {
    const { directory, store } = place();
    let answerLater = (): void => undefined;
    const target = await receiver((response, received) => {
      answerLater = () => answer(200)(response, received);
    });
    const registry = registryIn(directory);
    const { endpoint } = added(registry, target);
    const ids = await appendMany(store, 3);
    const { sender } = await started({ directory, store });
    await until(() => target.received.length === 1);
    right(registry.disable(endpoint.id, 'ops'));
    target.answers(answer(200));
    answerLater();
    await until(() => registry.find(endpoint.id)?.counts.attempts === 1);
    await settle();
    expect(target.ids()).toStrictEqual(ids.slice(0, 1));
    right(registry.enable(endpoint.id, 'ops'));
    sender.look();
    await until(() => registry.find(endpoint.id)?.position === 3);
    // What was under way when it was disabled moved nothing: it comes again, under its id.
    expect(target.ids()).toStrictEqual([ids[0], ...ids]);
  });
});
