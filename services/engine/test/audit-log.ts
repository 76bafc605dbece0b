import { eventIdOf } from '@daybook/command-handling';
import { ruleBook } from '@daybook/domain/rules';
import { makeInMemoryEventStore, type EventStore, type EventToAppend } from '@daybook/event-store';
import { auditLog, type AuditReport, type LedgerFigures } from '../src/audit/index.js';
import { right } from './in-memory-engine.js';

export const AT = Date.UTC(2026, 5, 10);
export const START = Date.UTC(2026, 5, 1);
export const END = Date.UTC(2026, 6, 1);
export const HOUR = 3_600_000;

export type Crafted = Readonly<{
  stream: string;
  type: string;
  data: object;
  /** Default: a command of its own. */
  commandId?: string | null;
  /** Default: derived from stream and command, as every event's is. */
  id?: string;
}>;

const CREDITS = 'credits-acme';
export const onCredits = (type: string, data: object): Crafted => ({ stream: CREDITS, type, data });

const life = { effectiveAt: START, expiresAt: END };
export const month = (amount: number, lotId = 'free:2026-06'): Crafted =>
  onCredits('MonthlyCreditsGranted', {
    lotId,
    month: '2026-06',
    plan: 'business',
    amount,
    ...life,
  });
export const order = (orderNumber: string, amount: number): Crafted =>
  onCredits('CreditsPurchased', {
    lotId: `order:${orderNumber}`,
    effectiveAt: START,
    expiresAt: START + 365 * 24 * HOUR,
    orderNumber,
    amount,
    purchasedAt: START,
    priority: 0,
  });

type Taken = Readonly<{ lotId: string; amount: number }>;
export const FREE = 'free:2026-06';
export const one: readonly Taken[] = [{ lotId: FREE, amount: 1 }];

type HoldGiven = Readonly<{
  generation?: number;
  amount?: number;
  allocations?: readonly Taken[];
  heldAt?: number;
  tariff?: string;
}>;
export const held = (sessionId: string, given: HoldGiven = {}): Crafted => {
  const { generation = 0, allocations = one, heldAt = AT, tariff = 'per-session' } = given;
  const amount = given.amount ?? allocations.reduce((sum, taken) => sum + taken.amount, 0);
  const chargeId = `${sessionId}:${generation}`;
  const times = { heldAt, timesOutAt: heldAt + 48 * HOUR };
  const data = { chargeId, sessionId, generation, amount, allocations, ...times, tariff };
  return onCredits('CreditsHeld', data);
};
const charge = (sessionId: string, generation: number) => ({
  chargeId: `${sessionId}:${generation}`,
  sessionId,
});
export const captured = (sessionId: string, generation = 0): Crafted =>
  onCredits('HoldCaptured', { ...charge(sessionId, generation), capturedAt: AT + HOUR });

type GivenBack = Readonly<{
  generation?: number;
  returned?: readonly Taken[];
  lapsed?: readonly Taken[];
  at?: number;
}>;
export const released = (sessionId: string, given: GivenBack = {}): Crafted => {
  const { generation = 0, returned = one, lapsed = [], at = AT + HOUR } = given;
  const lists = { returned, lapsed, releasedAt: at };
  const reason = 'nothing-succeeded';
  return onCredits('HoldReleased', { ...charge(sessionId, generation), reason, ...lists });
};
export const reversed = (sessionId: string, given: GivenBack = {}): Crafted => {
  const { generation = 0, returned = one, lapsed = [], at = AT + HOUR } = given;
  const lists = { returned, lapsed, reversedAt: at };
  const reason = 'charged-in-error';
  return onCredits('ChargeReversed', { ...charge(sessionId, generation), reason, ...lists });
};
export const lapsed = (amount: number, origin: string | null = null, lapsedAt = END): Crafted =>
  onCredits('CreditsLapsed', { lotId: FREE, amount, lapsedAt, origin });

export const used = (sessionId: string, generation = 0): Crafted => ({
  stream: `session-acme_${sessionId}`,
  type: 'AiUseAllowed',
  data: { trigger: 'assistant', chargeId: `${sessionId}:${generation}`, at: AT },
});
export const message = (sessionId: string, ordinal: number): Crafted => ({
  stream: `session-acme_${sessionId}`,
  type: 'AssistantMessageAnswered',
  data: { messageId: `m-${ordinal}`, ordinal, at: AT, text: { form: 'plain', value: '…' } },
});
export const summarised = (sessionId: string): Crafted => ({
  stream: `summary-acme_${sessionId}`,
  type: 'SummaryGenerated',
  data: {
    sessionId,
    supporterId: null,
    deviceId: null,
    revision: 1,
    origin: 'ai',
    model: 'm',
    promptVersion: 'p',
    language: 'en',
    generatedAt: AT,
    body: {
      form: 'plain',
      value: { title: '', problem: '', steps: [], result: '', followUps: [], tags: [] },
    },
  },
});

const stored = (crafted: Crafted, index: number): EventToAppend => {
  const { stream, type, data } = crafted;
  const commandId = crafted.commandId === undefined ? `command/${index}` : crafted.commandId;
  const id = crafted.id ?? eventIdOf(stream, commandId ?? '', 0);
  return { id, type, data: JSON.stringify(data), metadata: JSON.stringify({ commandId }) };
};

/** A log of these events, each appended by itself. */
export const logOf = async (events: readonly Crafted[]): Promise<EventStore> => {
  const store = makeInMemoryEventStore({ clock: () => AT });
  const revisions = new Map<string, number>();
  for (const [index, crafted] of events.entries()) {
    const { stream } = crafted;
    const last = revisions.get(stream);
    right(await store.append(stream, last ?? 'no-stream', [stored(crafted, index)])());
    revisions.set(stream, (last ?? -1) + 1);
  }
  return store;
};

export const audited = async (
  store: Pick<EventStore, 'readAll'>,
  ledger?: LedgerFigures,
): Promise<AuditReport> =>
  right(await auditLog(store, { ruleBook, ...(ledger === undefined ? {} : { ledger }) }));

/** Each finding as `class subject @positions`. */
export const foundIn = ({ findings }: AuditReport): readonly string[] =>
  findings.map(
    ({ class: name, subject, events }) =>
      `${name} ${subject} @${events.map(({ position }) => position).join(',')}`,
  );
