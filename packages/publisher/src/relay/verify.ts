import type { EventStore, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { toPublishedEvent } from '../contracts/publish-event.js';
import type { BrokerFailure, BrokerSession, InboundMessage } from './broker.js';
import { type Cursor, makeCursor } from './cursor.js';
import { publishedOnly, type StoreFailure } from './log-reading.js';
import { subjectOf } from './subject.js';

export type VerifyOptions = Readonly<{
  store: Pick<EventStore, 'readAll'>;
  session: Pick<BrokerSession, 'stream' | 'read'>;
  subjectPrefix: string;
  /** Differences to name; all are counted. Default 100. */
  differencesMax?: number;
  /** The stream was begun after this position; earlier events are not missed. Default: the beginning. */
  after?: Position;
}>;

/** Where the stream is not what the log says. */
export type Difference = Readonly<{
  kind:
    /** In the log, and not in the stream, though later ones are. */
    | 'missing'
    /** In the stream, and no published event of the log. */
    | 'unexpected'
    /** The same position twice, or after a later one. */
    | 'out-of-order'
    /** Another subject or another body than the log gives. */
    | 'different'
    /** No message of a relay. */
    | 'foreign';
  /** Position in the log; undefined for a foreign message. */
  position: Position | undefined;
  /** Sequence in the stream; undefined for a missing one. */
  sequence: number | undefined;
}>;

export type Verification = Readonly<{
  /** Messages that are what the log says. */
  equal: number;
  /** Published events at the end of the log that are not in the stream yet. */
  waiting: number;
  /** Published events that retention has removed from the stream. */
  removed: number;
  differences: readonly Difference[];
  differencesTotal: number;
  firstSequence: number;
  lastSequence: number;
}>;

type Expected = Readonly<{ position: Position; subject: string; body: string }>;

type Tally = {
  equal: number;
  waiting: number;
  removed: number;
  total: number;
  lastPosition: Position;
  readonly differences: Difference[];
};

const expectedFrom = async function* (
  options: VerifyOptions,
): AsyncGenerator<E.Either<StoreFailure, readonly Expected[]>> {
  const after = options.after === undefined ? {} : { after: options.after };
  for await (const page of options.store.readAll({ ...after, filter: publishedOnly })) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const expected: Expected[] = [];
    for (const stored of page.right.events) {
      const event = toPublishedEvent(stored);
      if (event === undefined) continue;
      const name = `${event.context}.${event.event}`;
      const subject = subjectOf(options.subjectPrefix, { company: event.company, name });
      expected.push({ position: event.position, subject, body: event.body });
    }
    yield E.right(expected);
  }
};

type Compared = Readonly<{ nextExpected: boolean; nextMessage: boolean }>;

/** One step of walking both sides: what is found, and which side goes on. */
const compare = (
  tally: Tally,
  expected: Expected | undefined,
  message: InboundMessage,
): Compared & Readonly<{ found: Difference['kind'] | 'equal' }> => {
  const onMessage = { nextExpected: false, nextMessage: true };
  if (!/^[1-9]\d*$/.test(message.id)) return { ...onMessage, found: 'foreign' };
  const position = Number(message.id);
  if (position <= tally.lastPosition) return { ...onMessage, found: 'out-of-order' };
  if (expected === undefined || position < expected.position)
    return { ...onMessage, found: 'unexpected' };
  if (position > expected.position)
    return { nextExpected: true, nextMessage: false, found: 'missing' };
  const isEqual = message.subject === expected.subject && message.body === expected.body;
  return { nextExpected: true, nextMessage: true, found: isEqual ? 'equal' : 'different' };
};

const note = (tally: Tally, difference: Difference, differencesMax: number): void => {
  tally.total += 1;
  if (tally.differences.length < differencesMax) tally.differences.push(difference);
};

type Sides = Readonly<{
  log: Cursor<StoreFailure, Expected>;
  stream: Cursor<BrokerFailure, InboundMessage>;
}>;

const positionOf = (message: InboundMessage): Position | undefined =>
  /^[1-9]\d*$/.test(message.id) ? Number(message.id) : undefined;

const step = (tally: Tally, sides: Sides, differencesMax: number): void => {
  const [expected, message] = [sides.log.current(), sides.stream.current()];
  if (message === undefined) {
    if (expected !== undefined) tally.waiting += 1;
    sides.log.advance();
    return;
  }
  const { found, nextExpected, nextMessage } = compare(tally, expected, message);
  const position = found === 'missing' ? expected?.position : positionOf(message);
  const sequence = found === 'missing' ? undefined : message.sequence;
  if (found === 'equal') tally.equal += 1;
  else note(tally, { kind: found, position, sequence }, differencesMax);
  if (nextMessage && position !== undefined)
    tally.lastPosition = Math.max(tally.lastPosition, position);
  if (nextExpected) sides.log.advance();
  if (nextMessage) sides.stream.advance();
};

/** What retention removed from the front of the stream is not missed. */
const skipRemoved = async (
  tally: Tally,
  sides: Sides,
): Promise<E.Either<StoreFailure | BrokerFailure, void>> => {
  const first = sides.stream.current();
  const from = first === undefined ? undefined : positionOf(first);
  for (;;) {
    const ready = await sides.log.fill();
    if (E.isLeft(ready)) return ready;
    const expected = sides.log.current();
    if (expected === undefined || from === undefined || expected.position >= from)
      return E.right(undefined);
    tally.removed += 1;
    sides.log.advance();
  }
};

/**
 * Walks the log and the stream side by side, event by event, subject and body. Memory holds a page of each.
 * The stream is read up to the end that it has when the walk begins.
 */
export const verifyStream = async (
  options: VerifyOptions,
): Promise<E.Either<StoreFailure | BrokerFailure, Verification>> => {
  const { session, differencesMax = 100 } = options;
  const facts = await session.stream();
  if (E.isLeft(facts)) return facts;
  const { firstSequence, lastSequence } = facts.right;
  const sides: Sides = {
    log: makeCursor(expectedFrom(options)),
    stream: makeCursor(session.read(firstSequence)),
  };
  const tally: Tally = {
    equal: 0,
    waiting: 0,
    removed: 0,
    total: 0,
    lastPosition: 0,
    differences: [],
  };
  try {
    const first = await sides.stream.fill();
    if (E.isLeft(first)) return first;
    if (firstSequence > 1) {
      const skipped = await skipRemoved(tally, sides);
      if (E.isLeft(skipped)) return skipped;
    }
    for (;;) {
      const [log, stream] = [await sides.log.fill(), await sides.stream.fill()];
      if (E.isLeft(log)) return log;
      if (E.isLeft(stream)) return stream;
      if (sides.log.current() === undefined && sides.stream.current() === undefined) break;
      step(tally, sides, differencesMax);
    }
  } finally {
    await Promise.all([sides.log.close(), sides.stream.close()]);
  }
  const { equal, waiting, removed, differences, total } = tally;
  return E.right({
    equal,
    waiting,
    removed,
    differences,
    differencesTotal: total,
    firstSequence,
    lastSequence,
  });
};
