import type { EventOf, PublishedTypeName } from './event.js';
import type { Context, Handler } from './options.js';

/** What is done with events of some types. */
export type HandlersByType<Tx, Done> = Readonly<{
  [Type in PublishedTypeName]?: (
    event: EventOf<Type>,
    context: Context<Tx, Done>,
  ) => Promise<unknown>;
}>;

/** A handler out of one for each type; events of other types are passed over. */
export const byType =
  <Tx, Done>(handlers: HandlersByType<Tx, Done>): Handler<Tx, Done> =>
  async (event, context) => {
    const handle = handlers[event.type] as Handler<Tx, Done> | undefined;
    await handle?.(event, context);
  };
