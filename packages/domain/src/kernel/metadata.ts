import * as t from 'io-ts';
import { Count, Instant, Word } from './codec.js';

/** Who acted. Ids are opaque: no name or e-mail address ever stands here. */
export const Actor = t.strict({
  kind: Word('administrator', 'auditor', 'supporter', 'remote-side', 'device', 'system'),
  id: t.string,
});
export type Actor = t.TypeOf<typeof Actor>;

/**
 * Envelope of every stored event. `occurredAt` says when it was true; the store adds `recordedAt`,
 * when it was written down. `ruleVersion` names the dated rule data that decided (rulebook, preface).
 */
export const EventMetadata = t.intersection([
  t.strict({
    schema: Count,
    company: t.string,
    actor: Actor,
    commandId: t.string,
    correlationId: t.string,
    occurredAt: Instant,
    ruleVersion: t.string,
  }),
  t.partial({ causationId: t.string }),
]);
export type EventMetadata = t.TypeOf<typeof EventMetadata>;

/** Everything about a command that is not its content: time and ids come from outside the domain. */
export type CommandContext = Readonly<{
  company: string;
  actor: Actor;
  commandId: string;
  correlationId: string;
  causationId?: string;
  now: Instant;
}>;
