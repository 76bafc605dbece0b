import type { StoredEvent } from '@daybook/event-store';
import {
  contractOf,
  EVENT_BYTES_MAX,
  notPublished,
  toPublishedEvent,
  undecidedStoredTypes,
} from '../src/index.js';
import { complaints, releasedContracts } from './oracle.js';
import { fixtureEvents, metadataOf, storedEvent, uuidOf } from './stored-events.js';

// Goal: what leaves is a valid CloudEvent of its released schema, whatever is stored; and nothing else
// leaves. Method: one stored event of every type, as the domain's fixtures have them, checked by the
// reference package, strictly, and by the committed schemas.

const bodyOf = (event: StoredEvent): Record<string, unknown> =>
  JSON.parse(toPublishedEvent(event)?.body ?? 'null') as Record<string, unknown>;

describe('every stored type', () => {
  it('either has a contract or a reason why it stays inside', () => {
    expect(undecidedStoredTypes()).toStrictEqual([]);
  });

  it.each(fixtureEvents().map(({ type, data }) => [type, data] as const))(
    '%s leaves as a valid CloudEvent of its released schema, or not at all',
    (type, data) => {
      const published = toPublishedEvent(storedEvent({ type, data }));
      if (published === undefined) {
        expect(Object.keys(notPublished)).toContain(type);
        return;
      }
      expect(published.unpublishable).toBeUndefined();
      expect(published.type).toBe(contractOf(type)?.type);
      expect(complaints(published.body)).toStrictEqual([]);
      const { data: sent } = JSON.parse(published.body) as { data: object };
      const schema = JSON.parse(
        releasedContracts.get(`schemas/${published.type}.schema.json`) ?? '{}',
      ) as {
        properties: object;
      };
      expect(Object.keys(sent).sort()).toStrictEqual(Object.keys(schema.properties).sort());
    },
  );

  it('is refused by the oracle when it is no CloudEvent, so that the tests above can fail', () => {
    const { body } = toPublishedEvent(storedEvent({ type: 'AiDeactivated', data: {} })) ?? {};
    const event = JSON.parse(body ?? '{}') as Record<string, unknown>;
    expect(() => complaints(JSON.stringify({ ...event, dataschema: 'not a uri' }))).toThrow(
      'invalid payload',
    );
    expect(complaints(JSON.stringify({ ...event, sequence: 7 }))).toHaveLength(1);
  });
});

describe('a published event', () => {
  const held = {
    type: 'HoldCaptured',
    data: { chargeId: 's-1:0', sessionId: 's-1', capturedAt: Date.UTC(2026, 5, 30, 21, 59, 59, 5) },
  };

  it('says what happened, when, in which order and why, in CloudEvents words', () => {
    expect(bodyOf(storedEvent({ ...held, position: 42 }))).toStrictEqual({
      specversion: '1.0',
      id: uuidOf(42),
      source: '/daybook/companies/acme',
      type: 'daybook.credits.hold-captured.v1',
      subject: 'credits/acme',
      time: '2026-06-30T22:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:daybook:contract:daybook.credits.hold-captured.v1',
      sequence: '0000000000000042',
      partitionkey: 'acme',
      company: 'acme',
      correlationid: 'correlation-1',
      causationid: 'causation-1',
      recordedtime: '2026-06-30T22:00:01.042Z',
      ruleversion: '2023-01-01',
      data: { chargeId: 's-1:0', sessionId: 's-1', capturedAt: '2026-06-30T21:59:59.005Z' },
    });
  });

  it('refers to the API for the text of a summary', () => {
    const data = { by: 'u-sam', deletedAt: 1_793_608_300_000, lastRevision: 2 };
    expect(bodyOf(storedEvent({ type: 'SummaryDeleted', data, id: 's-9' }))['dataref']).toBe(
      '/v1/companies/acme/summaries/s-9',
    );
  });

  it('publishes a sentence that stands where a word is expected as “other”', () => {
    const data = { by: 'remote-side', method: 'she said: go on', withdrawnAt: 1_793_608_300_000 };
    expect(bodyOf(storedEvent({ type: 'ConsentWithdrawn', data }))['data']).toStrictEqual({
      sessionId: 's-1',
      by: 'remote-side',
      method: 'other',
      withdrawnAt: '2026-11-02T08:31:40.000Z',
    });
  });
});

