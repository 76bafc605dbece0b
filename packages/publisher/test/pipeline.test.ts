import * as E from 'fp-ts/lib/Either.js';
import type { BrokerFailure } from '../src/index.js';
import { makePipeline } from '../src/relay/pipeline.js';

// Goal: after the first failure nothing more is sent, and that failure is the one that is told. Method: a broker
// whose answers the test gives one by one.

type Answer = E.Either<BrokerFailure, void>;

const stored: Answer = E.right(undefined);
const lost: Answer = E.left({ _tag: 'BrokerUnavailable', message: 'TIMEOUT' });
const broken: Answer = E.left({ _tag: 'FenceBroken', message: 'wrong last sequence' });

const pipelineOf = (window: number) => {
  const answers: ((answer: Answer) => void)[] = [];
  const expected: number[] = [];
  const told: unknown[] = [];
  const pipeline = makePipeline({
    session: {
      publish: (_, expectedLast) => {
        expected.push(expectedLast);
        return new Promise<Answer>((resolve) => {
          answers.push(resolve);
        });
      },
    },
    window,
    lastSequence: 40,
    onStored: (mark) => told.push(mark),
    onFailed: () => told.push('failed'),
  });
  const send = (position: number): Promise<boolean> =>
    pipeline.send({ position, company: 'acme', name: 'x.y', body: '{}' });
  return { pipeline, send, answers, expected, told };
};

it('expects each message to follow the one before it, and tells them as stored in that order', async () => {
  const { pipeline, send, answers, expected, told } = pipelineOf(4);
  for (const position of [7, 9, 12]) expect(await send(position)).toBe(true);
  expect(pipeline.inFlight()).toBe(3);
  for (const answer of answers) answer(stored);
  expect(await pipeline.settle()).toBeUndefined();
  expect(expected).toStrictEqual([40, 41, 42]);
  expect(told).toStrictEqual([
    { sequence: 41, position: 7 },
    { sequence: 42, position: 9 },
    { sequence: 43, position: 12 },
  ]);
});

it('has no more under way than its window', async () => {
  const { send, answers, expected } = pipelineOf(2);
  await send(1);
  await send(2);
  const third = send(3);
  await Promise.resolve();
  expect(expected).toHaveLength(2);
  answers[0]?.(stored);
  expect(await third).toBe(true);
  expect(expected).toHaveLength(3);
});

it('sends nothing after the first failure, and tells that one once, whatever fails after it', async () => {
  const { pipeline, send, answers, expected, told } = pipelineOf(8);
  await send(1);
  await send(2);
  answers[0]?.(lost);
  answers[1]?.(broken);
  expect(await pipeline.settle()).toStrictEqual({ _tag: 'BrokerUnavailable', message: 'TIMEOUT' });
  expect(await send(3)).toBe(false);
  expect(expected).toHaveLength(2);
  expect(told).toStrictEqual(['failed']);
});
