import { streamOf, creditsStream } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import type { JournalEntry } from '@daybook/session-journal';
import {
  momentInWords,
  replaySession,
  viewsOf,
  type ReplayStep,
  type SessionMoment,
  type SessionViews,
} from '../src/explain/index.js';
import {
  AT,
  assistant,
  chat,
  COMPANY,
  ended,
  engineOver,
  headOf,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

// Goal: a replay knows at every step what each could see, and ends at the state of now. Method: a session
// that is asked, agrees, uses AI and is summarised, stepped through event by event.

const SESSION = 's-1';
const when = (instant: number): string => `t${instant - AT}`;
const asked: JournalEntry = {
  ...(started(SESSION) as Extract<JournalEntry, { entry: 'session-started' }>),
  accessControl: { supporter: 'allowed', remote: 'after-confirmation' },
};
const agreed: JournalEntry = {
  entry: 'prompt-answered',
  session: SESSION,
  at: AT + 500,
  answer: 'allowed',
  by: 'remote-7',
  method: 'pop-up',
};

let engine: TestEngine;
let steps: readonly (ReplayStep & Readonly<{ type: string }>)[];

beforeAll(async () => {
  engine = engineOver(memoryStore());
  await setUp(engine, 1);
  for (const entry of [asked, agreed, chat(SESSION), assistant(SESSION), ended(SESSION)])
    right(await engine.entry(entry));
  right(await engine.insights.runUntil(await headOf(engine.store)));
  const streams = [
    streamOf('session', COMPANY, SESSION),
    streamOf('summary', COMPANY, SESSION),
    creditsStream(COMPANY),
  ];
  const found: (ReplayStep & Readonly<{ type: string }>)[] = [];
  for await (const page of engine.store.readAll())
    for (const { stream, revision, type } of right(page).events)
      if (streams.some((each) => each === stream)) found.push({ stream, revision, type });
  steps = found.filter(({ type }) => type !== 'CreditsPurchased');
});

type Shown = Readonly<{ type: string; after: SessionMoment; views: SessionViews }>;

const replayed = async (given: readonly (typeof steps)[number][]): Promise<readonly Shown[]> => {
  const shown: Shown[] = [];
  for await (const step of replaySession(engine.store, given)) {
    const { after, step: of } = right(step);
    shown.push({ type: of.type, after, views: viewsOf(after, { when }) });
  }
  return shown;
};

describe('A replay', () => {
  it('shows the remote side its question while it stands, and what came of its answer', async () => {
    const shown = await replayed(steps);
    const seen = shown.map(({ type, views }) => [type, views.remoteSide]);
    expect(seen.slice(0, 5)).toStrictEqual([
      ['SessionStarted', 'nothing: it is not asked'],
      ['EligibilityDecided', 'nothing: it is not asked'],
      ['ConsentRequested', 'the question: notice 2026-01 in en, until t60000'],
      ['ConsentGranted', 'that it agreed, and can take that back'],
      ['EligibilityDecided', 'that it agreed, and can take that back'],
    ]);
    expect(seen.at(-1)).toStrictEqual([
      'SummaryGenerated',
      'that it agreed; with the session the consent has ended',
    ]);
  });

  it('shows the supporter whether AI is there, and their own summary', async () => {
    const shown = await replayed(steps);
    const seen = [...new Set(shown.map(({ views }) => views.supporter))];
    expect(seen).toStrictEqual([
      'AI not available: the remote side has to answer first; no summary yet',
      'AI available; no summary yet',
      'AI no longer available; no summary',
      'AI no longer available; the summary, revision 1, ai',
    ]);
  });

  it('shows administrators and auditors all, and everybody else nothing', async () => {
    const shown = await replayed(steps);
    expect(shown.at(-1)?.views.company).toBe(
      'capture open on consent; charge s-1:0 of 1 captured; the summary, revision 1, ai',
    );
    expect(new Set(shown.map(({ views }) => views.others))).toStrictEqual(new Set(['nothing']));
  });

  it('shows a supporter from outside the company no summary', async () => {
    const outside = { ...asked, session: 's-2', supporter: null, device: null } as JournalEntry;
    right(await engine.entry(outside));
    const stream = streamOf('session', COMPANY, 's-2');
    const [first] = await replayed([{ stream, revision: 0, type: 'SessionStarted' }]);
    expect(first?.views.supporter).toContain('no summary, having no account of the company');
  });

  it('says in words how it stands', async () => {
    const last = (await replayed(steps)).at(-1);
    if (last === undefined) throw new Error('no steps');
    expect(momentInWords(last.after, { when })).toStrictEqual([
      ['Session', 'ended t60000'],
      ['Outcome', 'eligible'],
      ['Basis', 'consent'],
      ['Gate', 'open on consent since t500'],
      ['Consent', 'granted'],
      ['Captured', '1 kept, 1 answered by the assistant'],
      ['AI use', 'allowed, charge s-1:0'],
      ['Charge', 'charge s-1:0 of 1 captured'],
      ['Summary', 'the summary, revision 1, ai'],
    ]);
  });

  it('of any prefix gives what the whole gave after that step', async () => {
    const whole = await replayed(steps);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: steps.length }), async (length) => {
        expect(await replayed(steps.slice(0, length))).toStrictEqual(whole.slice(0, length));
      }),
      { numRuns: 20 },
    );
  });

  it('of events whose session had not started yet shows nothing of it', async () => {
    const [, ...later] = steps;
    const shown = await replayed(later);
    const seen = new Set(shown.map(({ views }) => `${views.remoteSide}, ${views.supporter}`));
    expect(seen).toStrictEqual(new Set(['nothing, nothing']));
  });

  it('of a refused command changes nothing', async () => {
    const refusedAt = await engine.entry({ ...chat(SESSION, 'late'), at: AT - 1 });
    expect(E.isRight(refusedAt)).toBe(true);
    const stream = streamOf('session', COMPANY, SESSION);
    const last = steps.filter((step) => step.stream === stream).at(-1);
    const refused = { stream, revision: (last?.revision ?? 0) + 1, type: 'CommandRefused' };
    const shown = await replayed([...steps, refused]);
    expect(shown).toHaveLength(steps.length + 1);
    expect(shown.at(-1)?.views).toStrictEqual(shown.at(-2)?.views);
  });
});
