import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { daybook, json, makePlace, samples, type Place } from './program.js';

// Goal: what `credits issue` closed can be handed out again for ever, and checked with a pipe. Method: the
// built program over the sample month, which is over.

let place: Place;
const run = (...args: string[]) => daybook(place, args);
const june = ['credits', 'statement', '--month', '2026-06'] as const;

beforeAll(() => {
  place = makePlace();
  expect(run('init').code).toBe(0);
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect(run('import', '--by-time', ...files).code).toBe(0);
});
afterAll(() => place.remove());

describe('A month that is issued', () => {
  it('is closed once, and the digest is of the canonical bytes', () => {
    expect(run('credits', 'issue', '--month', '2026-06').out).toContain('is issued for fernwacht');
    expect(run('credits', 'issue', '--month', '2026-06').out).toContain('was issued before');
    const { out } = run(...june, '--canonical');
    const digest = createHash('sha256').update(out).digest('hex');
    expect(json(run(...june, '--json'))['digest']).toBe(digest);
    expect(run(...june).out).toContain(`SHA-256 of its canonical bytes ${digest}.`);
  });

  it('stays as it was when a purchase of that month is recorded late', () => {
    const before = ['--canonical', '--csv', '--text'].map((form) => run(...june, form).out);
    const late = ['--order', 'late-1', '--amount', '2', '--at', '2026-06-15T10:00:00Z'];
    expect(run('credits', 'purchase', ...late).code).toBe(0);
    const after = ['--canonical', '--csv', '--text'].map((form) => run(...june, form).out);
    expect(after).toStrictEqual(before);
    const july = run('credits', 'statement', '--month', '2026-07', '--text').out;
    expect(july).toContain('purchased 2 of order:late-1 for late-1, correction of 2026-06');
  });

  it('is followed by the next, and by no other', () => {
    const skipped = run('credits', 'issue', '--month', '2026-08');
    expect([skipped.code, skipped.err]).toStrictEqual([
      1,
      expect.stringContaining('one month after the other'),
    ]);
    expect(run('credits', 'issue', '--month', '2026-07').code).toBe(0);
  });

  it('was open as known before, and an instant that is none is refused', () => {
    const known = run(...june, '--known-at', '2026-06-01T00:00:00Z', '--json');
    expect(json(known)).toMatchObject({ issuedAt: null, closing: 0, lines: [] });
    expect(run(...june, '--known-at', 'yesterday').code).toBe(2);
  });
});