describe('an event of a published type that cannot leave as itself', () => {
  const good = storedEvent({ type: 'SessionEnded', data: { endedAt: 1_793_608_300_000 } });
  const allocations = Array.from({ length: 1_200 }, (_, lot) => ({
    lotId: `order:${String(lot).padStart(60, '0')}`,
    amount: 1,
  }));
  const cases: readonly (readonly [string, StoredEvent, string])[] = [
    ['no JSON', { ...good, data: '{"endedAt":' }, 'not-decodable'],
    ['no metadata', { ...good, metadata: '{}' }, 'not-decodable'],
    ['another payload', { ...good, data: '{"endedAt":"today"}' }, 'not-decodable'],
    ['a stream of no company', { ...good, stream: 'session-a b_s-1' }, 'foreign-stream'],
    ['a stream that holds no sessions', { ...good, stream: 'credits-acme' }, 'foreign-stream'],
    ['another company’s metadata', { ...good, metadata: metadataOf('other') }, 'foreign-stream'],
    [
      'more lots than fit',
      storedEvent({
        type: 'CreditsDeducted',
        data: {
          reason: 'r',
          author: 'a',
          adjustmentId: 'x',
          amount: 1_200,
          allocations,
          deductedAt: 1,
        },
      }),
      'too-large',
    ],
  ];

  it.each(cases)('because of %s is replaced by one that says so', (_, event, reason) => {
    const published = toPublishedEvent(event);
    expect(published).toMatchObject({
      id: event.id,
      position: event.position,
      type: 'daybook.relay.event-unpublishable.v1',
      unpublishable: reason,
    });
    expect(complaints(published?.body ?? '')).toStrictEqual([]);
    expect(bodyOf(event)['data']).toStrictEqual({ reason, storedType: event.type });
  });

  it('would have been too large indeed', () => {
    expect(JSON.stringify(allocations).length).toBeGreaterThan(EVENT_BYTES_MAX);
  });
});

describe('text of a session', () => {
  const canary = 'CANARY my card is 4111 and I live in Bad Homburg';

  /** Puts the canary into every protected text and every free text that a stored event has. */
  const planted = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((item) => planted(item));
    if (typeof value === 'object' && value !== null)
      return 'form' in value
        ? { form: 'plain', value: plantedText((value as { value?: unknown }).value) }
        : Object.fromEntries(Object.entries(value).map(([name, v]) => [name, planted(v, name)]));
    return FREE_TEXT.has(key) ? canary : value;
  };
  const plantedText = (value: unknown): unknown => {
    if (typeof value === 'string') return canary;
    if (Array.isArray(value)) return value.map(plantedText);
    return Object.fromEntries(
      Object.entries(value as object).map(([name, v]) => [name, plantedText(v)]),
    );
  };
  const FREE_TEXT = new Set(['method', 'by', 'author', 'model', 'language', 'platform']);

  it.each(fixtureEvents().map(({ type, data }) => [type, data] as const))(
    'is in nothing that %s becomes',
    (type, data) => {
      const event = storedEvent({ type, data: planted(data) });
      expect(toPublishedEvent(event)?.body ?? '').not.toContain('CANARY');
    },
  );

  it('is in what is stored, so that the test above can fail', () => {
    const stored = fixtureEvents().map(({ data }) => JSON.stringify(planted(data)));
    expect(stored.filter((text) => text.includes('CANARY')).length).toBeGreaterThan(8);
  });
});
