import type { HandlingFailure, Refusal } from '@daybook/command-handling';
import { plain, streamOf } from '@daybook/domain/kernel';
import { rulesAt } from '@daybook/domain/rules';
import {
  session as decider,
  type SessionCommand,
  type StartSession,
} from '@daybook/domain/session-insights';
import { accessControlOf, type JournalEntry } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { contextOf, stepOf, type Call } from './call.js';
import { captureCharge, captureIfHeld, holdForSession } from './credit-flow.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { readFacts } from './facts.js';
import type { RedactionMemory } from './redaction-memory.js';

/** What became of one journal entry. A refusal is an answer, not a fault of the input. */
export type EntryOutcome = Readonly<{
  /** At or after everything that the entry wrote. */
  position: number;
  refusal: Refusal | null;
  /** The entry had been recorded before; nothing was added. */
  repeated: boolean;
}>;

export type EntryAnswer = E.Either<HandlingFailure, EntryOutcome>;

export type SessionDeps = CommandDeps &
  Readonly<{ redaction: RedactionMemory; notice: Readonly<{ version: string; language: string }> }>;

export type EntrySource = StartSession['session']['source'];

type EntryOf<Name extends JournalEntry['entry']> = Extract<JournalEntry, { entry: Name }>;

/** What a refused command left in the log stands at or before the position of its stream. */
const outcomeOf = (answer: CommandAnswer): EntryAnswer => {
  if (E.isRight(answer)) {
    const { position, repeated } = answer.right;
    return E.right({ position, refusal: null, repeated });
  }
  return answer.left._tag === 'Refused'
    ? E.right({ position: 0, refusal: answer.left.refusal, repeated: false })
    : E.left(answer.left);
};

/** Sends a command to a session's stream. */
export const sendToSession = (
  deps: CommandDeps,
  call: Call,
  sent: Readonly<{ sessionId: string; command: SessionCommand }>,
): Promise<CommandAnswer> =>
  deps.handler.handle({
    aggregate: aggregates.sessions,
    stream: streamOf('session', call.company, sent.sessionId),
    context: contextOf(call),
    command: sent.command.type,
    decide: (state) => decider.decide(sent.command, state),
  })();

const startedFrom = (
  entry: EntryOf<'session-started'>,
  source: EntrySource,
): StartSession['session'] => {
  const accessControl = accessControlOf(entry);
  return {
    paths: entry.direction === 'both' ? ['outgoing', 'incoming'] : [entry.direction],
    supporterId: entry.supporter,
    signedIn: entry.signedIn,
    deviceId: entry.device,
    module: entry.module,
    platform: entry.platform,
    method: entry.method,
    attended: entry.attended,
    supporterAccessControl: accessControl.supporter,
    remoteAccessControl: accessControl.remote,
    startedAt: entry.at,
    source,
  };
};

const start = async (
  deps: SessionDeps,
  call: Call,
  started: Readonly<{ entry: EntryOf<'session-started'>; source: EntrySource }>,
): Promise<CommandAnswer> => {
  const sessionId = started.entry.session;
  const session = startedFrom(started.entry, started.source);
  deps.redaction.begin(call.company, sessionId);
  const read = await readFacts(deps)(call.company, session, call.at)();
  if (E.isLeft(read)) return read;
  const { promptTimeoutMs } = rulesAt(deps.ruleBook, call.at);
  const command = { type: 'StartSession', session, read: read.right, promptTimeoutMs } as const;
  return sendToSession(deps, call, { sessionId, command: { ...command, notice: deps.notice } });
};

type Answering = EntryOf<
  'prompt-answered' | 'prompt-timed-out' | 'consent-withdrawn' | 'session-ended'
>;

