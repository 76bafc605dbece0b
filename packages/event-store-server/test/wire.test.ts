/** The codec written by hand against the classes generated from the protocol's own files: equal messages, both ways. */
import type { StoredEvent } from '@daybook/event-store';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import fc from 'fast-check';
import { toStored, tombstone } from '../src/event-form.js';
import {
  readAppendRequest,
  readBatchAppendRequest,
  readDeleteRequest,
} from '../src/wire/append-request.js';
import {
  appendedResponse,
  batchAppendedResponse,
  batchFailedResponse,
  deletedResponse,
  wrongRevisionResponse,
} from '../src/wire/append-response.js';
import { eachField, MalformedMessage } from '../src/wire/protobuf.js';
import { readReadRequest } from '../src/wire/read-request.js';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  streamNotFoundResponse,
} from '../src/wire/read-response.js';
import { readUuid, uuidMessage } from '../src/wire/uuid.js';
import { wrongRevision } from '../src/write-failure.js';

const safe = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const uuid = fc.uuid().filter((id) => id !== '00000000-0000-0000-0000-000000000000');

const stored: fc.Arbitrary<StoredEvent> = fc.record({
  id: uuid,
  type: text,
  data: fc.json(),
  metadata: fc.json(),
  stream: text,
  revision: safe,
  position: safe,
  recordedAt: fc.nat({ max: 4_000_000_000_000 }),
});

const nameOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const recorded = (event: streams.ReadResp.ReadEvent.RecordedEvent | undefined): object => {
  if (event === undefined) return {};
  return {
    id: event.getId()?.getString(),
    stream: nameOf(event.getStreamIdentifier()),
    revision: event.getStreamRevision(),
    positions: [event.getCommitPosition(), event.getPreparePosition()],
    metadata: Object.fromEntries(event.getMetadataMap().getEntryList()),
    data: textOf(event.getData_asU8()),
    custom: textOf(event.getCustomMetadata_asU8()),
  };
};

const expectedOf = (event: StoredEvent): object => ({
  id: event.id,
  stream: event.stream,
  revision: String(event.revision),
  positions: [String(event.position), String(event.position)],
  metadata: {
    type: event.type,
    'content-type': 'application/json',
    created: `${String(event.recordedAt)}0000`.replace(/^0+(?=\d)/, ''),
  },
  data: event.data,
  custom: event.metadata,
});

const parse = (message: Buffer) => streams.ReadResp.deserializeBinary(message);

it('an event reads as the generated classes read it', () => {
  fc.assert(
    fc.property(stored, stored, (event, link) => {
      const read = parse(eventResponse({ event }, 'string')).getEvent();
      expect(recorded(read?.getEvent())).toStrictEqual(expectedOf(event));
      expect(read?.getCommitPosition()).toBe(String(event.position));
      const linked = parse(eventResponse({ event, link }, 'string')).getEvent();
      expect(recorded(linked?.getEvent())).toStrictEqual(expectedOf(event));
      expect(recorded(linked?.getLink())).toStrictEqual(expectedOf(link));
      expect(linked?.getCommitPosition()).toBe(String(link.position));
    }),
  );
});

it('the bytes of an event are those that the generated classes write', () => {
  fc.assert(
    fc.property(stored, (event) => {
      const ours = eventResponse({ event }, 'string');
      const theirs = Buffer.from(parse(ours).serializeBinary());
      // Generated code leaves zeros out and orders map entries by itself; both read the same.
      expect(parse(theirs).toObject()).toStrictEqual(parse(ours).toObject());
      if (event.revision > 0 && event.position > 0) expect(theirs.length).toBe(ours.length);
    }),
  );
});

it('a tombstone has the largest revision there is', () => {
  const event = {
    ...tombstone('00000000-0000-4000-8000-000000000001'),
    stream: 'note-1',
    revision: 3,
    position: 9,
    recordedAt: 1,
  };
  const read = parse(eventResponse({ event }, 'string')).getEvent()?.getEvent();
  expect([read?.getStreamRevision(), read?.getCustomMetadata_asU8().length]).toStrictEqual([
    '9223372036854775807',
    0,
  ]);
});

it('ids cross in both forms', () => {
  fc.assert(
    fc.property(uuid, (id) => {
      const message = shared.UUID.deserializeBinary(uuidMessage(id, 'structured'));
      expect(message.hasStructured()).toBe(true);
      expect(readUuid(Buffer.from(message.serializeBinary()))).toBe(id);
      expect(
        readUuid(Buffer.from(new shared.UUID().setString(id.toUpperCase()).serializeBinary())),
      ).toBe(id);
      expect(shared.UUID.deserializeBinary(uuidMessage(id, 'string')).getString()).toBe(id);
    }),
  );
});

