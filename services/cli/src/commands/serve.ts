import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { dataProblem, type Outcome } from '../outcome.js';

export type ServeOptions = Readonly<{
  host: string;
  port: number;
  /** A port that is taken is passed over for the next free one. */
  nextFree: boolean;
  /** What the printed addresses ask for; null: the placeholders of the routes. */
  examples: Readonly<{ company: string; session: string; month: string }> | null;
}>;

export const serveFrom = async (_context: Context, _options: ServeOptions): Promise<Outcome> =>
  Promise.resolve(E.left(dataProblem('not there yet')));