const commandFor = (
  entry: Answering,
  read: Extract<SessionCommand, { type: 'EndSession' }>['read'],
  notice: SessionDeps['notice'],
): SessionCommand => {
  const { at } = entry;
  switch (entry.entry) {
    case 'prompt-answered': {
      const { answer, by, method = 'prompt' } = entry;
      const version = entry.noticeVersion ?? notice.version;
      const shown = { version, language: entry.language ?? notice.language };
      return { type: 'AnswerPrompt', answer, by, method, notice: shown, answeredAt: at, read };
    }
    case 'prompt-timed-out':
      return { type: 'TimeOutPrompt', at, read };
    case 'consent-withdrawn': {
      const { by, method = 'prompt' } = entry;
      return { type: 'WithdrawConsent', by, method, withdrawnAt: at, read };
    }
    case 'session-ended':
      return { type: 'EndSession', endedAt: at, read };
  }
};

/** Entries after which the eligibility is decided again, with the facts as they are then. */
const redecide = async (
  deps: SessionDeps,
  call: Call,
  entry: Answering,
): Promise<CommandAnswer> => {
  const sessionId = entry.session;
  const stream = streamOf('session', call.company, sessionId);
  const loaded = await deps.handler.load(aggregates.sessions, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status === 'not-started')
    return E.left({ _tag: 'Refused', refusal: { _tag: 'SessionNotStarted' } });
  const read = await readFacts(deps)(call.company, state.started, call.at)();
  if (E.isLeft(read)) return read;
  if (entry.entry === 'session-ended') deps.redaction.end(call.company, sessionId);
  return sendToSession(deps, call, {
    sessionId,
    command: commandFor(entry, read.right, deps.notice),
  });
};

/** The text is redacted before anything else sees it; what the gate refuses is not stored at all. */
const capture = async (
  deps: SessionDeps,
  call: Call,
  entry: EntryOf<'chat' | 'action'>,
): Promise<CommandAnswer> => {
  const { session: sessionId, at, item: itemId } = entry;
  const speaker = entry.entry === 'chat' ? entry.speaker : 'system';
  const turn = { speaker, text: entry.text };
  const redacted = await deps.redaction.redact(call.company, sessionId, turn);
  if (E.isLeft(redacted)) return redacted;
  const text = plain(redacted.right);
  const kind = entry.entry;
  const command = { type: 'CaptureContent', itemId, kind, speaker, at, text } as const;
  return sendToSession(deps, call, { sessionId, command });
};

type AssistantAnswer = Readonly<{
  sessionId: string;
  command: Extract<SessionCommand, { type: 'AnswerAssistantMessage' }>;
}>;

const refuseForCredits = async (
  deps: SessionDeps,
  call: Call,
  refused: AssistantAnswer & Readonly<{ missingCredits: number }>,
): Promise<CommandAnswer> => {
  const { sessionId, command: answer, missingCredits } = refused;
  const command = {
    type: 'RefuseAiUse',
    trigger: 'assistant',
    reason: 'insufficient-credits',
    missingCredits,
    at: call.at,
  } as const;
  const recorded = await sendToSession(deps, stepOf(call, 'refuse'), { sessionId, command });
  return E.isLeft(recorded) ? recorded : sendToSession(deps, call, { sessionId, command: answer });
};

/** Hold, answer, capture: the credit is spent by the first answer of the session. */
const payAndAnswer = async (
  deps: SessionDeps,
  call: Call,
  sent: AssistantAnswer,
): Promise<CommandAnswer> => {
  const { sessionId } = sent;
  const hold = await holdForSession(deps)(call, sessionId);
  if (E.isLeft(hold)) return hold;
  if (!hold.right.held)
    return refuseForCredits(deps, call, { ...sent, missingCredits: hold.right.refusal.missing });
  const { chargeId } = hold.right;
  const allow = { type: 'AllowAiUse', trigger: 'assistant', chargeId, at: call.at } as const;
  // Both go to the session's stream in this order; neither waits for the other's sync.
  const [allowed, answered] = await Promise.all([
    sendToSession(deps, stepOf(call, `allow/${chargeId}`), { sessionId, command: allow }),
    sendToSession(deps, call, sent),
  ]);
  if (E.isLeft(allowed)) return allowed;
  if (E.isLeft(answered)) return answered;
  const captured = await captureCharge(deps)(call, chargeId);
  if (E.isLeft(captured)) return captured;
  const position = Math.max(answered.right.position, captured.right);
  return E.right({ ...answered.right, position });
};