it('the smaller answers read as they should', () => {
  expect(parse(confirmationResponse('abc')).getConfirmation()?.getSubscriptionId()).toBe('abc');
  expect(parse(checkpointResponse(7, 1_500)).getCheckpoint()?.getCommitPosition()).toBe('7');
  expect(
    nameOf(parse(streamNotFoundResponse('ж')).getStreamNotFound()?.getStreamIdentifier()),
  ).toBe('ж');
  expect(parse(caughtUpResponse({ revision: undefined }, 1)).hasCaughtUp()).toBe(true);
  const appended = streams.AppendResp.deserializeBinary(
    appendedResponse({ revision: 0, position: 5 }),
  );
  expect(appended.getSuccess()?.hasCurrentRevision()).toBe(true);
  expect(appended.getSuccess()?.getPosition()?.getCommitPosition()).toBe('5');
  const nothing = streams.AppendResp.deserializeBinary(
    appendedResponse({ revision: undefined, position: undefined }),
  );
  expect([
    nothing.getSuccess()?.hasNoStream(),
    nothing.getSuccess()?.hasNoPosition(),
  ]).toStrictEqual([true, true]);
  const wrong = streams.AppendResp.deserializeBinary(
    wrongRevisionResponse(undefined, 4),
  ).getWrongExpectedVersion();
  expect([wrong?.hasCurrentNoStream(), wrong?.getExpectedRevision()]).toStrictEqual([true, '4']);
  expect(
    streams.DeleteResp.deserializeBinary(deletedResponse(9)).getPosition()?.getPreparePosition(),
  ).toBe('9');
});

const options = (stream: string): streams.BatchAppendReq.Options =>
  new streams.BatchAppendReq.Options().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64')),
  );

const proposed = fc.record(
  {
    id: uuid,
    type: text,
    contentType: fc.constantFrom('application/json', 'application/octet-stream'),
    customMetadata: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    data: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
);

type Proposed = Readonly<{
  id: string;
  type: string;
  contentType: string;
  customMetadata: Buffer;
  data: Buffer;
}>;

const fill = <
  Message extends streams.BatchAppendReq.ProposedMessage | streams.AppendReq.ProposedMessage,
>(
  message: Message,
  event: Proposed,
): Message => {
  message.setId(new shared.UUID().setString(event.id));
  message.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  message.setData(event.data);
  message.setCustomMetadata(event.customMetadata);
  return message;
};

it('appends are read as the generated classes write them', () => {
  fc.assert(
    fc.property(
      fc.record({
        events: fc.array(proposed, { maxLength: 4 }),
        stream: text,
        id: uuid,
        revision: safe,
      }),
      ({ events, stream, id, revision }) => {
        const correlation = new shared.UUID().setString(id);
        const request = new streams.BatchAppendReq()
          .setCorrelationId(correlation)
          .setIsFinal(true)
          .setOptions(options(stream).setStreamPosition(String(revision)))
          .setProposedMessagesList(
            events.map((event) => fill(new streams.BatchAppendReq.ProposedMessage(), event)),
          );
        const read = readBatchAppendRequest(Buffer.from(request.serializeBinary()));
        expect(read).toStrictEqual({
          correlation: Buffer.from(correlation.serializeBinary()),
          options: { stream, expected: revision, deadline: undefined },
          events,
          isFinal: true,
        });
        for (const event of events) {
          const one = new streams.AppendReq().setProposedMessage(
            fill(new streams.AppendReq.ProposedMessage(), event),
          );
          expect(readAppendRequest(Buffer.from(one.serializeBinary()))).toStrictEqual({
            kind: 'event',
            event,
          });
        }
      },
    ),
  );
});

it('a batch is answered under its own id, with the failure that clients look for', () => {
  const correlation = Buffer.from(
    new shared.UUID().setString('00000000-0000-4000-8000-00000000000a').serializeBinary(),
  );
  const target = { stream: 'note-1', expected: 'any' } as const;
  const done = streams.BatchAppendResp.deserializeBinary(
    batchAppendedResponse({ correlation, target }, { revision: 3, position: 8 }),
  );
  expect([
    done.getCorrelationId()?.getString(),
    done.getSuccess()?.getCurrentRevision(),
    nameOf(done.getStreamIdentifier()),
    done.hasAny(),
  ]).toStrictEqual(['00000000-0000-4000-8000-00000000000a', '3', 'note-1', true]);
  const failed = streams.BatchAppendResp.deserializeBinary(
    batchFailedResponse({ correlation, target }, wrongRevision('note-1', 5)),
  );
  const details = (failed.getError() as status.Status).getDetails();
  expect(details?.getTypeUrl()).toBe('type.googleapis.com/event_store.client.WrongExpectedVersion');
  const detail = shared.WrongExpectedVersion.deserializeBinary(
    details?.getValue_asU8() ?? new Uint8Array(),
  );
  expect([detail.getCurrentStreamRevision(), detail.hasExpectedAny()]).toStrictEqual(['5', true]);
});

it('a read is read as the generated classes write it', () => {
  const filter = new streams.ReadReq.Options.FilterOptions()
    .setStreamIdentifier(
      new streams.ReadReq.Options.FilterOptions.Expression().setPrefixList(['a-', 'ж-']),
    )
    .setMax(10)
    .setCheckpointintervalmultiplier(3);
  const position = new streams.ReadReq.Options.Position()
    .setCommitPosition('12')
    .setPreparePosition('12');
  const options = new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setPosition(position))
    .setReadDirection(1)
    .setResolveLinks(true)
    .setCount('18446744073709551615')
    .setFilter(filter)
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setStructured(new shared.Empty()));
  const message = Buffer.from(new streams.ReadReq().setOptions(options).serializeBinary());
  expect(readReadRequest(message)).toStrictEqual({
    target: { kind: 'all', from: 12 },
    direction: 'backwards',
    resolveLinks: true,
    count: Number.MAX_SAFE_INTEGER,
    filter: { on: 'stream', regex: '', prefixes: ['a-', 'ж-'], checkpointEvery: 30 },
    uuids: 'structured',
    compatibility: 0,
  });
});

