import * as E from 'fp-ts/lib/Either.js';
import type { BrokerFailure, BrokerSession, Mark, OutboundMessage } from './broker.js';

/**
 * Messages under way, up to a window. Each expects to follow the one before it, so whatever happens to one, none
 * after it is stored out of turn. After the first failure nothing more is sent.
 */
export type Pipeline = Readonly<{
  /** Sends when there is room. False when something has failed: the message was not sent. */
  send: (message: OutboundMessage) => Promise<boolean>;
  /** Waits until nothing is under way; the first failure, if there was one. */
  settle: () => Promise<BrokerFailure | undefined>;
  inFlight: () => number;
}>;

export type PipelineOptions = Readonly<{
  session: Pick<BrokerSession, 'publish'>;
  /** Messages under way at once, at most. */
  window: number;
  /** Sequence that the first message follows. */
  lastSequence: number;
  onStored: (mark: Mark) => void;
  /** The first failure: nothing more is sent, whatever still comes. */
  onFailed: () => void;
}>;

export const makePipeline = (options: PipelineOptions): Pipeline => {
  const { session, window, onStored, onFailed } = options;
  let next = options.lastSequence;
  let underWay = 0;
  let failure: BrokerFailure | undefined;
  let wake: () => void = () => undefined;
  const untilLess = async (limit: number): Promise<void> => {
    while (underWay >= limit)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const settled = (answer: E.Either<BrokerFailure, void>, mark: Mark): void => {
    underWay -= 1;
    if (E.isRight(answer)) onStored(mark);
    else if (failure === undefined) {
      failure = answer.left;
      onFailed();
    }
    wake();
  };
  return {
    send: async (message) => {
      // Refilled a quarter at a time: acknowledgements come in bundles, and so the socket is written in bundles.
      if (underWay >= window) await untilLess(Math.max(1, Math.ceil(window * 0.75)));
      if (failure !== undefined) return false;
      const expected = next;
      next += 1;
      underWay += 1;
      const mark = { sequence: next, position: message.position };
      void session.publish(message, expected).then((answer) => settled(answer, mark));
      return true;
    },
    settle: async () => {
      await untilLess(1);
      return failure;
    },
    inFlight: () => underWay,
  };
};
