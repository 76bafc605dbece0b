import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { unavailableFrom, type WebhooksUnavailable } from './open.js';

/** Another program sends the webhooks of this data directory. */
export type SenderRunning = Readonly<{ _tag: 'SenderRunning'; message: string }>;

const LOCK_FILE = 'webhooks.lock';

/**
 * Two senders would repeat and disorder messages. The one that sends holds a transaction on an empty file;
 * the system ends it with the process, however that ends.
 */
export const takeSenderLock = (
  directory: string,
): E.Either<SenderRunning | WebhooksUnavailable, Readonly<{ release: () => void }>> => {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(directory, LOCK_FILE), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return E.right({ release: () => void held.close() });
  } catch (thrown) {
    lock?.close();
    const unavailable = unavailableFrom(thrown);
    if (unavailable === undefined) throw thrown;
    if (!unavailable.code.startsWith('SQLITE_BUSY')) return E.left(unavailable);
    const message = `Another program sends the webhooks of ${directory} already.`;
    return E.left({ _tag: 'SenderRunning', message });
  }
};
