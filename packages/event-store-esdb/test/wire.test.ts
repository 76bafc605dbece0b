/** The codec written by hand against the classes generated from the protocol's own files: equal messages, both ways. */
import type { EventToAppend, StoredEvent } from '@daybook/event-store';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import fc from 'fast-check';
import { appendMessages, unsendable } from '../src/append-request.js';
import { UnreadableLog } from '../src/store-error.js';
import { correlationText, readAppendAnswer } from '../src/wire/append-response.js';
import { positionOf, readMessageOf } from '../src/wire/read-response.js';

/** Numbers of appends fit into the last group of a UUID. */
const numberOfAppend = fc.nat({ max: 2 ** 48 - 1 });
const safe = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const type = text.filter((word) => !word.startsWith('$'));

const toAppend: fc.Arbitrary<EventToAppend> = fc.record({
  id: fc.uuid(),
  type,
  data: fc.json(),
  metadata: fc.json(),
});

const stored: fc.Arbitrary<StoredEvent> = fc.record({
  id: fc.uuid(),
  type,
  data: fc.json(),
  metadata: fc.json(),
  stream: text,
  revision: safe,
  position: safe,
  recordedAt: fc.nat({ max: 4_000_000_000_000 }),
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const base64 = (word: string): string => Buffer.from(word).toString('base64');

const identifierOf = (stream: string): shared.StreamIdentifier => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(base64(stream));
  return identifier;
};

type Recorded = streams.ReadResp.ReadEvent.RecordedEvent;

const recordedOf = (event: StoredEvent): Recorded => {
  const id = new shared.UUID();
  id.setString(event.id.toUpperCase());
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(identifierOf(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position));
  recorded.setPreparePosition(String(event.position));
  recorded
    .getMetadataMap()
    .set('created', `${String(event.recordedAt)}9876`)
    .set('type', event.type)
    .set('content-type', 'application/json');
  recorded.setData(base64(event.data));
  recorded.setCustomMetadata(base64(event.metadata));
  return recorded;
};

const eventMessage = (recorded: Recorded): Buffer => {
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setLink(recorded);
  event.setCommitPosition('7');
  const response = new streams.ReadResp();
  response.setEvent(event);
  return Buffer.from(response.serializeBinary());
};

describe('a message of a read', () => {
  it('brings an event as the generated classes write it', () => {
    fc.assert(
      fc.property(stored, (event) => {
        // Position zero is not sent, and there is none in a log.
        fc.pre(event.position > 0);
        expect(readMessageOf(eventMessage(recordedOf(event)))).toStrictEqual({
          kind: 'event',
          event: { ...event, id: event.id.toLowerCase() },
        });
      }),
    );
  });

  it('tells how far was looked, that nothing is left, that a stream is missing; the rest is passed over', () => {
    const response = new streams.ReadResp();
    const kinds: string[] = [];
    const tell = (): void => {
      kinds.push(readMessageOf(Buffer.from(response.serializeBinary())).kind);
    };
    tell();
    response.setConfirmation(new streams.ReadResp.SubscriptionConfirmation());
    tell();
    response.setCaughtUp(new streams.ReadResp.CaughtUp());
    tell();
    response.setFellBehind(new streams.ReadResp.FellBehind());
    tell();
    response.setStreamNotFound(new streams.ReadResp.StreamNotFound());
    tell();
    expect(kinds).toStrictEqual(['other', 'other', 'caught-up', 'fell-behind', 'not-found']);
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition('9007199254740991');
    checkpoint.setPreparePosition('9007199254740991');
    response.setCheckpoint(checkpoint);
    expect(readMessageOf(Buffer.from(response.serializeBinary()))).toStrictEqual({
      kind: 'checkpoint',
      position: Number.MAX_SAFE_INTEGER,
    });
  });

  it('passes over a link whose target is gone', () => {
    const event = new streams.ReadResp.ReadEvent();
    event.setLink(new streams.ReadResp.ReadEvent.RecordedEvent());
    const response = new streams.ReadResp();
    response.setEvent(event);
    expect(readMessageOf(Buffer.from(response.serializeBinary()))).toStrictEqual({ kind: 'other' });
  });

  const [sample] = fc.sample(stored, { seed: 1, numRuns: 1 });
  const changed = (change: (recorded: Recorded) => void): Buffer => {
    if (sample === undefined) throw new Error('nothing');
    const recorded = recordedOf({ ...sample, position: 12 });
    change(recorded);
    return eventMessage(recorded);
  };
  const unreadable: readonly (readonly [string, (recorded: Recorded) => void])[] = [
    ['an id', (recorded) => recorded.clearId()],
    ['a stream', (recorded) => recorded.clearStreamIdentifier()],
    ['a position', (recorded) => recorded.setCommitPosition('0')],
    [
      'a position that a number holds',
      (recorded) => recorded.setCommitPosition('9007199254740992'),
    ],
    ['one position', (recorded) => recorded.setPreparePosition('11')],
    [
      'a revision that a number holds',
      (recorded) => recorded.setStreamRevision('9007199254740992'),
    ],
  ];
  it.each(unreadable)('without %s is refused loudly', (_name, change) => {
    expect(() => readMessageOf(changed(change))).toThrow(UnreadableLog);
  });

  it('may bring what ends a stream, at the largest revision there is', () => {
    const tombstone = changed((recorded) => {
      recorded.setStreamRevision('9223372036854775807');
      recorded.getMetadataMap().set('type', '$streamDeleted');
    });
    expect(readMessageOf(tombstone).kind).toBe('event');
  });

  it('is refused, and nothing else happens, when it is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const read of [readMessageOf, readAppendAnswer]) {
          try {
            read(Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableLog);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused wherever it is cut', () => {
    const whole = changed(() => undefined);
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => readMessageOf(whole.subarray(0, length))).toThrow(UnreadableLog);
    }
  });
});

