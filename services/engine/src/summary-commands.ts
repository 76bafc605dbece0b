import { streamOf } from '@daybook/domain/kernel';
import { summary, type SummaryBody, type SummaryCommand } from '@daybook/domain/summaries';
import { makeRedactor } from '@daybook/redaction';
import * as aggregates from './aggregates.js';
import { contextOf, type Call } from './call.js';
import type { CommandAnswer, CommandDeps } from './deps.js';

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

/** A new revision by a person; refused as `StaleRevision` when somebody else was faster. */
export const editSummary =
  (deps: CommandDeps) =>
  (call: Call, edit: SummaryEdit): Promise<CommandAnswer> => {
    const { sessionId, changedRevision } = edit;
    const changes = redacted(edit.changes);
    const author = call.actor.id;
    return sendToSummary(deps, call, {
      sessionId,
      command: { type: 'EditSummary', changedRevision, author, editedAt: call.at, changes },
    });
  };

/** Hides the summary at once and for good; the fact, the charge and who deleted it stay (rulebook §4). */
export const deleteSummary =
  (deps: CommandDeps) =>
  (call: Call, sessionId: string): Promise<CommandAnswer> =>
    sendToSummary(deps, call, {
      sessionId,
      command: { type: 'DeleteSummary', by: call.actor.id, deletedAt: call.at },
    });
