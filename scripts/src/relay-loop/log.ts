import { randomUUID } from 'node:crypto';
import type { EventStore } from '@daybook/event-store';
import { right } from '../synthetic/company.js';

const AT = Date.UTC(2026, 5, 30, 22);
const AT_ONCE = 250;

const metadataOf = (company: string, number: number): string =>
  JSON.stringify({
    schema: 1,
    company,
    actor: { kind: 'system', id: 'relay-loop' },
    commandId: `command-${number}`,
    correlationId: `session-${number}`,
    occurredAt: AT,
    ruleVersion: '2023-01-01',
  });

const appendOne = async (store: Pick<EventStore, 'append'>, number: number): Promise<void> => {
  const company = `c${number % 4}.example`;
  const event = {
    id: randomUUID(),
    type: 'SessionEnded',
    data: JSON.stringify({ endedAt: AT }),
    metadata: metadataOf(company, number),
  };
  right(await store.append(`session-${company}_s-${number}`, 'no-stream', [event])());
};

/** Appends sessions' ends of four companies: events that are published, numbered from `from`. */
export const appendSessions = async (
  store: Pick<EventStore, 'append'>,
  numbers: Readonly<{ from: number; count: number }>,
): Promise<void> => {
  for (let done = 0; done < numbers.count; done += AT_ONCE) {
    const size = Math.min(AT_ONCE, numbers.count - done);
    await Promise.all(
      Array.from({ length: size }, (_, index) => appendOne(store, numbers.from + done + index)),
    );
  }
};
