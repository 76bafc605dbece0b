import * as E from 'fp-ts/lib/Either.js';
import { Webhook } from 'standardwebhooks';
import { openFile } from '../src/file/open.js';
import { startWebhooks } from '../src/index.js';
import { added, HOUR, place } from './place.js';
import { answer, receiver } from './receiver.js';
import {
  append,
  appendMany,
  atEnd,
  cleanUp,
  local,
  NOW,
  registryIn,
  right,
  settle,
  started,
  until,
} from './set-up.js';

afterEach(cleanUp);

describe('A message that fails', () => {
  test('is tried again on schedule with the same id, and those behind it wait', async () => {
    const { directory, store, timer, clock } = place();
    const target = await receiver(answer(500));
    const registry = registryIn(directory, { clock });
    const { endpoint, secret } = added(registry, target);
    const [first, second] = await appendMany(store, 2);
    const { sender } = await started({ directory, store, timer, random: () => 0 });
    const waits = [5, 300, 1_800, 7_200, 18_000, 36_000].map((seconds) => seconds * 1_000);
    for (const [index, wait] of waits.entries()) {
      await until(() => registry.find(endpoint.id)?.waiting?.attempts === index + 1);
      expect(registry.find(endpoint.id)?.waiting).toMatchObject({
        event: first,
        dueAt: timer.now() + wait,
      });
      timer.advance(wait - 1);
      await settle();
      expect(target.received).toHaveLength(index + 1);
      if (index === waits.length - 1) target.answers(answer(200));
      timer.advance(1);
      await until(() => target.received.length > index + 1);
    }
    await until(() => target.received.length === 8);
    expect(target.ids()).toStrictEqual([...Array.from({ length: 7 }, () => first), second]);
    // The instant of the attempt is signed, so that a repeat is fresh for its receiver.
    const [one, two] = target.received;
    expect(Number(two?.headers['webhook-timestamp'])).toBe(
      Number(one?.headers['webhook-timestamp']) + 5,
    );
    expect(two?.body).toBe(one?.body);
    expect(new Webhook(secret).sign(first ?? '', new Date(NOW), one?.body ?? '')).toBe(
      one?.headers['webhook-signature'],
    );
    await until(() => registry.find(endpoint.id)?.counts.delivered === 2);
    expect(right(await sender.metrics()).endpoints[0]).toMatchObject({ retries: 6, delivered: 2 });
    expect(registry.history.attempts(endpoint.id, 2)).toStrictEqual([
      expect.objectContaining({ event: second, nth: 1, result: 'delivered', status: 200 }),
      expect.objectContaining({ event: first, nth: 7, result: 'delivered', nextAt: null }),
    ]);
  });

  const policy = {
    delaysMs: [0, 1_000, 1_000],
    jitter: 0,
    retryAfterMsMax: HOUR,
    disableAfterParked: 2,
  };

  test('is parked when its attempts run out; the rest goes on; it can be sent once more', async () => {
    const { directory, store, timer, clock } = place();
    const poison = await append(store);
    const target = await receiver((response, { headers }) =>
      answer(headers['webhook-id'] === poison ? 422 : 200)(response, {
        headers,
        body: '',
        path: '',
      }),
    );
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    const after = await appendMany(store, 2);
    const { sender } = await started({ directory, store, timer, policy });
    for (const made of [1, 2]) {
      await until(() => registry.find(endpoint.id)?.waiting?.attempts === made);
      timer.advance(1_000);
    }
    await until(() => target.received.length === 5);
    expect(target.ids()).toStrictEqual([poison, poison, poison, ...after]);
    expect(registry.history.parked(endpoint.id, 10)).toStrictEqual([
      expect.objectContaining({ event: poison, attempts: 3, result: 'refused', status: 422 }),
    ]);
    expect(right(await sender.metrics())).toMatchObject({ parked: 1, waiting: 0 });

    expect(right(registry.retry(endpoint.id, [poison], 'test'))).toBe(1);
    sender.look();
    await until(() => registry.history.parked(endpoint.id, 10)[0]?.attempts === 4);
    target.answers(answer(200));
    expect(right(registry.retry(endpoint.id, 'all', 'test'))).toBe(1);
    sender.look();
    await until(() => registry.history.parked(endpoint.id, 10).length === 0);
    expect(target.ids().slice(5)).toStrictEqual([poison, poison]);
    expect(right(registry.retry(endpoint.id, 'all', 'test'))).toBe(0);
  });

  test('now and then does not disable the endpoint: only those in a row count', async () => {
    const { directory, store, timer, clock } = place();
    const [poison, well, another, last] = await appendMany(store, 4);
    const target = await receiver((response, received) => {
      const id = received.headers['webhook-id'];
      answer(id === poison || id === another ? 500 : 200)(response, received);
    });
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    await started({ directory, store, timer, policy });
    for (const made of [1, 2, 5, 6]) {
      await until(() => registry.find(endpoint.id)?.counts.attempts === made);
      timer.advance(1_000);
    }
    await until(() => registry.find(endpoint.id)?.counts.delivered === 2);
    const [p, a] = [poison, another];
    expect(target.ids()).toStrictEqual([p, p, p, well, a, a, a, last]);
    expect(registry.find(endpoint.id)?.disabled).toBeNull();
  });

  test('that is sent once more while somebody has everything sent again is not parked anew', async () => {
    const { directory, store, timer, clock } = place();
    let answerLater = (): void => undefined;
    const target = await receiver(answer(500));
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    const [poison] = await appendMany(store, 1);
    const once = { ...policy, delaysMs: [0] };
    const { sender } = await started({ directory, store, timer, policy: once });
    await until(() => registry.history.parked(endpoint.id, 10).length === 1);
    target.answers((response, received) => {
      answerLater = () => answer(500)(response, received);
    });
    right(registry.retry(endpoint.id, 'all', 'ops'));
    sender.look();
    await until(() => target.received.length === 2);
    right(registry.replay(endpoint.id, 0, 'ops'));
    target.answers(answer(200));
    answerLater();
    await until(() => registry.find(endpoint.id)?.counts.delivered === 1);
    expect(target.ids()).toStrictEqual([poison, poison, poison]);
    expect(registry.history.parked(endpoint.id, 10)).toStrictEqual([]);
  });

  test('again and again disables the endpoint; enabled, it goes on where it stood', async () => {
    const { directory, store, timer, clock } = place();
    const target = await receiver(answer(503));
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    const ids = await appendMany(store, 3);
    const { sender } = await started({ directory, store, timer, policy });
    for (const made of [1, 2, 4, 5]) {
      await until(() => registry.find(endpoint.id)?.counts.attempts === made);
      timer.advance(1_000);
      await until(() => target.received.length > made);
    }
    await until(() => registry.find(endpoint.id)?.disabled === 'failing');
    expect(registry.history.parked(endpoint.id, 10).map(({ event }) => event)).toStrictEqual(
      ids.slice(0, 2),
    );
    timer.advance(100 * HOUR);
    await settle();
    expect(target.received).toHaveLength(6);
    target.answers(answer(204));
    right(registry.enable(endpoint.id, 'ops'));
    sender.look();
    await until(() => target.received.length === 7);
    expect(target.ids().at(-1)).toBe(ids[2]);
    expect(
      registry.history.audit(endpoint.id, 5).map(({ action, by }) => [action, by]),
    ).toStrictEqual([
      ['enabled', 'ops'],
      ['disabled', 'sender'],
      ['added', 'test'],
    ]);
  });

  test('with 410 disables the endpoint at once, and loses nothing', async () => {
    const { directory, store, timer, clock } = place();
    const target = await receiver(answer(410));
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    const ids = await appendMany(store, 2);
    const { sender } = await started({ directory, store, timer });
    await until(() => registry.find(endpoint.id)?.disabled === 'gone');
    timer.advance(100 * HOUR);
    await settle();
    expect(target.received).toHaveLength(1);
    expect(right(await sender.metrics()).disabled).toBe(1);
    target.answers(answer(200));
    right(registry.enable(endpoint.id, 'ops'));
    sender.look();
    await until(() => target.received.length === 3);
    expect(target.ids()).toStrictEqual([ids[0], ...ids]);
  });

  test.each([
    ['seconds', () => '900'],
    ['a date', (now: number) => new Date(now + 900_000).toUTCString()],
  ])('with 429 waits as long as it is asked to, in %s', async (_form, header) => {
    const { directory, store, timer, clock } = place();
    const target = await receiver(answer(429, { 'retry-after': header(NOW) }));
    const registry = registryIn(directory, { clock });
    const { endpoint } = added(registry, target);
    await append(store);
    await started({ directory, store, timer });
    await until(() => registry.find(endpoint.id)?.waiting?.dueAt === NOW + 900_000);
    target.answers(answer(200));
    timer.advance(899_999);
    await settle();
    expect(target.received).toHaveLength(1);
    timer.advance(1);
    await until(() => target.received.length === 2);
  });

  test('of one endpoint slows no other one', async () => {
    const { directory, store } = place();
    const dead = await receiver(() => undefined);
    const failing = await receiver(answer(500));
    const well = await receiver();
    const registry = registryIn(directory);
    for (const target of [dead, failing, well]) added(registry, target);
    const ids = await appendMany(store, 60);
    await started({ directory, store, timeoutMs: 60_000 });
    await until(() => well.received.length === 60);
    expect(well.ids()).toStrictEqual(ids);
    expect(dead.received).toHaveLength(1);
    expect(failing.received).toHaveLength(1);
  });
});

