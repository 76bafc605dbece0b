import { categories } from '@daybook/domain/kernel';
import type { EventStore, ReadFilter } from '@daybook/event-store';

const within = ({ types = [], categories: asked = [] }: ReadFilter = {}): ReadFilter => ({
  types,
  categories: asked.length > 0 ? asked : categories,
});

/**
 * The log without what is not Daybook's: clients of the served log may write streams of their own, with
 * types of any name, and a store writes streams for itself. Nothing of either is a fact to any rule.
 */
export const ownStreams = <Store extends Pick<EventStore, 'readAll' | 'subscribe'>>(
  store: Store,
): Store => ({
  ...store,
  readAll: (options = {}) => store.readAll({ ...options, filter: within(options.filter) }),
  subscribe: (options) => store.subscribe({ ...options, filter: within(options.filter) }),
});
