import * as fc from 'fast-check';
import type { WrittenEntry } from '../src/index.js';

const YEAR_2001 = Date.UTC(2001, 0, 1);
const YEAR_2900 = Date.UTC(2900, 0, 1);

export const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.:~-]{0,30}$/);
const instant = fc.integer({ min: YEAR_2001, max: YEAR_2900 });
const text = fc.string({ minLength: 1, unit: 'binary' });
const access = fc.constantFrom('allowed', 'denied', 'after-confirmation');

const entryOf = <F extends Record<string, fc.Arbitrary<unknown>>>(
  name: WrittenEntry['entry'],
  required: F,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<WrittenEntry> =>
  fc.record(
    { entry: fc.constant(name), session: id, at: instant, ...required, ...optional },
    { requiredKeys: ['entry', 'session', 'at', ...Object.keys(required)], noNullPrototype: true },
  ) as unknown as fc.Arbitrary<WrittenEntry>;

/** Every entry that the format can hold. */
export const anyEntry: fc.Arbitrary<WrittenEntry> = fc.oneof(
  entryOf(
    'session-started',
    {
      direction: fc.constantFrom('outgoing', 'incoming', 'both'),
      supporter: fc.option(id),
      signedIn: fc.boolean(),
      device: fc.option(id),
      module: fc.constantFrom('full', 'quicksupport'),
      platform: fc.constantFrom('windows', 'macos', 'unknown', 'haiku-r1'),
      method: fc.constantFrom('id-and-password', 'session-code', 'link', 'managed'),
      attended: fc.boolean(),
    },
    {
      accessControl: fc.record(
        { supporter: access, remote: access },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
  ),
  entryOf(
    'prompt-answered',
    { answer: fc.constantFrom('allowed', 'refused'), by: id },
    { method: id, noticeVersion: id, language: fc.constantFrom('en', 'de-DE', 'zh-Hans-CN') },
  ),
  entryOf('prompt-timed-out', {}),
  entryOf('consent-withdrawn', { by: id }, { method: id }),
  entryOf('chat', { speaker: fc.constantFrom('supporter', 'remote-side'), text }, { item: id }),
  entryOf('action', { text }, { item: id }),
  entryOf('assistant-message', { text }, { item: id }),
  entryOf('session-ended', {}),
);

/** Values that a field may wrongly hold; some of them are right for some fields. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom<unknown>(
    '',
    'x'.repeat(101),
    'a_b',
    '-a',
    'Windows',
    'denied',
    'chat',
    '\uD800',
    'a\uDC00b',
    '2026-02-29T10:00:00Z',
    '2028-02-29T10:00:00Z',
    '2026-06-31T10:00:00+02:00',
    '2026-06-30T24:00:00Z',
    '2026-06-30T23:59:60Z',
    '2026-06-30T10:00:00',
    '2026-06-30 10:00:00Z',
    '2026-06-30T10:00:00z',
    '1999-06-30T10:00:00Z',
    '2026-06-30T10:00:00.1234567890Z',
    '2026-06-30T10:00:00.123456789-23:59',
    '2026-06-30T10:00:00+24:00',
    { supporter: 'allowed' },
    { supporter: 'sometimes' },
    { other: 'allowed' },
    {},
    [],
    null,
    true,
    0,
  ),
);
