import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import type { WebhookRegistry, WithSecret } from '../src/index.js';
import type { Receiver } from './receiver.js';
import { manualTimer, type ManualTimer, newDirectory, NOW, right } from './set-up.js';

const emptyLog = () => makeInMemoryEventStore({ clock: () => NOW });
export const HOUR = 3_600_000;

export const added = (
  registry: WebhookRegistry,
  target: Pick<Receiver, 'url'>,
  more: Readonly<{ company?: string; types?: readonly string[]; after?: number }> = {},
): WithSecret => {
  const { company = 'acme', types = [], after = 0 } = more;
  return right(registry.add({ company, url: target.url, types, after }, 'test'));
};

type Place = Readonly<{
  directory: string;
  timer: ManualTimer;
  clock: () => number;
  store: EventStore;
}>;

export const place = (): Place => {
  const directory = newDirectory();
  const timer = manualTimer();
  return { directory, timer, clock: timer.now, store: emptyLog() };
};
