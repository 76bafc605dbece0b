import { startRelay } from '@daybook/publisher';
import { relayConsumer, type Engine, type Metrics } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { relayPartsOf } from '../commands/relay.js';
import type { Context } from '../context.js';
import type { Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

/** The relay waits for a broker that is not there, and stands back while another node's relay is at work. */
export const startRelaying = (
  context: Context,
  engine: Engine,
  metrics: Metrics,
): E.Either<Failure, Part> => {
  const parts = relayPartsOf(context);
  if (E.isLeft(parts)) return parts;
  const { broker, writer, config } = parts.right;
  const relay = startRelay({
    store: engine.store,
    broker,
    writer,
    settings: config.settings,
    clock: context.clock,
    random: () => Math.random(),
  });
  metrics.addConsumers(relayConsumer(relay));
  return E.right(lasting('relay', relay.stop));
};
