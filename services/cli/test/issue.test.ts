import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runHere } from './in-process.js';
import { json, makePlace, samples, type Ended, type Place } from './program.js';

// Goal: what `credits issue` closed can be handed out again for ever, and checked with a pipe. Method: the
// program's command lines over the sample month, which is over.

let place: Place;
const run = (...args: string[]): Promise<Ended> => runHere(place, args);
const june = ['credits', 'statement', '--month', '2026-06'] as const;

beforeAll(async () => {
  place = makePlace();
  expect((await run('init')).code).toBe(0);
  const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));
  expect((await run('import', '--by-time', ...files)).code).toBe(0);
});
afterAll(() => place.remove());

describe('A month that is issued', () => {
  it('is closed once, and the digest is of the canonical bytes', async () => {
    expect((await run('credits', 'issue', '--month', '2026-06')).out).toContain(
      'is issued for fernwacht',
    );
    expect((await run('credits', 'issue', '--month', '2026-06')).out).toContain(
      'was issued before',
    );
    const { out } = await run(...june, '--canonical');
    const digest = createHash('sha256').update(out).digest('hex');
    expect(json(await run(...june, '--json'))['digest']).toBe(digest);
    expect((await run(...june)).out).toContain(`SHA-256 of its canonical bytes ${digest}.`);
  });

  it('stays as it was when a purchase of that month is recorded late', async () => {
    const forms = async (): Promise<readonly string[]> => {
      const texts: string[] = [];
      for (const form of ['--canonical', '--csv', '--text'])
        texts.push((await run(...june, form)).out);
      return texts;
    };
    const before = await forms();
    const late = ['--order', 'late-1', '--amount', '2', '--at', '2026-06-15T10:00:00Z'];
    expect((await run('credits', 'purchase', ...late)).code).toBe(0);
    const after = await forms();
    expect(after).toStrictEqual(before);
    const july = (await run('credits', 'statement', '--month', '2026-07', '--text')).out;
    expect(july).toContain('purchased 2 of order:late-1 for late-1, correction of 2026-06');
  });

  it('is followed by the next, and by no other', async () => {
    const skipped = await run('credits', 'issue', '--month', '2026-08');
    expect([skipped.code, skipped.err]).toStrictEqual([
      1,
      expect.stringContaining('one month after the other'),
    ]);
    expect((await run('credits', 'issue', '--month', '2026-07')).code).toBe(0);
  });

  it('was open as known before, and an instant that is none is refused', async () => {
    const known = await run(...june, '--known-at', '2026-06-01T00:00:00Z', '--json');
    expect(json(known)).toMatchObject({ issuedAt: null, closing: 0, lines: [] });
    expect((await run(...june, '--known-at', 'yesterday')).code).toBe(2);
  });
});
