import type { Moment } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { usage, type Failure } from '../outcome.js';
import { instantFrom, wholeNumberFrom } from './at.js';

/** `--at POSITION`, `--as-of TIME`, `--known-at TIME`: up to where a history is looked at. */
export type MomentOptions = Readonly<{ at?: string; asOf?: string; knownAt?: string }>;

const atInstant = (axis: 'as-of' | 'known-at', text: string): E.Either<Failure, Moment> => {
  const instant = instantFrom(`--${axis}`, text);
  return E.isLeft(instant) ? instant : E.right({ axis, instant: instant.right });
};

/** Null: all that there is. */
export const momentFrom = (options: MomentOptions): E.Either<Failure, Moment | null> => {
  const { at, asOf, knownAt } = options;
  if ([at, asOf, knownAt].filter((word) => word !== undefined).length > 1)
    return E.left(usage('Name one of --at, --as-of and --known-at.'));
  if (asOf !== undefined) return atInstant('as-of', asOf);
  if (knownAt !== undefined) return atInstant('known-at', knownAt);
  if (at === undefined) return E.right(null);
  const position = wholeNumberFrom('--at', at, 0);
  return E.isLeft(position) ? position : E.right({ axis: 'position', position: position.right });
};
