import { makeInMemoryEventStore } from '@daybook/event-store';
import { readHistoricBalance } from '../src/historic-balance.js';
import { AT, COMPANY, engineOver, right, setUp } from './in-memory-engine.js';

// Goal: the balance on both time axes. Method: a purchase of the past that is recorded a day late.

const DAY_MS = 86_400_000;

it('counts a late purchase from its recording on, for instants at which it had been made', async () => {
  let now = AT;
  const store = makeInMemoryEventStore({ clock: () => now });
  const engine = engineOver(store);
  await setUp(engine, 3);
  now = AT + DAY_MS;
  right(await engine.company({ command: 'PurchaseCredits', orderNumber: 'PO-2', amount: 4 }));
  const available = async (asOf: number, knownAt: number): Promise<number> =>
    right(await readHistoricBalance(store)(COMPANY, { asOf, knownAt })).balance.available;
  expect(await available(AT, AT + DAY_MS - 1)).toBe(3);
  expect(await available(AT, AT + DAY_MS)).toBe(7);
  expect(await available(AT - 1, AT + DAY_MS)).toBe(0);
});
