import type { HandlingFailure } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { isUserKind } from '@daybook/domain/organization';
import { summary, type SummaryBody, type SummaryCommand } from '@daybook/domain/summaries';
import { makeRedactor } from '@daybook/redaction';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { contextOf, type Call } from './call.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { roleInLog } from './viewer.js';

/** Sends a command to the summary of a session. */
export const sendToSummary = (
  deps: CommandDeps,
  call: Call,
  sent: Readonly<{ sessionId: string; command: SummaryCommand }>,
): Promise<CommandAnswer> =>
  deps.handler.handle({
    aggregate: aggregates.sessionSummaries,
    stream: streamOf('summary', call.company, sent.sessionId),
    context: contextOf(call),
    command: sent.command.type,
    decide: (state) => summary.decide(sent.command, state),
  })();

export type SummaryEdit = Readonly<{
  sessionId: string;
  /** The revision that the author read. */
  changedRevision: number;
  changes: Partial<SummaryBody>;
}>;

/** People write secrets, too: what they change is anonymised before it is stored (rulebook §4). */
const redacted = (changes: Partial<SummaryBody>): Partial<SummaryBody> => {
  const { redact } = makeRedactor();
  const line = (text: string): string => redact({ speaker: 'author', text }).text;
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [
      field,
      typeof value === 'string' ? line(value) : value.map(line),
    ]),
  );
};

/**
 * The call with the role that the log knows its user by: a supporter who is called an administrator
 * stays a supporter. Somebody whom the company does not know is believed, as for every command.
 */
export const asInLog = async (
  deps: CommandDeps,
  call: Call,
): Promise<E.Either<HandlingFailure, Call>> => {
  const { kind, id } = call.actor;
  if (!isUserKind(kind)) return E.right(call);
  const role = await roleInLog(deps.handler)(call.company, id);
  if (E.isLeft(role)) return role;
  return E.right({ ...call, actor: { kind: role.right ?? kind, id } });
};

/** A new revision by a person; refused as `StaleRevision` when somebody else was faster. */
export const editSummary =
  (deps: CommandDeps) =>
  async (call: Call, edit: SummaryEdit): Promise<CommandAnswer> => {
    const { sessionId, changedRevision } = edit;
    const changes = redacted(edit.changes);
    const roled = await asInLog(deps, call);
    if (E.isLeft(roled)) return roled;
    const { actor, at: editedAt } = roled.right;
    return sendToSummary(deps, roled.right, {
      sessionId,
      command: { type: 'EditSummary', changedRevision, actor, editedAt, changes },
    });
  };

/** Hides the summary at once and for good; the fact, the charge and who deleted it stay (rulebook §4). */
export const deleteSummary =
  (deps: CommandDeps) =>
  async (call: Call, sessionId: string): Promise<CommandAnswer> => {
    const roled = await asInLog(deps, call);
    if (E.isLeft(roled)) return roled;
    const { actor, at: deletedAt } = roled.right;
    return sendToSummary(deps, roled.right, {
      sessionId,
      command: { type: 'DeleteSummary', actor, deletedAt },
    });
  };
