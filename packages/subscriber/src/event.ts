import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { publishedData } from './contracts/index.js';

/** What a reader relies on of the envelope; attributes that it does not know are left alone. */
const Envelope = t.intersection([
  t.type({
    specversion: t.literal('1.0'),
    id: t.string,
    source: t.string,
    type: t.string,
    subject: t.string,
    /** When it was true. */
    time: t.string,
    /** When it was written down. */
    recordedtime: t.string,
    sequence: t.string,
    company: t.string,
    correlationid: t.string,
    ruleversion: t.string,
    data: t.unknown,
  }),
  t.partial({ causationid: t.string, dataref: t.string }),
]);
type Envelope = t.TypeOf<typeof Envelope>;

export type PublishedTypeName = keyof typeof publishedData;

/** The data of a published type. */
export type DataOf<Type extends PublishedTypeName> = t.TypeOf<(typeof publishedData)[Type]>;

/** A published event of one type, decoded. */
export type EventOf<Type extends PublishedTypeName> = Readonly<
  Omit<Envelope, 'type' | 'data'> & {
    type: Type;
    data: DataOf<Type>;
    /** Place in Daybook’s log, `sequence` as a number: it grows, with gaps. */
    position: number;
  }
>;

/** Any published event; `switch (event.type)` tells them apart. */
export type PublishedEvent = { [Type in PublishedTypeName]: EventOf<Type> }[PublishedTypeName];

/** `TypeUnknown` is no fault: types are added, and a reader passes over those that it does not know. */
export type NotRead =
  | Readonly<{ _tag: 'TypeUnknown'; type: string; position: number }>
  /** `place` is a path in the message, never a value. */
  | Readonly<{ _tag: 'NotDecodable'; place: string }>;

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const placeOf = (errors: t.Errors): string =>
  (errors[0]?.context ?? [])
    .map(({ key }) => key)
    .filter((key) => !/^\d*$/.test(key))
    .join('.');

const isKnown = (type: string): type is PublishedTypeName => Object.hasOwn(publishedData, type);

/** `decode` writes down where it is for each value; what is right needs no traces, and is the same undecoded. */
const readAs = <A, O>(codec: t.Type<A, O>, value: unknown): E.Either<t.Errors, A> =>
  codec.is(value) ? E.right(value) : codec.decode(value);

/** One message of the stream, or one event from HTTP, as a typed event. */
export const readEvent = (body: string): E.Either<NotRead, PublishedEvent> => {
  const envelope = readAs(Envelope, parsed(body));
  if (E.isLeft(envelope)) return E.left({ _tag: 'NotDecodable', place: placeOf(envelope.left) });
  const { type, sequence } = envelope.right;
  const position = Number(sequence);
  if (!Number.isSafeInteger(position)) return E.left({ _tag: 'NotDecodable', place: 'sequence' });
  if (!isKnown(type)) return E.left({ _tag: 'TypeUnknown', type, position });
  const codec: t.Mixed = publishedData[type];
  const data: E.Either<t.Errors, unknown> = readAs(codec, envelope.right.data);
  return E.isLeft(data)
    ? E.left({ _tag: 'NotDecodable', place: `data.${placeOf(data.left)}` })
    : E.right({ ...envelope.right, data: data.right, position } as PublishedEvent);
};
