import type { CreditEvent } from '@daybook/domain/credits';
import type { Finding, PortalContent } from '@daybook/domain/reconciliation';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { reconcileCompany, type PortalLine } from '../src/reconcile.js';
import {
  assistant,
  AT,
  chat,
  COMPANY,
  ended,
  engineOver,
  failingSummarizer,
  headOf,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

// Goal: the facts of a real log are gathered whole, and nothing of it changes. Method: an engine in
// memory makes the log; what no engine would write is appended to it by hand.

const content: PortalContent = {
  orderNumber: 'PO-1',
  purchasedAt: AT,
  credits: 5,
  status: 'completed',
  price: '',
  currency: '',
  invoiceNumber: '',
};
const lineOf = (line: number, changes: Partial<PortalContent> = {}): PortalLine =>
  E.right({ ...content, ...changes, line });

type Broken = Readonly<{ _tag: 'Broken' }>;
async function* pagesOf(
  ...pages: readonly E.Either<Broken, readonly PortalLine[]>[]
): AsyncGenerator<E.Either<Broken, readonly PortalLine[]>> {
  for (const page of pages) yield await Promise.resolve(page);
}

const reconcile = async (
  store: EventStore,
  portal: ReturnType<typeof pagesOf> = pagesOf(E.right([lineOf(2)])),
) => {
  const findings: Finding[] = [];
  const compared = await reconcileCompany({ reader: store, ruleBook })<Broken>({
    company: COMPANY,
    timeZone: 'UTC',
    now: AT,
    scope: {},
    portal,
    onFinding: (finding) => findings.push(finding),
  });
  return { compared, findings };
};

/** Writes to the account what no decision would. */
const forge = async (store: EventStore, ...events: readonly CreditEvent[]): Promise<void> => {
  const stream = `credits-${COMPANY}`;
  for (const { type, data } of events) {
    let revision = -1;
    for await (const page of store.readStream(stream))
      for (const event of right(page).events) revision = event.revision;
    const forged = { id: randomUUID(), type, data: JSON.stringify(data), metadata: '{}' };
    right(await store.append(stream, revision, [forged])());
  }
};

const forgedHold = (sessionId: string, generation: number): CreditEvent => ({
  type: 'CreditsHeld',
  data: {
    chargeId: `${sessionId}:${generation}`,
    sessionId,
    generation,
    amount: 1,
    allocations: [{ lotId: 'order:PO-1', amount: 1 }],
    heldAt: AT,
    timesOutAt: AT + 1,
    tariff: 'per-session',
  },
});

const run = async (engine: TestEngine, session: string): Promise<void> => {
  for (const entry of [started(session), chat(session), ended(session)])
    right(await engine.entry(entry));
  right(await engine.insights.runUntil(await headOf(engine.store)));
};

let store: EventStore;
let engine: TestEngine;

beforeEach(async () => {
  store = memoryStore();
  engine = engineOver(store);
  await setUp(engine, 5);
  right(await engine.grants.runUntil(await headOf(store)));
});

describe('A log that an engine wrote', () => {
  it('agrees with itself and with the portal; every count is told', async () => {
    await run(engine, 's-1');
    for (const entry of [started('s-2'), assistant('s-2'), ended('s-2')])
      right(await engine.entry(entry));
    right(await engine.insights.runUntil(await headOf(store)));
    const before = await headOf(store);
    const { compared, findings } = await reconcile(store);
    expect(findings).toStrictEqual([]);
    expect(compared).toStrictEqual(
      E.right({
        position: before,
        portalLines: 1,
        unreadableLines: 0,
        repeatedLines: 0,
        repeated: [],
        orders: 1,
        sessions: 2,
        months: 1,
      }),
    );
    expect(await headOf(store)).toBe(before);
  });

  it('agrees where a summary failed and its hold was released', async () => {
    await run(engineOver(store, { summarizer: failingSummarizer }), 's-1');
    expect((await reconcile(store)).findings).toStrictEqual([]);
  });

  it('is read without the other companies in it', async () => {
    const answered = { messageId: 'a1', ordinal: 0, at: AT, text: { form: 'plain', value: 'T' } };
    const foreign = [
      ['session-other_s-9', 'AssistantMessageAnswered', answered],
      ['credits-other', 'CreditsHeld', forgedHold('s-9', 0).data],
    ] as const;
    for (const [stream, type, data] of foreign) {
      const event = { id: randomUUID(), type, data: JSON.stringify(data), metadata: '{}' };
      right(await store.append(stream, 'no-stream', [event])());
    }
    const { compared, findings } = await reconcile(store);
    expect(findings).toStrictEqual([]);
    expect(compared).toMatchObject({ right: { sessions: 0 } });
  });
});

describe('A log that contradicts itself', () => {
  it('shows a second charge and a charge without use, by events that are there', async () => {
    await run(engine, 's-1');
    const settled = (sessionId: string, generation: number): CreditEvent => ({
      type: 'HoldCaptured',
      data: { chargeId: `${sessionId}:${generation}`, sessionId, capturedAt: AT },
    });
    await forge(store, forgedHold('s-1', 1), forgedHold('s-0', 0), settled('s-0', 0));
    const { findings } = await reconcile(store);
    expect(findings.map((finding) => [finding.class, finding.events.length])).toStrictEqual([
      ['charged-without-ai-use', 2],
      ['session-charged-twice', 3],
    ]);
    for (const { stream, revision, position, eventId } of findings.flatMap(
      ({ events }) => events,
    )) {
      for await (const page of store.readStream(stream, { from: revision, limit: 1 }))
        expect(right(page).events).toMatchObject([{ id: eventId, position, revision }]);
    }
  });

  it('shows a summary and an assistant message whose charge was taken back', async () => {
    for (const entry of [started('s-1'), assistant('s-1'), chat('s-1'), ended('s-1')])
      right(await engine.entry(entry));
    right(await engine.insights.runUntil(await headOf(store)));
    await forge(store, {
      type: 'ChargeReversed',
      data: {
        chargeId: 's-1:0',
        sessionId: 's-1',
        reason: 'nothing-delivered',
        returned: [{ lotId: 'order:PO-1', amount: 1 }],
        lapsed: [],
        reversedAt: AT,
      },
    });
    const { findings } = await reconcile(store);
    expect(findings.map((finding) => finding.class)).toStrictEqual([
      'ai-use-without-charge',
      'summary-without-charge',
    ]);
  });

  it('shows a month that was not granted', async () => {
    const other = memoryStore();
    await setUp(engineOver(other), 5);
    expect((await reconcile(other)).findings).toMatchObject([
      { class: 'month-without-grant', month: '2026-03', dueAt: AT },
    ]);
  });
});

describe('A portal’s export', () => {
  it('whose end cannot be read is not compared', async () => {
    const broken = E.left({ _tag: 'Broken' } as const);
    const { compared, findings } = await reconcile(store, pagesOf(E.right([]), broken));
    expect([compared, findings]).toStrictEqual([broken, []]);
  });

  it('has its unreadable lines reported, and their orders are not missing', async () => {
    const problem = { orderNumber: 'PO-1', column: 'credits', reason: 'r', remedy: 'm' } as const;
    const page = pagesOf(
      E.right([E.left({ line: 2, ...problem }), lineOf(3, { orderNumber: 'X' })]),
    );
    const { findings } = await reconcile(store, page);
    expect(findings).toMatchObject([
      { class: 'portal-line-unreadable', ...problem, lines: [2] },
      { class: 'purchase-missing-in-ledger', orderNumber: 'X', lines: [3] },
    ]);
  });

  it('with a refund that was recorded is clean', async () => {
    right(await engine.company({ command: 'RefundPurchase', orderNumber: 'PO-1' }, AT + 1));
    const refunded = pagesOf(E.right([lineOf(2, { status: 'refunded' })]));
    expect((await reconcile(store, refunded)).findings).toStrictEqual([]);
    expect((await reconcile(store)).findings).toMatchObject([
      { class: 'refund-missing-in-portal' },
    ]);
  });

  it('gives the same findings in any order of its lines, with any of them repeated', async () => {
    const statements = fc.uniqueArray(
      fc.record({
        orderNumber: fc.constantFrom('PO-1', 'PO-2', 'PO-3'),
        credits: fc.constantFrom(5, 6),
        purchasedAt: fc.constantFrom(AT, AT + 86_400_000),
        status: fc.constantFrom('completed' as const, 'refunded' as const),
      }),
      { maxLength: 5, selector: (statement) => JSON.stringify(statement) },
    );
    const withRepeats = statements.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.subarray(rows).chain((more) => {
          const all = [...rows, ...more];
          return fc.shuffledSubarray(all, { minLength: all.length });
        }),
      ),
    );
    const linesOf = (rows: readonly Partial<PortalContent>[]) =>
      pagesOf(E.right(rows.map((changes, index) => lineOf(index + 2, changes))));
    const withoutLines = (findings: readonly Finding[]) =>
      findings.map(({ lines, ...finding }) => ({ ...finding, lines: lines.length }));
    await fc.assert(
      fc.asyncProperty(withRepeats, async ([rows, others]) => {
        const [one, other] = [
          await reconcile(store, linesOf(rows)),
          await reconcile(store, linesOf(others)),
        ];
        expect(withoutLines(other.findings)).toStrictEqual(withoutLines(one.findings));
        expect(other.compared).toMatchObject({
          right: { repeatedLines: others.length - rows.length },
        });
      }),
      { numRuns: 40 },
    );
  });
});
