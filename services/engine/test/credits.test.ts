import {
  assistant,
  AT,
  chat,
  COMPANY,
  countOf,
  ended,
  engineOver,
  headOf,
  linesOf,
  memoryStore,
  right,
  setUp,
  started,
  storedTypes,
} from './in-memory-engine.js';

// Goal: one credit a session, never one more than there is. Method: many first uses at once, repeats
// of every entry, and an import against the same entries one by one.

describe('credits of concurrent sessions', () => {
  it('are held once for a session whose first assistant messages arrive together', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 5);
    right(await engine.entry(started('s1')));
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => engine.entry(assistant('s1', `a${index}`))),
    );
    expect(await countOf(engine.store, 'CreditsHeld')).toBe(1);
    expect(await countOf(engine.store, 'HoldCaptured')).toBe(1);
    expect(await countOf(engine.store, 'AssistantMessageAnswered')).toBe(16);
  });

  it('are never spent beyond the last one', async () => {
    const engine = engineOver(memoryStore());
    await setUp(engine, 7);
    const sessions = Array.from({ length: 20 }, (_, index) => `s${index}`);
    await Promise.all(sessions.map((session) => engine.entry(started(session))));
    const answers = await Promise.all(sessions.map((session) => engine.entry(assistant(session))));
    const refused = answers.filter((answer) => right(answer).refusal !== null);
    expect(await countOf(engine.store, 'HoldCaptured')).toBe(7);
    expect(refused).toHaveLength(13);
    expect(await countOf(engine.store, 'AssistantMessageAnswered')).toBe(7);
  });
});

describe('the same entries once more', () => {
  const entries = [
    started('s1'),
    chat('s1'),
    assistant('s1'),
    ended('s1'),
    started('s2'),
    chat('s2'),
    ended('s2', AT + 90_000),
  ];

  const imported = async (engine: ReturnType<typeof engineOver>) =>
    right(
      await engine.importEntries({
        company: COMPANY,
        source: 'journal',
        lines: linesOf(entries),
        onProblem: (problem) => {
          throw new Error(problem.reason);
        },
      }),
    );

  it('change nothing, in this process or in a new one', async () => {
    const store = memoryStore();
    const engine = engineOver(store);
    await setUp(engine, 5);
    const first = await imported(engine);
    const stored = await storedTypes(store);
    const again = await imported(engine);
    const afterRestart = await imported(engineOver(store));
    expect(first).toMatchObject({ recorded: 7, repeated: 0, sessions: 2, refused: {} });
    expect(again).toMatchObject({ recorded: 0, repeated: 7 });
    expect(afterRestart).toMatchObject({ recorded: 0, repeated: 7 });
    expect(await storedTypes(store)).toStrictEqual(stored);
  });
});

describe('free credits', () => {
  it('of a month that an upgrade finds ungranted are those of the plan before, and the difference', async () => {
    const engine = engineOver(memoryStore());
    right(await engine.company({ command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' }));
    right(
      await engine.company({ command: 'ActivateAi', termsVersion: '1' }, Date.UTC(2026, 0, 15)),
    );
    right(await engine.grants.runUntil(await headOf(engine.store)));
    right(await engine.company({ command: 'ChangePlan', plan: 'tensor' }, Date.UTC(2026, 1, 10)));
    right(await engine.grants.runUntil(await headOf(engine.store)));
    const amounts: unknown[] = [];
    for await (const page of engine.store.readStream('credits-acme'))
      for (const { data } of right(page).events) {
        const { month, amount } = JSON.parse(data) as Record<string, unknown>;
        amounts.push([month, amount]);
      }
    expect(amounts).toStrictEqual([
      ['2026-01', 5],
      ['2026-02', 5],
      ['2026-02', 45],
    ]);
  });

  it('are granted at activation, raised at an upgrade, and issued for missed months with their own dates', async () => {
    const engine = engineOver(memoryStore());
    right(await engine.company({ command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' }));
    right(await engine.company({ command: 'RegisterUser', userId: 'u-1', role: 'supporter' }));
    right(
      await engine.company({ command: 'ActivateAi', termsVersion: '1' }, Date.UTC(2026, 0, 15)),
    );
    right(await engine.company({ command: 'ChangePlan', plan: 'tensor' }, Date.UTC(2026, 0, 20)));
    right(await engine.company({ command: 'SetSummariesOption', path: 'outgoing', enabled: true }));
    right(await engine.grants.runUntil(await headOf(engine.store)));
    right(await engine.entry(started('s1')));
    right(await engine.entry(chat('s1')));
    right(await engine.entry(ended('s1')));
    right(await engine.insights.runUntil(await headOf(engine.store)));
    const granted: unknown[] = [];
    for await (const page of engine.store.readStream('credits-acme'))
      for (const { type, data } of right(page).events)
        if (type.startsWith('Monthly')) {
          const { month, amount, effectiveAt } = JSON.parse(data) as Record<string, unknown>;
          granted.push({ type, month, amount, effectiveAt });
        }
    expect(granted).toStrictEqual([
      {
        type: 'MonthlyCreditsGranted',
        month: '2026-01',
        amount: 5,
        effectiveAt: Date.UTC(2026, 0, 15),
      },
      {
        type: 'MonthlyGrantRaised',
        month: '2026-01',
        amount: 45,
        effectiveAt: Date.UTC(2026, 0, 20),
      },
      {
        type: 'MonthlyCreditsGranted',
        month: '2026-02',
        amount: 50,
        effectiveAt: Date.UTC(2026, 1, 1),
      },
      {
        type: 'MonthlyCreditsGranted',
        month: '2026-03',
        amount: 50,
        effectiveAt: Date.UTC(2026, 2, 1),
      },
    ]);
  });
});
