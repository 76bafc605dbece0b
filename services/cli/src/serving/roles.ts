import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WEBHOOKS_FILE } from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { usage, type Failure } from '../outcome.js';
import { listed } from '../text/words.js';

/** What a node may do, and what each is. Any number of nodes may have any of them, but `log`: that is one. */
export const roles = {
  api: 'answers HTTP, from read models of its own',
  processes: 'makes summaries, grants credits, does what time makes due',
  relay: 'publishes the log to NATS JetStream (DAYBOOK_NATS_URL)',
  webhooks: 'sends events to URLs, and lets administrators manage them over HTTP',
  connectors: 'brings summaries to ServiceNow and Salesforce (DAYBOOK_CONNECTORS_CONFIG)',
  log: 'serves the embedded log to other nodes over gRPC',
} as const;

export type Role = keyof typeof roles;
export type Roles = ReadonlySet<Role>;

/** What one process does in any case when nothing is said. */
export const usualRoles: Roles = new Set<Role>(['api', 'processes']);

const hasAny = (said: Readonly<Record<string, string | undefined>>, names: RegExp): boolean =>
  Object.entries(said).some(([name, value]) => names.test(name) && (value ?? '') !== '');

/** When nothing is said, the ways out that are configured, too; webhooks also where there are endpoints. */
export const rolesOf = ({ config, directory }: Context): Roles => {
  const isSending = hasAny(config.webhooks, /./) || existsSync(join(directory, WEBHOOKS_FILE));
  return new Set<Role>([
    ...usualRoles,
    ...(hasAny(config.relay, /^DAYBOOK_(NATS_URL|RELAY_CONFIG)$/) ? (['relay'] as const) : []),
    ...(isSending ? (['webhooks'] as const) : []),
    ...(config.connectorsFile === null ? [] : (['connectors'] as const)),
  ]);
};

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
