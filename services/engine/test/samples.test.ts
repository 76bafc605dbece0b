import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ruleBook } from '@daybook/domain/rules';
import { FailingReason } from '@daybook/domain/session-insights';
import { readJournal, type JournalEntry } from '@daybook/session-journal';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import {
  defaultNotice,
  explainCharges,
  explainSession,
  explainSummary,
  openEngine,
  parseSetupLine,
  reasonInWords,
  readStatement,
  type Engine,
  type InputLine,
  type SetupLine,
} from '../src/index.js';

// Goal: the sample company reaches every outcome that its table promises. Method: the sample's
// commands and sessions go through the engine in the order of time, and each session is explained.

const samples = join(__dirname, '../../../samples');
const company = 'fernwacht';

type Expected = Readonly<{
  outcome: string;
  basis?: string;
  reason?: string;
  summarised: boolean;
}>;

const expected = JSON.parse(
  readFileSync(join(samples, 'expected-outcomes.json'), 'utf8'),
) as Readonly<Record<string, Expected>>;

const setupLines = async (): Promise<readonly SetupLine[]> => {
  const lines: SetupLine[] = [];
  for await (const text of createInterface({
    input: createReadStream(join(samples, 'company.jsonl')),
  })) {
    const parsed = parseSetupLine(company, text);
    if (E.isLeft(parsed)) throw new Error(`${parsed.left.field}: ${parsed.left.reason}`);
    lines.push(parsed.right);
  }
  return lines;
};

const entries = async (): Promise<readonly JournalEntry[]> => {
  const read: JournalEntry[] = [];
  for await (const { result } of readJournal(createReadStream(join(samples, 'sessions.jsonl')))) {
    if (E.isLeft(result)) throw new Error(result.left.reason);
    read.push(result.right);
  }
  return read;
};

async function* inputOf(given: readonly JournalEntry[]): AsyncGenerator<InputLine> {
  for (const [index, entry] of given.entries())
    yield await Promise.resolve({ line: index + 1, bytes: index, result: E.right([entry]) });
}

const runSamples = async (engine: Engine): Promise<void> => {
  const setup = await setupLines();
  let rest = await entries();
  for (const [index, { call, command }] of setup.entries()) {
    const answer = await engine.company(call, command);
    if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
    const next = setup[index + 1]?.call.at ?? Infinity;
    const due = rest.filter(({ at }) => at < next);
    rest = rest.filter(({ at }) => at >= next);
    const imported = await engine.importEntries({
      company,
      source: 'journal',
      lines: inputOf(due),
      onProblem: (problem) => {
        throw new Error(problem.reason);
      },
    });
    if (E.isLeft(imported)) throw new Error(JSON.stringify(imported.left));
  }
};

describe('the sample company', () => {
  let directory: string;
  let engine: Engine;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'daybook-samples-'));
    const opened = await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => Date.UTC(2026, 6, 1),
      notice: defaultNotice,
      summariesAtOnce: 4,
    });
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    engine = opened.right;
    await runSamples(engine);
  });

  afterAll(async () => {
    await engine.close();
    rmSync(directory, { recursive: true });
  });

  it.each(Object.entries(expected))('decides %s as its table says', async (sessionId, wanted) => {
    const explained = await explainSession({ reader: engine.store, ruleBook })(company, sessionId);
    if (E.isLeft(explained) || explained.right === null) throw new Error('not explained');
    const { decisions, aiRefused } = explained.right;
    const last = decisions.at(-1)?.decided;
    expect(decisions.every(({ agrees }) => agrees)).toBe(true);
    expect(last?.outcome).toBe(wanted.outcome);
    expect(last?.basis ?? undefined).toBe(wanted.basis);
    expect(last?.reason ?? aiRefused?.reason).toBe(wanted.reason);
  });

  it('meets every reason of the rulebook at least once, and has plain words for each', async () => {
    const met = new Map<string, string>();
    for (const sessionId of Object.keys(expected)) {
      const explained = await explainSession({ reader: engine.store, ruleBook })(
        company,
        sessionId,
      );
      if (E.isLeft(explained) || explained.right === null) throw new Error('not explained');
      const { decisions, aiRefused } = explained.right;
      for (const { decided } of decisions)
        if (decided.reason !== null) met.set(decided.reason, sessionId);
      if (aiRefused !== null) met.set(aiRefused.reason, sessionId);
    }
    const reasons = Object.keys(FailingReason.keys).sort();
    expect(reasons).toHaveLength(19);
    expect([...met.keys()].sort()).toStrictEqual(reasons);
    for (const reason of met.keys())
      expect(reasonInWords[reason as FailingReason]).toMatch(/^[A-Z“].+\.$/);
  });

  it('explains every charge, refusal and revision, and each agrees', async () => {
    const reader = engine.store;
    const paid: string[] = [];
    for (const sessionId of Object.keys(expected)) {
      const credits = await explainCharges({ reader, ruleBook })(company, sessionId);
      const summary = await explainSummary(reader)(company, sessionId);
      if (E.isLeft(credits) || E.isLeft(summary)) throw new Error('not explained');
      const { charges, refusals } = credits.right;
      const all = [...charges, ...refusals, ...summary.right.revisions];
      expect(all.filter(({ agrees }) => !agrees)).toStrictEqual([]);
      if (charges.length > 0) paid.push(sessionId);
    }
    const summarised = Object.entries(expected).filter(([, wanted]) => wanted.summarised);
    expect(paid).toStrictEqual(summarised.map(([sessionId]) => sessionId));
  });

  it('closes the month with a statement that adds up', async () => {
    const answer = await readStatement(engine.store)(company, '2026-06');
    if (E.isLeft(answer) || answer.right === null) throw new Error('no statement');
    const { opening, grantedFree, purchased, usedFree, usedPaid, lapsed, held, closing } =
      answer.right.statement;
    const summarised = Object.values(expected).filter((one) => one.summarised).length;
    expect({ opening, grantedFree, purchased, lapsed, held }).toStrictEqual({
      opening: 0,
      grantedFree: 5,
      purchased: 4,
      lapsed: 0,
      held: 0,
    });
    expect(usedFree + usedPaid).toBe(summarised);
    expect(closing).toBe(9 - summarised);
  });
});
