import * as E from 'fp-ts/lib/Either.js';
import { usage, type Failure } from '../outcome.js';
import { listed } from '../text/words.js';

/** What a node may do, and what each is. Any number of nodes may have any of them, but `log`: that is one. */
export const roles = {
  api: 'answers HTTP, from read models of its own',
  processes: 'makes summaries, grants credits, does what time makes due',
  relay: 'publishes the log to NATS JetStream',
  log: 'serves the embedded log to other nodes over gRPC',
} as const;

export type Role = keyof typeof roles;
export type Roles = ReadonlySet<Role>;

/** Everything that one process does when nothing is said. */
export const usualRoles: Roles = new Set<Role>(['api', 'processes']);

const isRole = (word: string): word is Role => Object.hasOwn(roles, word);

export const rolesFrom = (text: string): E.Either<Failure, Roles> => {
  const words = text.split(',').map((word) => word.trim());
  const chosen = new Set<Role>();
  for (const word of words) {
    if (!isRole(word))
      return E.left(
        usage(
          `There is no role “${word}”. The roles are ${listed(Object.keys(roles))}, separated by commas.`,
        ),
      );
    chosen.add(word);
  }
  return E.right(chosen);
};

/** Is there anything but the log itself? */
export const needsEngine = (chosen: Roles): boolean => [...chosen].some((role) => role !== 'log');
