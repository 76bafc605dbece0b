import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents } from '@daybook/domain/all-events';
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import type { Mixed } from 'io-ts';
import { publishedStoredTypes, toPublishedEvent } from '../src/index.js';
import { REFUSED, strictReader } from '../src/contracts/strict-reader.js';
import { timestamp } from '../src/contracts/timestamp.js';
import { arbitraryOf, CANARIES } from './arbitrary-stored.js';
import { plainBody } from './plain-published.js';
import { fixtureEvents, metadataOf, storedEvent, streamFor } from './stored-events.js';

// Goal: the bytes of a published event never change, however they are made: streams that were filled by earlier
// versions are compared with them. Method: bytes that an earlier version published, and a plain way to say the same,
// over arbitrary events, also broken ones.

const released = JSON.parse(
  readFileSync(join(__dirname, 'golden/published-bodies.json'), 'utf8'),
) as Readonly<Record<string, string>>;

describe('the bytes of a published event', () => {
  const published = fixtureEvents().filter(({ type }) => type in released);

  it.each(published.map(({ type, data }) => [type, data] as const))(
    'are for %s what an earlier version published',
    (type, data) => {
      expect(toPublishedEvent(storedEvent({ type, data }))?.body).toBe(released[type]);
    },
  );

  it('are kept for every type that an earlier version published', () => {
    expect(published).toHaveLength(Object.keys(released).length);
    expect(published.length).toBeGreaterThan(50);
  });
});

/** Now and then something else in the place of a value, a field too many, or one too few. */
const bent = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .record({ at: fc.nat(200), with: fc.constantFrom<unknown>(null, 'x', -1, 0.5, {}, [], -0) })
    .map((change) => {
      let place = 0;
      const walk = (part: unknown): unknown => {
        place += 1;
        if (place === change.at) return change.with;
        if (Array.isArray(part)) return part.map(walk);
        if (typeof part !== 'object' || part === null) return part;
        const fields = Object.entries(part).map(([name, field]) => [name, walk(field)] as const);
        const isTurned = change.at % 3 === 0;
        const kept = isTurned ? [...fields].reverse() : fields;
        if (change.at % 5 === 0) return Object.fromEntries([['more', 'x'], ...kept]);
        return Object.fromEntries(change.at % 7 === 0 ? kept.slice(1) : kept);
      };
      return walk(value);
    });

const text = fc.constantFrom('word-1', 'a"b', 'a\\b', 'ü', '', ...CANARIES);

const metadata = fc.oneof(
  fc.constant(JSON.parse(metadataOf('acme')) as unknown).chain(bent),
  fc.record(
    {
      schema: fc.constant(1),
      company: fc.constant('acme'),
      actor: fc.record({ kind: fc.constant('system'), id: text }),
      commandId: text,
      correlationId: text,
      causationId: text,
      occurredAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
      ruleVersion: text,
      more: text,
    },
    {
      requiredKeys: [
        'schema',
        'company',
        'actor',
        'commandId',
        'correlationId',
        'occurredAt',
        'ruleVersion',
      ],
    },
  ),
);

const stream = (type: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(streamFor(type, 'acme', 's-1')) },
    fc.constantFrom('acme', '-acme', 'credits-', 'credits-acme_', 'a_b-acme', 'Session-acme_s'),
    text.map((id) => streamFor(type, 'acme', id)),
  );

it.each(publishedStoredTypes)('%s leaves as the bytes of the plain way', (type) => {
  const codec: Mixed = allEvents[type];
  const data = arbitraryOf(codec);
  fc.assert(
    fc.property(
      fc.record({
        data: fc.oneof(data, data.chain(bent)),
        about: metadata,
        place: stream(type),
        id: fc.oneof(fc.uuid(), text),
        recordedAt: fc.integer({ min: -1, max: 253_402_300_800_000 }),
      }),
      ({ data: stored, about, place, id, recordedAt }) => {
        const made = storedEvent({ type, data: stored });
        const rest = { metadata: JSON.stringify(about), stream: place, id, recordedAt };
        const event = { ...made, ...rest };
        expect(toPublishedEvent(event)?.body).toBe(plainBody(event));
      },
    ),
    { numRuns: 80 },
  );
});

it.each(publishedStoredTypes)('a stored %s is read as its codec decodes it', (type) => {
  const codec: Mixed = allEvents[type];
  const read = strictReader(codec);
  fc.assert(
    fc.property(arbitraryOf(codec).chain(bent), (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      const decoded: E.Either<unknown, unknown> = codec.decode(json);
      const wanted = E.isRight(decoded) ? JSON.stringify(decoded.right) : undefined;
      const found = read(json);
      expect(found === REFUSED ? undefined : JSON.stringify(found)).toBe(wanted);
    }),
    { numRuns: 60 },
  );
});

it('an instant is written as the language writes it', () => {
  const instants = fc.oneof(fc.integer({ min: 0, max: 253_402_300_799_999 }), fc.maxSafeNat());
  fc.assert(
    fc.property(instants, (instant) => {
      fc.pre(instant <= 8_640_000_000_000_000);
      expect(timestamp(instant)).toBe(new Date(instant).toISOString());
    }),
  );
});