describe('A sender that dies', () => {
  test('between delivery and checkpoint sends the same message again, under the same id', async () => {
    const { directory, store } = place();
    const target = await receiver();
    const registry = registryIn(directory);
    const { endpoint } = added(registry, target);
    const ids = await appendMany(store, 2);
    // The file refuses to take the record: what was delivered is not known to be.
    const db = right(openFile(directory));
    atEnd(() => void db.close());
    db.exec(
      `CREATE TRIGGER full BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'no room'); END`,
    );
    const first = await started({ directory, store });
    await until(() => first.problems.length > 0);
    expect(first.sender.health().problem).toMatchObject({ _tag: 'WebhooksUnavailable' });
    await first.sender.stop();
    expect(registry.find(endpoint.id)?.position).toBe(0);
    db.exec('DROP TRIGGER full');
    await started({ directory, store });
    await until(() => target.received.length === 3);
    expect(target.ids()).toStrictEqual([ids[0], ...ids]);
  });

  test('leaves its place to the next; two at once are refused', async () => {
    const { directory, store } = place();
    const { sender } = await started({ directory, store });
    const second = await startWebhooks({
      directory,
      store,
      rules: local,
      clock: () => NOW,
      random: () => 0,
      onProblem: () => undefined,
    });
    expect(second).toMatchObject(E.left({ _tag: 'SenderRunning' }));
    await sender.stop();
    await expect(sender.ended).resolves.toBeUndefined();
    await started({ directory, store });
  });

  test('in the middle of a request does not record it', async () => {
    const { directory, store } = place();
    const target = await receiver(() => undefined);
    const registry = registryIn(directory);
    const { endpoint } = added(registry, target);
    await append(store);
    const { sender } = await started({ directory, store, timeoutMs: 60_000 });
    await until(() => target.received.length === 1);
    await sender.stop();
    expect(registry.find(endpoint.id)).toMatchObject({ position: 0, counts: { attempts: 0 } });
  });
});

test('A parked message that the log does not hold stays parked, and stops nobody', async () => {
  const { directory, store, timer, clock } = place();
  const target = await receiver();
  const registry = registryIn(directory, { clock });
  const { endpoint } = added(registry, target);
  const event = await append(store);
  const db = right(openFile(directory));
  db.prepare(
    `INSERT INTO parked (endpoint, position, event, type, attempts, since, result, status)
     VALUES (?, ?, ?, 'daybook.sessions.ended.v1', 10, 0, 'timeout', NULL)`,
  ).run(endpoint.id, 1, 'of-another-log');
  const wanted = (): unknown =>
    db.prepare('SELECT count(*) FROM parked WHERE wanted = 1').pluck().get();
  atEnd(() => void db.close());
  const { sender } = await started({ directory, store, timer });
  expect(right(registry.retry(endpoint.id, 'all', 'u-1'))).toBe(1);
  sender.look();
  await until(() => target.received.length === 1);
  expect(target.ids()).toStrictEqual([event]);
  expect(registry.history.parked(endpoint.id, 10)).toMatchObject([{ event: 'of-another-log' }]);
  await until(() => wanted() === 0);
  await sender.stop();
});
