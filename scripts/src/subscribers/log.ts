import { type EventStore, makeInMemoryEventStore } from '@daybook/event-store';
import { backfill } from '@daybook/publisher';
import { brokerAt } from '../relay-loop/broker.js';
import { CreditHistory } from '../synthetic/credit-history.js';
import { right } from '../synthetic/company.js';

/** A log with so many sessions that were each charged, published to a server. */
export const publishedSessions = async (url: string, sessions: number): Promise<EventStore> => {
  const store = makeInMemoryEventStore({ clock: () => Date.now() });
  const history = new CreditHistory(store, sessions);
  await history.begin();
  await history.growTo(sessions);
  right(await backfill({ store, broker: brokerAt(url, 'subscribers'), window: 128 }));
  return store;
};

/** Credits used per month, from what is stored and not from what was published. */
export const usedByMonth = async (store: EventStore): Promise<Readonly<Record<string, number>>> => {
  const held = new Map<string, Readonly<{ month: string; amount: number }>>();
  const used: Record<string, number> = {};
  for await (const page of store.readAll({ filter: { types: ['CreditsHeld', 'HoldCaptured'] } }))
    for (const { type, data } of right(page).events) {
      const { chargeId, heldAt, amount } = JSON.parse(data) as {
        chargeId: string;
        heldAt: number;
        amount: number;
      };
      if (type === 'CreditsHeld')
        held.set(chargeId, { month: new Date(heldAt).toISOString().slice(0, 7), amount });
      const charge = type === 'HoldCaptured' ? held.get(chargeId) : undefined;
      if (charge !== undefined) used[charge.month] = (used[charge.month] ?? 0) + charge.amount;
    }
  return used;
};