/**
 * A message that was answered before costs nothing again, whatever has become of its charge since; a
 * hold that a crash left open behind it is captured.
 */
const answeredBefore = async (
  deps: SessionDeps,
  call: Call,
  sent: Readonly<{ sessionId: string; command: SessionCommand }>,
): Promise<CommandAnswer> => {
  const answered = await sendToSession(deps, call, sent);
  if (E.isLeft(answered)) return answered;
  const captured = await captureIfHeld(deps)(call, sent.sessionId);
  if (E.isLeft(captured)) return captured;
  const position = Math.max(answered.right.position, captured.right);
  return E.right({ ...answered.right, position });
};

/**
 * An assistant message is AI use: the first one of a session sets its credit aside, and the answer
 * captures it (rulebook §5). Without a basis nothing is held: the gate refuses first.
 */
const assist = async (
  deps: SessionDeps,
  call: Call,
  entry: EntryOf<'assistant-message'>,
): Promise<CommandAnswer> => {
  const { session: sessionId, at, item: messageId } = entry;
  const turn = { speaker: 'assistant', text: entry.text } as const;
  const redacted = await deps.redaction.redact(call.company, sessionId, turn);
  if (E.isLeft(redacted)) return redacted;
  const text = plain(redacted.right);
  const answer = { type: 'AnswerAssistantMessage', messageId, at, text } as const;
  const stream = streamOf('session', call.company, sessionId);
  const loaded = await deps.handler.load(aggregates.sessions, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state, isAnswered } = loaded.right;
  const mayUseAi = state.status === 'running' && state.gate.open && entry.at >= state.gate.since;
  if (isAnswered(call.commandId)) return answeredBefore(deps, call, { sessionId, command: answer });
  if (!mayUseAi) return sendToSession(deps, call, { sessionId, command: answer });
  return payAndAnswer(deps, call, { sessionId, command: answer });
};

/** What somebody said or did in an entry, as the redactor takes it; null for entries without text. */
export const turnOf = (entry: JournalEntry): Readonly<{ speaker: string; text: string }> | null => {
  switch (entry.entry) {
    case 'chat':
      return { speaker: entry.speaker, text: entry.text };
    case 'action':
      return { speaker: 'system', text: entry.text };
    case 'assistant-message':
      return { speaker: 'assistant', text: entry.text };
    default:
      return null;
  }
};

/** Does an entry spend credits? Such entries are handled one after another, in the order of the input. */
export const spendsCredits = (entry: JournalEntry): boolean => entry.entry === 'assistant-message';

/** The id of an entry's command: the same entry, however often and from which file, is one command. */
export const commandIdOf = (entry: JournalEntry): string => {
  switch (entry.entry) {
    case 'chat':
    case 'action':
    case 'assistant-message':
      return `${entry.session}/item/${entry.item}`;
    default:
      return `${entry.session}/${entry.entry}`;
  }
};

/** Records one journal entry: decides, captures, spends, as the rulebook says. */
export const recordEntry =
  (deps: SessionDeps) =>
  async (call: Call, entry: JournalEntry, source: EntrySource): Promise<EntryAnswer> => {
    switch (entry.entry) {
      case 'session-started':
        return outcomeOf(await start(deps, call, { entry, source }));
      case 'chat':
      case 'action':
        return outcomeOf(await capture(deps, call, entry));
      case 'assistant-message':
        return outcomeOf(await assist(deps, call, entry));
      default:
        return outcomeOf(await redecide(deps, call, entry));
    }
  };
