/** Groups of consumers that share a stream or the log: each event to one of them, until it is acknowledged. */
import {
  END,
  EventStoreDBClient,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  RETRY,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import {
  eventually,
  inMemory,
  inSqlite,
  type MakeStore,
  numbers,
  serve,
  type Served,
} from './serving.js';

const note = (n: number) => jsonEvent({ type: 'NoteTaken', data: { n } });
const older = { credentials: { username: 'a', password: 'b' } };

const describeGroups = (name: string, make: MakeStore): void => {
  describe(`a group over a store ${name}`, () => {
    let served: Served;
    let client: EventStoreDBClient;

    beforeEach(async () => {
      served = await serve(make);
      client = EventStoreDBClient.connectionString(`esdb://${served.address}`);
      await client.appendToStream('note-1', numbers(0, 19).map(note), older);
    });

    afterEach(async () => {
      await client.dispose();
      await served.dispose();
    });

    const dataIn = async (stream: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const page of served.store.readStream(stream)) {
        if (page._tag === 'Right') for (const event of page.right.events) found.push(event.data);
      }
      return found;
    };

    /** Place and number of what is parked, by the links that stand for it. */
    const parked = async (): Promise<readonly string[]> => {
      const stream = '$persistentsubscription-note-1::group-parked';
      const found: string[] = [];
      try {
        for await (const { link, event } of client.readStream(stream, { resolveLinkTos: true })) {
          found.push(`${String(link?.revision)}: ${String((event?.data as { n: number }).n)}`);
        }
      } catch (thrown) {
        expect(thrown).toMatchObject({ type: 'stream-not-found' });
      }
      return found;
    };

    const settings = (overrides: object = {}) =>
      persistentSubscriptionToStreamSettingsFromDefaults({
        startFrom: START,
        checkPointAfter: 1,
        ...overrides,
      });

    type Options = Parameters<EventStoreDBClient['subscribeToPersistentSubscriptionToStream']>[2];
    const connect = (
      handle: (n: number, retries: number) => 'ack' | 'park' | 'retry' | 'keep',
      options?: Options,
    ) => {
      const subscription = client.subscribeToPersistentSubscriptionToStream(
        'note-1',
        'group',
        options,
      );
      const errors: unknown[] = [];
      subscription.on('error', (error) =>
        errors.push((error as unknown as { type: unknown }).type),
      );
      subscription.on('data', (resolved) => {
        const { event, retryCount } = resolved;
        const answer = handle((event?.data as { n: number }).n, retryCount ?? 0);
        if (answer === 'ack') void subscription.ack(resolved);
        if (answer === 'park') void subscription.nack(PARK, 'for the test', resolved);
        if (answer === 'retry') void subscription.nack(RETRY, 'for the test', resolved);
      });
      return { subscription, errors };
    };

    it('brings history and what comes, each event once, and goes on where it was', async () => {
      await client.createPersistentSubscriptionToStream('note-1', 'group', settings());
      const found: number[] = [];
      const first = connect((n) => (found.push(n), 'ack'));
      await eventually('history came', () => found.length === 20);
      await client.appendToStream('note-1', numbers(20, 24).map(note), older);
      await eventually('the rest came', () => found.length === 25);
      await first.subscription.unsubscribe();
      const checkpoints = '$persistentsubscription-note-1::group-checkpoint';
      let saved: readonly string[] = [];
      await eventually('the checkpoint is saved', () => {
        void dataIn(checkpoints).then((found) => (saved = found));
        return saved.at(-1) === '25';
      });
      await client.appendToStream('note-1', note(25), older);
      connect((n) => (found.push(n), 'ack'));
      await eventually('one more came', () => found.length === 26);
      expect(found).toStrictEqual(numbers(0, 25));
    });

    it('shares its events between its consumers', async () => {
      await client.createPersistentSubscriptionToStream('note-1', 'group', settings());
      const found: [number[], number[]] = [[], []];
      connect((n) => (found[0].push(n), 'ack'), { bufferSize: 2 });
      connect((n) => (found[1].push(n), 'ack'), { bufferSize: 2 });
      await eventually('all came', () => found.flat().length >= 20);
      expect(found.flat().sort((a, b) => a - b)).toStrictEqual(numbers(0, 19));
    });

    it('brings again what is refused, and parks what is refused too often or at once', async () => {
      await client.createPersistentSubscriptionToStream(
        'note-1',
        'group',
        settings({ maxRetryCount: 2 }),
      );
      const seen: string[] = [];
      connect((n, retries) => {
        if (n === 3 || n === 5) seen.push(`${String(n)} after ${String(retries)}`);
        if (n === 3) return 'retry';
        return n === 5 ? 'park' : 'ack';
      });
      let there: readonly string[] = [];
      const look = (): void => void parked().then((found) => (there = found));
      await eventually('both are parked', () => (look(), there.length === 2));
      expect([...seen].sort()).toStrictEqual(['3 after 0', '3 after 1', '3 after 2', '5 after 0']);
      expect(there.map((one) => one.split(': ')[1]).sort()).toStrictEqual(['3', '5']);
    });

    it('brings what is parked again when it is asked to, and parks again what fails again', async () => {
      await client.createPersistentSubscriptionToStream(
        'note-1',
        'group',
        settings({ maxRetryCount: 0 }),
      );
      const seen: number[] = [];
      let isBroken = true;
      connect((n) => {
        seen.push(n);
        return (isBroken && n >= 17) || n === 19 ? 'park' : 'ack';
      });
      let there: readonly string[] = [];
      const look = (): void => void parked().then((found) => (there = found));
      await eventually('three are parked', () => (look(), there.length === 3));
      isBroken = false;
      await client.replayParkedMessagesToStream('note-1', 'group', { stopAt: 2 });
      await eventually('one is left', () => (look(), there.length === 1));
      expect(seen.slice(20)).toStrictEqual([17, 18]);
      await client.replayParkedMessagesToStream('note-1', 'group');
      await eventually('it was parked anew', () => (look(), there[0] === '3: 19'));
      expect(seen.slice(20)).toStrictEqual([17, 18, 19]);
      expect(there).toStrictEqual(['3: 19']);
      await expect(client.replayParkedMessagesToStream('note-2', 'group')).rejects.toMatchObject({
        type: 'persistent-subscription-does-not-exist',
      });
    });

    it('brings again what nobody acknowledges in time, and to another when a consumer leaves', async () => {
      await client.createPersistentSubscriptionToStream(
        'note-1',
        'group',
        settings({ messageTimeout: 100 }),
      );
      const seen: number[] = [];
      const forgetful = connect((n, retries) =>
        n === 0 && retries === 0 ? 'keep' : (seen.push(n), n < 10 ? 'ack' : 'keep'),
      );
      await eventually('the first came again', () => seen.includes(0));
      await forgetful.subscription.unsubscribe();
      const rest: number[] = [];
      connect((n) => (rest.push(n), 'ack'));
      await eventually('the rest came', () => new Set(rest.filter((n) => n >= 10)).size === 10);
    });

    it('follows the whole log, filtered, from its end', async () => {
      const filter = streamNameFilter({ prefixes: ['memo-'] });
      await client.createPersistentSubscriptionToAll(
        'group',
        persistentSubscriptionToAllSettingsFromDefaults({ startFrom: END }),
        { filter },
      );
      const found: number[] = [];
      const subscription = client.subscribeToPersistentSubscriptionToAll('group');
      subscription.on('error', () => undefined);
      subscription.on('data', (resolved) => {
        found.push((resolved.event?.data as { n: number }).n);
        void subscription.ack(resolved);
      });
      await client.appendToStream('memo-1', numbers(100, 104).map(note), older);
      await client.appendToStream('note-2', note(7), older);
      await eventually('the memos came', () => found.length === 5);
      expect(found).toStrictEqual(numbers(100, 104));
    });

    it('is made once, is needed to consume, has as many consumers as it may, and drops them when deleted', async () => {
      const typeOf = async (failing: Promise<unknown>): Promise<unknown> => {
        try {
          return await failing;
        } catch (thrown) {
          return (thrown as { type: unknown }).type;
        }
      };
      const orphan = connect(() => 'ack');
      await eventually('it was refused', () => orphan.errors.length === 1);
      const create = () =>
        client.createPersistentSubscriptionToStream(
          'note-1',
          'group',
          settings({ maxSubscriberCount: 1 }),
        );
      await create();
      expect(await typeOf(create())).toBe('persistent-subscription-exists');
      const one = connect(() => 'keep');
      await new Promise((resolve) => one.subscription.once('data', resolve));
      const two = connect(() => 'keep');
      await eventually('the second was refused', () => two.errors.length === 1);
      await client.deletePersistentSubscriptionToStream('note-1', 'group');
      await eventually('the first was dropped', () => one.errors.length === 1);
      expect([orphan.errors, two.errors, one.errors]).toStrictEqual([
        ['persistent-subscription-does-not-exist'],
        ['maximum-subscribers-reached'],
        ['persistent-subscription-dropped'],
      ]);
      expect(await typeOf(client.deletePersistentSubscriptionToStream('note-1', 'group'))).toBe(
        'persistent-subscription-does-not-exist',
      );
    });
  });
};

describeGroups('in memory', inMemory);
describeGroups('in SQLite', inSqlite);
