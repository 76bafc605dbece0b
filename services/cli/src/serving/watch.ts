import type { ConsumerStatus, Metrics } from '@daybook/engine';
import type { Logger } from 'pino';
import { lasting, type Part } from './part.js';

const LOOK_EVERY_MS = 5_000;

const isWell = ({ state }: ConsumerStatus): boolean =>
  state === 'running' || state === 'starting' || state === 'standing-back';

const isOutgoing = ({ kind }: ConsumerStatus): boolean =>
  kind === 'relay' || kind === 'webhooks' || kind === 'connector';

/** Writes a line when a way out begins to wait for somebody, or goes on. */
export const watchOutgoing = (metrics: Metrics, log: Logger): Part => {
  const seen = new Map<string, ConsumerStatus['state']>();
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const found = await metrics.consumers();
    for (const status of found.filter(isOutgoing)) {
      const { name: consumer, state, reason, parked, lagSeconds } = status;
      const before = seen.get(consumer);
      seen.set(consumer, state);
      if (state === before) continue;
      const line = { consumer, state, reason, parked, lagSeconds };
      if (isWell(status)) log.info(line, 'a way out is at work');
      else log.warn(line, 'a way out is not at work');
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY_MS);
  return lasting('watch', async () => {
    clearInterval(timer);
    await looking;
  });
};
