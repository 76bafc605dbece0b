import { daybook, json, makePlace, type Place } from './program.js';

// Goal: billing tries a change and gets an answer, or the place of its mistake. Method: the built program
// over scenario files, without any data directory.

let place: Place;
const whatIf = (scenario: unknown, ...args: string[]) => {
  const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  return daybook(place, ['credits', 'what-if', place.file('scenario.json', text), ...args]);
};

const scenario = {
  timeZone: 'Europe/Berlin',
  rules: { from: '2026-07-01T00:00:00+02:00', tariff: 'assistant-blocks' },
  lots: [{ lot: 'PO-1', kind: 'purchased', credits: 4, effectiveAt: '2026-06-01T00:00:00Z' }],
  operations: [
    { op: 'use', at: '2026-06-10T10:00:00Z', session: 's1', assistantMessages: 120 },
    { op: 'use', at: '2026-07-10T10:00:00Z', session: 's2', assistantMessages: 120 },
    { op: 'use', at: '2026-07-11T10:00:00Z', session: 's3' },
  ],
  queries: [{ at: '2026-07-31T10:00:00Z' }],
};

beforeAll(() => {
  place = makePlace();
});
afterAll(() => place.remove());

describe('credits what-if', () => {
  it('shows rules, allocations, refusals and balances', () => {
    const { code, out, err } = whatIf(scenario);
    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    expect(out).toContain('charge s1:0: 1 of PO-1; left: PO-1 3');
    expect(out).toContain('charge s2:0: 3 of PO-1; left: PO-1 0');
    expect(out).toContain('refused: InsufficientCredits');
    expect(out).toContain('As of 2026-07-31 12:00:00 +02:00: 0 credits (0 free, 0 paid), 0 held');
  });

  it('says the same to programs, with instants in UTC', () => {
    const answer = json(whatIf(scenario, '--json'));
    expect(answer['queries']).toMatchObject([{ at: '2026-07-31T10:00:00.000Z', available: 0 }]);
    expect(answer['operations']).toMatchObject([
      { outcome: 'done', allocations: [{ lotId: 'PO-1', amount: 1 }] },
      { outcome: 'done', allocations: [{ lotId: 'PO-1', amount: 3 }] },
      { outcome: 'refused', refusal: { _tag: 'InsufficientCredits', missing: 1 } },
    ]);
  });

  it('names the place of a mistake and its remedy, and repeats nothing of the file', () => {
    const wrong = { lots: [{ ...scenario.lots[0], credits: 'many' }] };
    const { code, out, err } = whatIf(wrong);
    expect({ code, out }).toStrictEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /scenario\.json lots\[0\]\.credits is not a whole number.* — write a whole/,
    );
    expect(err).not.toContain('many');
  });

  it('tells what is no JSON and what cannot be read', () => {
    const broken = whatIf('{ "lots": [ secret');
    expect(broken.code).toBe(2);
    expect(broken.err).toContain('is not JSON');
    expect(broken.err).not.toContain('secret');
    const absent = daybook(place, ['credits', 'what-if', 'absent.json']);
    expect(absent).toMatchObject({ code: 2, out: '' });
    expect(absent.err).toContain('absent.json cannot be read (ENOENT)');
  });
});
