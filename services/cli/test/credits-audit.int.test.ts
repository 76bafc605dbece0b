import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, makeExtractiveSummarizer, openEngine } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { join } from 'node:path';
import { daybook, json, makePlace, samples, type Place } from './program.js';

// Goal: a clean log has exit code 0, a planted defect is named with its events and has 1. Method: the
// built program over the sample month; the defect is written by an engine on the same directory.

let place: Place;
const audit = (...args: string[]) => daybook(place, ['credits', 'audit', ...args]);

beforeAll(() => {
  place = makePlace();
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect(daybook(place, ['init']).code).toBe(0);
  expect(daybook(place, ['import', '--by-time', ...files]).code).toBe(0);
});
afterAll(() => place.remove());

/** The end of the log, as another command says it. */
const end = (): number => Number(json(daybook(place, ['session', 'list', '--json']))['position']);

/** Appends a second capture of a hold, behind the back of the account. */
const captureAgain = async (stream: string, revision: number): Promise<void> => {
  const engine = await openEngine({
    directory: place.data,
    ruleBook,
    summarizer: makeExtractiveSummarizer(),
    clock: Date.now,
    notice: defaultNotice,
    summariesAtOnce: 1,
  });
  if (E.isLeft(engine)) throw new Error(engine.left._tag);
  const { store, close } = engine.right;
  const data = { chargeId: 's-none:0', sessionId: 's-none', capturedAt: 1 };
  const event = {
    id: '00000000-0000-8000-8000-000000000000',
    type: 'HoldCaptured',
    data: JSON.stringify(data),
    metadata: JSON.stringify({ commandId: 'by-hand', company: 'fernwacht' }),
  };
  const appended = await store.append(stream, revision, [event])();
  await close();
  if (E.isLeft(appended)) throw new Error(appended.left._tag);
};

describe('credits audit', () => {
  it('says what it looked at, and that everything holds', () => {
    const { code, out, err } = audit();
    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    expect(out).toContain(`${String(end())} events looked at`);
    expect(out).toContain('Clean: everything holds.');
    expect(out).not.toContain('✗');
  });

  it('says the same to programs, and again: it changes nothing', () => {
    const digest = daybook(place, ['doctor', '--digest']).out;
    expect(json(audit('--json'))).toMatchObject({
      isClean: true,
      events: end(),
      findings: [],
    });
    expect(daybook(place, ['doctor', '--digest']).out).toBe(digest);
  });

  it('names a planted defect with its events', async () => {
    const { creditEvents } = json(audit('--json'));
    const planted = end() + 1;
    await captureAgain('credits-fernwacht', Number(creditEvents) - 1);
    const { code, out, err } = audit();
    expect(code).toBe(1);
    expect(out).toContain('fernwacht: s-none:0: never held');
    expect(out).toContain(
      `revision ${String(creditEvents)} of credits-fernwacht, position ${String(planted)}`,
    );
    expect(out).toContain('event-id-not-derived');
    // The crafted event has no envelope, which keeps it from the read model: the log is audited all the same.
    expect(out).toContain('no read model to compare with');
    expect(err).toContain('daybook');
  });
});