describe('a position', () => {
  it('is the commit position, as long as a number holds it exactly', () => {
    expect(positionOf(1, 1)).toBe(1);
    expect(positionOf(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe(2 ** 53 - 1);
  });
});

describe('an append', () => {
  it('is read by the generated classes as it was meant', () => {
    const request = fc.record({
      stream: text,
      expected: fc.oneof(fc.constant('no-stream' as const), safe),
      events: fc.array(toAppend, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(request, numberOfAppend, (asked, n) => {
        const { stream, expected, events } = asked;
        const [bytes, ...rest] = appendMessages(asked, n);
        const message = streams.BatchAppendReq.deserializeBinary(bytes ?? Buffer.alloc(0));
        const options = message.getOptions();
        expect({
          rest,
          correlation: message.getCorrelationId()?.getString(),
          stream: textOf(options?.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array()),
          expected: options?.hasNoStream() === true ? 'no-stream' : options?.getStreamPosition(),
          deadline: options?.hasDeadline(),
          isFinal: message.getIsFinal(),
          events: message.getProposedMessagesList().map((proposed) => ({
            id: proposed.getId()?.getString(),
            type: proposed.getMetadataMap().get('type'),
            contentType: proposed.getMetadataMap().get('content-type'),
            data: textOf(proposed.getData_asU8()),
            metadata: textOf(proposed.getCustomMetadata_asU8()),
          })),
        }).toStrictEqual({
          rest: [],
          correlation: correlationText(n),
          stream,
          expected: expected === 'no-stream' ? expected : String(expected),
          deadline: false,
          isFinal: true,
          events: events.map((event) => ({ ...event, contentType: 'application/json' })),
        });
      }),
    );
  });

  it('of many bytes goes in several messages, the first with its options, the last final', () => {
    const events = Array.from({ length: 5 }, (_, n) => ({
      id: correlationText(n),
      type: 'NoteTaken',
      data: JSON.stringify('é'.repeat(600_000)),
      metadata: '{}',
    }));
    const messages = appendMessages({ stream: 'note-1', expected: 3, events }, 7).map((bytes) =>
      streams.BatchAppendReq.deserializeBinary(bytes),
    );
    expect(messages.map((message) => message.getProposedMessagesList().length)).toStrictEqual([
      2, 2, 1,
    ]);
    expect(messages.map((message) => message.hasOptions())).toStrictEqual([true, false, false]);
    expect(messages.map((message) => message.getIsFinal())).toStrictEqual([false, false, true]);
    const ids = messages.map((message) => message.getCorrelationId()?.getString());
    expect(new Set(ids)).toStrictEqual(new Set([correlationText(7)]));
  });

  it('of an event at the limit of a record is sent, and one byte above it is not', () => {
    const largest = 16 * 1024 * 1024 - 10_000;
    const of = (bytes: number) => {
      const data = `"${'x'.repeat(bytes - 2 - 2 - 2 * 4)}"`;
      const event = { id: correlationText(1), type: 'Note', data, metadata: '{}' };
      return unsendable({ stream: 'note-1', expected: 'no-stream', events: [event] });
    };
    expect(of(largest)).toBeUndefined();
    expect(of(largest + 1)).toMatch('Event 0 is larger');
  });
});

describe('the answer to an append', () => {
  const answered = (set: (response: streams.BatchAppendResp) => void): Buffer => {
    const response = new streams.BatchAppendResp();
    set(response);
    return Buffer.from(response.serializeBinary());
  };

  it('tells revision and position, under the number in text or in the two halves the database sends', () => {
    fc.assert(
      fc.property(numberOfAppend, safe, safe, (n, revision, position) => {
        const at = new shared.AllStreamPosition();
        at.setCommitPosition(String(position));
        at.setPreparePosition(String(position));
        const success = new streams.BatchAppendResp.Success();
        success.setCurrentRevision(String(revision));
        success.setPosition(at);
        const inText = new shared.UUID();
        inText.setString(correlationText(n).toUpperCase());
        const halves = new shared.UUID.Structured();
        halves.setMostSignificantBits(String(0x4000));
        halves.setLeastSignificantBits(String(BigInt.asIntN(64, (0x8000n << 48n) + BigInt(n))));
        const inHalves = new shared.UUID();
        inHalves.setStructured(halves);
        for (const id of [inText, inHalves]) {
          const bytes = answered((response) => {
            response.setCorrelationId(id);
            response.setStreamIdentifier(identifierOf('note-1'));
            response.setSuccess(success);
          });
          const told = position === 0 ? undefined : position;
          expect(readAppendAnswer(bytes)).toStrictEqual({
            correlation: n,
            success: { revision, position: { commit: told, prepare: told } },
          });
        }
      }),
    );
  });

  it('may have no position, may be a failure, and may be of nobody', () => {
    const success = new streams.BatchAppendResp.Success();
    success.setNoPosition(new shared.Empty());
    const withoutPosition = answered((response) => response.setSuccess(success));
    const other = new shared.UUID();
    other.setString('7a1f0e6c-0000-4000-8000-000000000001');
    const ofNobody = answered((response) => response.setCorrelationId(other));
    expect([readAppendAnswer(withoutPosition), readAppendAnswer(ofNobody)]).toStrictEqual([
      { correlation: undefined, success: { revision: 0, position: undefined } },
      { correlation: undefined, success: undefined },
    ]);
  });
});
