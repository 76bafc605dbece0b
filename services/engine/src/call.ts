import type { Actor, CommandContext, Instant } from '@daybook/domain/kernel';

/** Who asks for what, for which company, when: everything about a command but its content. */
export type Call = Readonly<{
  company: string;
  actor: Actor;
  /** Repeated, it gives the first answer. */
  commandId: string;
  correlationId: string;
  causationId?: string;
  at: Instant;
}>;

export const contextOf = (call: Call): CommandContext => ({
  company: call.company,
  actor: call.actor,
  commandId: call.commandId,
  correlationId: call.correlationId,
  ...(call.causationId === undefined ? {} : { causationId: call.causationId }),
  now: call.at,
});

/** A step of a longer flow: its id is derived, so that running the flow again repeats the step. */
export const stepOf = (call: Call, step: string): Call => ({
  ...call,
  commandId: `${call.commandId}/${step}`,
});

export const system: Actor = { kind: 'system', id: 'daybook' };
