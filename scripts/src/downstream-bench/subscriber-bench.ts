import {
  atLeastOnce,
  makeSqliteCheckpoint,
  prepareSubscriber,
  startSubscriber,
} from '@daybook/subscriber';
import Database from 'better-sqlite3';
import { connect } from 'nats';
import { perSecond } from './per-second.js';

const STREAM = 'DAYBOOK';

/** The limit: the same client, the same server, no acknowledgements, nothing decoded. */
export const bareOrderedConsumer = async (url: string, events: number): Promise<number> => {
  const connection = await connect({ servers: url, noAsyncTraces: true });
  try {
    const consumer = await connection.jetstream().consumers.get(STREAM);
    return await perSecond(events, async () => {
      let seen = 0;
      for await (const message of await consumer.consume({ max_messages: 1_000 })) {
        seen += message.data.length > 0 ? 1 : 0;
        if (seen === events) return;
      }
    });
  } finally {
    await connection.close();
  }
};

/** The least that a durable does: a pull consumer whose messages are acknowledged one by one. */
export const bareDurable = async (url: string, events: number): Promise<number> => {
  const place = { servers: [url], durable: 'bare' };
  await prepareSubscriber(place, { from: 'beginning', window: 1_000 });
  const connection = await connect({ servers: url, noAsyncTraces: true });
  try {
    const consumer = await connection.jetstream().consumers.get(STREAM, place.durable);
    return await perSecond(events, async () => {
      let seen = 0;
      for await (const message of await consumer.consume({ max_messages: 1_000 })) {
        message.ack();
        seen += 1;
        if (seen === events) return;
      }
    });
  } finally {
    await connection.close();
  }
};

/** Decoded, in order per company, acknowledged; with an effect in SQLite when a file is given. */
export const subscriberRate = async (
  url: string,
  events: number,
  database?: string,
): Promise<number> => {
  const durable = database === undefined ? 'bench' : 'bench-sqlite';
  const place = { servers: [url], durable };
  await prepareSubscriber(place, { from: 'beginning', window: 1_000 });
  let seen = 0;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const count = (): Promise<void> => {
    seen += 1;
    if (seen === events) finish();
    return Promise.resolve();
  };
  if (database === undefined) {
    const started = startSubscriber({ ...place, checkpoint: atLeastOnce, handle: count });
    const rate = await perSecond(events, () => finished);
    await started.stop();
    return rate;
  }
  const db = new Database(database);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE seen (position INTEGER PRIMARY KEY)');
  const insert = db.prepare('INSERT INTO seen VALUES (?)');
  const started = startSubscriber({
    ...place,
    checkpoint: makeSqliteCheckpoint(db),
    handle: async ({ position }, context) => {
      await context.checkpoint(() => {
        insert.run(position);
      });
      await count();
    },
  });
  const rate = await perSecond(events, () => finished);
  await started.stop();
  db.close();
  return rate;
};
