import { readRuleBook, ruleBook as shipped, type RuleBook } from '@daybook/domain/rules';
import type { JournalEntry } from '@daybook/session-journal';
import { explainSession } from '../src/index.js';
import {
  COMPANY,
  engineOver,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

/*
 * Goal: a new rule version is data and nothing else. Method: an engine with the shipped book's first
 * entry alone decides; the same log is opened with one more entry, read from JSON, under which macOS is
 * supported from a date on. What was decided before stays, and comes out the same.
 */
/** The first entry as it stands in a file. */
const first = { ...shipped[0], effectiveFrom: 'beginning' };
const DATE = Date.UTC(2026, 2, 11);
const HOUR_MS = 3_600_000;

const before: RuleBook = right(readRuleBook([first]));
const after: RuleBook = right(
  readRuleBook(
    JSON.parse(
      JSON.stringify([
        first,
        {
          ...first,
          version: 'macos',
          effectiveFrom: '2026-03-11T00:00:00Z',
          platforms: ['windows', 'macos'],
          promptTimeoutMs: 30_000,
        },
      ]),
    ) as unknown,
  ),
);

const onMac = (session: string, at: number): JournalEntry =>
  ({ ...started(session), platform: 'macos', at }) as JournalEntry;

type Decision = Readonly<{ version: string; reason: string; agrees: boolean }>;

const decisionsOf = async (
  { store }: TestEngine,
  ruleBook: RuleBook,
  sessionId: string,
): Promise<readonly Decision[]> => {
  const explained = right(await explainSession({ reader: store, ruleBook })(COMPANY, sessionId));
  return (explained?.decisions ?? []).map(({ ruleVersion, decided, agrees }) => ({
    version: ruleVersion,
    reason: decided.reason ?? decided.outcome,
    agrees,
  }));
};

const old = '2023-01-01';
const refused: Decision = { version: old, reason: 'platform-not-supported', agrees: true };

describe('a new version of the rules', () => {
  it('decides from its date on, and changes nothing that was decided before', async () => {
    const store = memoryStore();
    const earlier = engineOver(store, { ruleBook: before });
    await setUp(earlier, 5);
    right(await earlier.entry(onMac('s-day-before', DATE - HOUR_MS)));
    right(await earlier.entry(onMac('s-too-early', DATE + HOUR_MS)));
    expect(await decisionsOf(earlier, before, 's-day-before')).toStrictEqual([refused]);

    const later = engineOver(store, { ruleBook: after });
    right(await later.entry(onMac('s-after', DATE + HOUR_MS)));
    right(await later.entry(onMac('s-at-midnight', DATE)));
    right(await later.entry(onMac('s-a-moment-before', DATE - 1)));
    expect(await decisionsOf(later, after, 's-after')).toStrictEqual([
      { version: 'macos', reason: 'eligible', agrees: true },
    ]);
    expect(await decisionsOf(later, after, 's-at-midnight')).toStrictEqual([
      { version: 'macos', reason: 'eligible', agrees: true },
    ]);
    // Heard of only now, and yet decided by the rules of its own time.
    expect(await decisionsOf(later, after, 's-a-moment-before')).toStrictEqual([refused]);

    // Decided while nobody knew of the new version: the old one stands, and comes out the same.
    for (const session of ['s-day-before', 's-too-early'])
      expect(await decisionsOf(later, after, session)).toStrictEqual([refused]);
  });
  it('gives a prompt the time that was its when it was put', async () => {
    const engine = engineOver(memoryStore(), { ruleBook: after });
    await setUp(engine, 5);
    const asking = { supporter: 'allowed', remote: 'after-confirmation' } as const;
    const overMidnight = { ...started('s-1'), at: DATE - 40_000, accessControl: asking };
    right(await engine.entry(overMidnight as JournalEntry));
    const allowed = { session: 's-1', answer: 'allowed', by: 'r-1' } as const;
    right(await engine.entry({ entry: 'prompt-answered', at: DATE + 15_000, ...allowed }));
    expect(await decisionsOf(engine, after, 's-1')).toStrictEqual([
      { version: old, reason: 'awaiting-consent', agrees: true },
      { version: 'macos', reason: 'eligible', agrees: true },
    ]);
  });
});
