import { eventIdOf } from '@daybook/command-handling';
import { creditAccount } from '@daybook/domain/credits';
import { companyStream, creditsStream } from '@daybook/domain/kernel';
import type { EventStore, EventToAppend } from '@daybook/event-store';
import { right } from './company.js';

export const FROM = Date.UTC(2024, 0, 1);
/** Of the history, months of 30 days. */
const MONTHS = 24;
export const MONTH_MS = 30 * 86_400_000;
export const NOW = FROM + MONTHS * MONTH_MS;
export const STREAM = creditsStream('bench');
const SESSIONS_PER_APPEND = 500;

const toAppend = (
  stream: string,
  commandId: string,
  event: Readonly<{ type: string; data: unknown }>,
): EventToAppend => ({
  id: eventIdOf(stream, commandId, 0),
  type: event.type,
  data: JSON.stringify(event.data),
  metadata: JSON.stringify({
    schema: 1,
    company: 'bench',
    actor: { kind: 'system', id: 'bench' },
    commandId,
    correlationId: commandId,
    occurredAt: FROM,
    ruleVersion: '2023-01-01',
  }),
});

const append = async (
  store: EventStore,
  stream: string,
  write: Readonly<{ revision: number; events: readonly EventToAppend[] }>,
): Promise<void> => {
  const [first, ...rest] = write.events;
  if (first === undefined) return;
  const expected = write.revision === 0 ? 'no-stream' : write.revision - 1;
  right(await store.append(stream, expected, [first, ...rest])());
};

const registered = toAppend(companyStream('bench'), 'register', {
  type: 'CompanyRegistered',
  data: { plan: 'tensor', timeZone: 'UTC' },
});

/** What the account itself decides: a hold and its capture for each session, over two years. */
export class CreditHistory {
  private account = creditAccount.initialState();
  private revision = 0;
  private sessions = 0;

  constructor(
    private readonly store: EventStore,
    private readonly total: number,
  ) {}

  async begin(): Promise<void> {
    await append(this.store, companyStream('bench'), { revision: 0, events: [registered] });
    const events: EventToAppend[] = [];
    for (let year = 0; year < 2; year += 1)
      this.decide(events, `order-${year}`, {
        type: 'PurchaseCredits',
        orderNumber: `PO-${year}`,
        amount: Math.ceil(this.total / 2),
        purchasedAt: FROM + year * 12 * MONTH_MS,
        timeZone: 'UTC',
      });
    await this.write(events);
  }

  /** Writes charges until there are `sessions` of them. */
  async growTo(sessions: number): Promise<void> {
    while (this.sessions < sessions) {
      const events: EventToAppend[] = [];
      const until = Math.min(sessions, this.sessions + SESSIONS_PER_APPEND);
      for (; this.sessions < until; this.sessions += 1) this.charge(events);
      await this.write(events);
    }
  }

  private charge(events: EventToAppend[]): void {
    const sessionId = `s-${this.sessions}`;
    const at = FROM + Math.floor((this.sessions / this.total) * MONTHS * MONTH_MS);
    this.decide(events, `${sessionId}/hold`, { type: 'HoldCredits', sessionId, heldAt: at });
    const chargeId = `${sessionId}:0`;
    this.decide(events, `${sessionId}/use`, { type: 'CaptureHold', chargeId, capturedAt: at });
  }

  private decide(
    events: EventToAppend[],
    commandId: string,
    command: Parameters<typeof creditAccount.decide>[0],
  ): void {
    for (const event of right(creditAccount.decide(command, this.account))) {
      this.account = creditAccount.evolve(this.account, event);
      events.push(toAppend(STREAM, commandId, event));
    }
  }

  private async write(events: readonly EventToAppend[]): Promise<void> {
    await append(this.store, STREAM, { revision: this.revision, events });
    this.revision += events.length;
  }
}
