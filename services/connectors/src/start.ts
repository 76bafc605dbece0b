import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectorConfig } from './config/connector-config.js';
import { startConnector, type Connector, type ConnectorHealth } from './connector.js';
import {
  lockDeliveries,
  openDeliveries,
  sqliteCode,
  type DeliveriesUnavailable,
} from './deliveries/deliveries.js';
import type { DeliveryReader } from './deliveries/reading.js';
import type { RetryPolicy, Wait } from './delivery/retry.js';
import type { ReadSummary } from './delivery/summary-now.js';
import type { Fetch } from './http/answers.js';
import { tableReader } from './remote-for.js';

export type ConnectorsOptions = Readonly<{
  configs: readonly ConnectorConfig[];
  store: Pick<EventStore, 'subscribe' | 'readAll' | 'readStream' | 'head'>;
  /** Data directory; the delivery table is `connectors.db` in it. */
  directory: string;
  /** Epoch milliseconds. */
  clock: () => number;
  random?: () => number;
  wait?: Wait;
  fetch?: Fetch;
  readSummary?: ReadSummary;
  retryPolicy?: RetryPolicy;
  pausePolicy?: RetryPolicy;
}>;

export type Connectors = Readonly<{
  all: readonly Connector[];
  health: () => readonly ConnectorHealth[];
  deliveries: DeliveryReader;
  /** Ends what is under way, then closes the delivery table. */
  stop: () => Promise<void>;
}>;

const timerWait: Wait = async (milliseconds, signal) => {
  try {
    // More than a timer takes; who waits looks again afterwards.
    await delay(Math.min(milliseconds, 2 ** 31 - 1), undefined, { signal });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
};

/** The content of a file as text; null when it cannot be read. */
export const readTextFile = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/**
 * Starts every connector of a configuration on one log. A second process
 * that would deliver from the same data directory is refused (`SQLITE_BUSY`).
 */
export const startConnectors = (
  options: ConnectorsOptions,
): E.Either<DeliveriesUnavailable, Connectors> => {
  const { configs, directory, ...rest } = options;
  const lock = lockDeliveries(directory);
  if (E.isLeft(lock)) return lock;
  const file = openDeliveries(directory);
  if (E.isLeft(file)) {
    lock.right.release();
    return file;
  }
  const defaults = {
    random: () => Math.random(),
    wait: timerWait,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    readTable: tableReader(readTextFile),
  };
  const release = (): void => {
    file.right.close();
    lock.right.release();
  };
  const all: Connector[] = [];
  try {
    for (const config of configs)
      all.push(startConnector({ ...defaults, ...rest, config, file: file.right }));
  } catch (thrown) {
    void Promise.all(all.map((one) => one.stop())).finally(release);
    const code = sqliteCode(thrown);
    if (code === null) throw thrown;
    return E.left({ _tag: 'DeliveriesUnavailable', code });
  }
  return E.right({
    all,
    health: () => all.map((one) => one.health()),
    deliveries: file.right.reader,
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
      release();
    },
  });
};