it('anything else is malformed, never a crash and never an endless loop', () => {
  const readers = [readReadRequest, readBatchAppendRequest, readAppendRequest, readDeleteRequest];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of readers) {
        try {
          read(Buffer.from(bytes));
        } catch (thrown) {
          expect(['MalformedMessage', 'MissingMetadata']).toContain((thrown as Error).name);
        }
      }
    }),
    { numRuns: 2_000 },
  );
  expect(() => eachField(Buffer.from([0x0a, 0x7f]), () => undefined)).toThrow(MalformedMessage);
  expect(() => eachField(Buffer.alloc(11, 0xff), () => undefined)).toThrow(MalformedMessage);
});

it('what a client sends comes back as it was, whatever bytes it is', () => {
  const json = fc.json().map((value) => Buffer.from(value));
  const bytes = fc.oneof(
    json,
    proposed.map(({ data }) => data),
    fc
      .constantFrom(
        '{"$wire":{"isJson":false}}',
        '{"$wire":1}',
        '',
        'nul\u0000',
        '\ufeff{}',
        '{"$wire":{"tombstone":true}}',
      )
      .map((value) => Buffer.from(value)),
  );
  fc.assert(
    fc.property(proposed, bytes, bytes, (event, data, customMetadata) => {
      const kept = toStored({ ...event, data, customMetadata });
      expect(() => {
        JSON.parse(kept.data);
        JSON.parse(kept.metadata);
      }).not.toThrow();
      const shown = parse(
        eventResponse(
          { event: { ...kept, stream: 'note-1', revision: 0, position: 1, recordedAt: 0 } },
          'string',
        ),
      )
        .getEvent()
        ?.getEvent();
      expect(Buffer.from(shown?.getData_asU8() ?? [])).toStrictEqual(data);
      expect(Buffer.from(shown?.getCustomMetadata_asU8() ?? [])).toStrictEqual(customMetadata);
      expect(shown?.getMetadataMap().get('content-type')).toBe(event.contentType);
    }),
    { numRuns: 500 },
  );
});

it('JSON with JSON metadata is kept as it is', () => {
  const [data, metadata] = ['{ "a": 1 }', '{"schema":1}'];
  const event = {
    id: '00000000-0000-4000-8000-000000000001',
    type: 'A',
    contentType: 'application/json',
    data: Buffer.from(data),
    customMetadata: Buffer.from(metadata),
  };
  expect(toStored(event)).toStrictEqual({ id: event.id, type: 'A', data, metadata });
});
