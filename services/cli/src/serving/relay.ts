import { startRelay } from '@daybook/publisher';
import type { Engine } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { relayPartsOf } from '../commands/relay.js';
import type { Context } from '../context.js';
import type { Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

/** The relay waits for a broker that is not there, and stands back while another node's relay is at work. */
export const startRelaying = (context: Context, engine: Engine): E.Either<Failure, Part> => {
  const parts = relayPartsOf(context);
  if (E.isLeft(parts)) return parts;
  const { broker, writer, config } = parts.right;
  const { stop } = startRelay({
    store: engine.store,
    broker,
    writer,
    settings: config.settings,
    clock: context.clock,
    random: () => Math.random(),
  });
  return E.right(lasting('relay', stop));
};
