import { type NatsServer, startNatsServer } from '@daybook/publisher/nats-server';
import { connect, StringCodec } from 'nats';
import {
  atLeastOnce,
  listParked,
  prepareSubscriber,
  startSubscriber,
  subjectFilter,
  userEntryOf,
} from '../src/index.js';
import { emptyLog, endSessions, relay, until } from './set-up.js';

/** Goal: the permissions that are printed are enough, and no more. Method: a server that is configured with them. */
describe('a subscriber with the least permissions', () => {
  let server: NatsServer;
  const place = { servers: [] as string[], durable: 'billing' };
  beforeAll(async () => {
    const entry = userEntryOf(place, 'billing', 'secret');
    server = await startNatsServer({
      configuration: [
        'authorization { users: [',
        '  { user: operator, password: secret },',
        `  ${entry}`,
        ']}',
      ].join('\n'),
    });
  });
  afterAll(() => server.dispose());

  test('reads and parks its own messages and can do nothing else', async () => {
    const operator = {
      servers: [server.url],
      credentials: { kind: 'user', user: 'operator', password: 'secret' },
      durable: 'billing',
    } as const;
    const store = emptyLog();
    await endSessions(store, [
      ['acme', 'acme1'],
      ['other', 'other1'],
      ['acme', 'acme2'],
    ]);
    await relay(server.url, store, operator.credentials);
    const subject = subjectFilter({ company: 'acme' });
    await prepareSubscriber(operator, { from: 'beginning', subject });
    const seen: string[] = [];
    const subscriber = startSubscriber({
      ...operator,
      credentials: { kind: 'user', user: 'billing', password: 'secret' },
      checkpoint: atLeastOnce,
      retry: { attemptsMax: 1 },
      handle: (event) => {
        if (event.subject === 'session/acme1') return Promise.reject(new Error('poison'));
        seen.push(event.subject);
        return Promise.resolve();
      },
    });
    await until(() => seen.length === 1 && subscriber.counters().parked === 1);
    await subscriber.stop();
    expect(seen).toStrictEqual(['session/acme2']);
    expect(await listParked(operator)).toMatchObject([{ sequence: 1, reason: 'handler-failed' }]);

    const asBilling = await connect({
      servers: server.url,
      user: 'billing',
      pass: 'secret',
      inboxPrefix: '_INBOX_billing',
    });
    const refused = async (subjectOf: string): Promise<string> => {
      try {
        await asBilling.request(subjectOf, StringCodec().encode('{}'), { timeout: 500 });
        return 'answered';
      } catch (error) {
        return String(Reflect.get(Object(error), 'code'));
      }
    };
    for (const forbidden of [
      'daybook.acme.credits.hold-captured',
      '$JS.API.STREAM.INFO.DAYBOOK',
      '$JS.API.STREAM.MSG.GET.DAYBOOK',
      '$JS.API.CONSUMER.INFO.DAYBOOK.other',
      '$JS.API.CONSUMER.CREATE.DAYBOOK',
      'daybook-parked.other.x',
    ])
      expect([forbidden, await refused(forbidden)]).toStrictEqual([
        forbidden,
        'PERMISSIONS_VIOLATION',
      ]);
    await asBilling.close();
  });
});
