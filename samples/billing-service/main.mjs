import { handlersOf, makeBilling } from './billing.mjs';
import { Database, makeSqliteCheckpoint, startSubscriber, subjectFilter } from './dependencies.mjs';

const {
  NATS_URL = 'nats://127.0.0.1:4222',
  BILLING_DB = 'billing.db',
  BILLING_PAUSE = '',
} = process.env;

const database = new Database(BILLING_DB);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');

/** For rehearsing a crash: `BILLING_PAUSE=done:3` stands still after the third effect, before it is acknowledged. */
const [place, times] = BILLING_PAUSE.split(':');
let passed = 0;
const pauseAt = async (here) => {
  if (here !== place) return;
  passed += 1;
  if (passed !== Number(times)) return;
  console.log(`paused at ${BILLING_PAUSE}`);
  await new Promise(() => {});
};

const subscriber = startSubscriber({
  servers: [NATS_URL],
  durable: 'billing',
  // An operator may have made the durable before; then this finds it, and needs no permission to make one.
  prepare: {
    from: 'beginning',
    subject: subjectFilter({ context: 'credits' }),
    ackWaitMs: Number(process.env.BILLING_ACK_WAIT_MS ?? 30_000),
  },
  checkpoint: makeSqliteCheckpoint(database),
  handle: handlersOf(makeBilling(database), pauseAt),
  notice: (notice) => console.error(JSON.stringify(notice)),
});
console.log('reading');

const stop = async () => {
  await subscriber.stop();
  database.close();
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
