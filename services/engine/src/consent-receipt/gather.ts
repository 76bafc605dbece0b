import type { HandlingFailure } from '@daybook/command-handling';
import {
  moreRestrictive,
  type AccessControl,
  type DeviceState,
} from '@daybook/domain/device-policy';
import { invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import type { SessionEvent } from '@daybook/domain/session-insights';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../aggregates.js';
import { metadataOf } from '../explain/moment.js';
import { decodedEvents, stateAt, type DecodedEvent, type StreamReader } from '../fold-stream.js';
import type { Provenance, ReceiptDecision, ReceiptEvent } from './receipt.js';
import { statuses } from './vocabulary.js';

export type DataOf<Type extends SessionEvent['type']> = Extract<
  SessionEvent,
  { type: Type }
>['data'];
type Started = DataOf<'SessionStarted'>;

/** What a session's stream says of permission and basis. */
export type Gathered = {
  started: Started | null;
  endedAt: number | null;
  asked: DataOf<'ConsentRequested'> | null;
  answer: DataOf<'ConsentGranted'> | null;
  state: keyof typeof statuses;
  readonly decisions: ReceiptDecision[];
  readonly events: ReceiptEvent[];
  readonly destroyed: Readonly<{ items: number; at: string; provenance: Provenance }>[];
  /** Id of the event that opened the record. */
  recordId: string | null;
  firstPosition: number;
  lastPosition: number;
};

type Found = DecodedEvent<SessionEvent>;

const iso = (instant: number): string => new Date(instant).toISOString();

const provenanceOf = ({ stored }: Found): Provenance => {
  const { id, stream, revision, position, recordedAt } = stored;
  const { kind, id: actorId } = metadataOf(stored).actor;
  return {
    event_id: id,
    stream,
    revision,
    position,
    recorded_at: iso(recordedAt),
    actor: `${kind} ${actorId}`,
  };
};

type Said = Pick<ReceiptEvent, 'indicated_by' | 'method' | 'notice' | 'valid_until'>;
const nothing: Said = { indicated_by: null, method: null, notice: null, valid_until: null };

const add = (
  gathered: Gathered,
  found: Found,
  event: Readonly<{
    state: keyof typeof statuses;
    at: number;
    said?: Partial<Said>;
    type?: string;
  }>,
): void => {
  const { state, at, said = {}, type = state } = event;
  gathered.state = state;
  gathered.recordId ??= found.stored.id;
  gathered.events.push({
    event_type: type,
    event_state: statuses[state],
    event_time: iso(at),
    ...nothing,
    ...said,
    provenance: provenanceOf(found),
  });
};

const settings: ReadonlySet<string> = new Set([
  'not-asked',
  'standing-permission',
  'nobody-to-ask',
  'denied',
]);

/** What a decision says where nobody was asked: a standing permission, nobody there, a Denied, or a policy alone. */
const bySetting = (data: DataOf<'EligibilityDecided'>): keyof typeof statuses | null => {
  if (data.bases.includes('standing-permission')) return 'standing-permission';
  const outgoing = data.reasons.filter(({ path }) => path === 'outgoing');
  if (outgoing.length === 1 && outgoing[0]?.reason === 'nobody-to-ask') return 'nobody-to-ask';
  if (outgoing.length === 1 && outgoing[0]?.reason === 'denied-by-access-control') return 'denied';
  return null;
};

const decided = (gathered: Gathered, found: Found, data: DataOf<'EligibilityDecided'>): void => {
  const { outcome, basis, bases, reason, inputs, decidedAt } = data;
  const provenance = provenanceOf(found);
  const rule_version = metadataOf(found.stored).ruleVersion;
  gathered.decisions.push({
    outcome,
    basis,
    bases,
    reason,
    rule: 'rulebook §3',
    rule_version,
    decided_at: iso(decidedAt),
    inputs,
    provenance,
  });
  if (bases.length > 0) gathered.recordId ??= found.stored.id;
  const state = settings.has(gathered.state) ? bySetting(data) : null;
  if (state !== null && state !== gathered.state) add(gathered, found, { state, at: decidedAt });
};

const answered = (
  gathered: Gathered,
  found: Found,
  answer: Readonly<{ state: 'granted' | 'refused'; data: DataOf<'ConsentGranted'> }>,
): void => {
  const { by, method, noticeVersion: version, language, answeredAt } = answer.data;
  gathered.answer = answer.data;
  const said = { indicated_by: by, method, notice: { version, language } };
  add(gathered, found, { state: answer.state, at: answeredAt, said });
};

const consentEvent = (gathered: Gathered, found: Found): void => {
  const { event } = found;
  switch (event.type) {
    case 'ConsentRequested': {
      const { noticeVersion: version, language, requestedAt, timesOutAt } = event.data;
      gathered.asked = event.data;
      const said = { notice: { version, language }, valid_until: iso(timesOutAt) };
      return add(gathered, found, { state: 'requested', at: requestedAt, said });
    }
    case 'ConsentGranted':
      return answered(gathered, found, { state: 'granted', data: event.data });
    case 'ConsentRefused':
      return answered(gathered, found, { state: 'refused', data: event.data });
    case 'ConsentTimedOut':
      return add(gathered, found, { state: 'timed-out', at: event.data.timedOutAt });
    case 'ConsentWithdrawn': {
      const { by, method, withdrawnAt } = event.data;
      const said = { indicated_by: by, method };
      return add(gathered, found, { state: 'withdrawn', at: withdrawnAt, said });
    }
    default:
  }
};

const look = (gathered: Gathered, found: Found): void => {
  const { event, stored } = found;
  if (gathered.firstPosition === 0) gathered.firstPosition = stored.position;
  gathered.lastPosition = stored.position;
  switch (event.type) {
    case 'SessionStarted':
      gathered.started = event.data;
      return;
    case 'EligibilityDecided':
      return decided(gathered, found, event.data);
    case 'CapturedContentDestroyed': {
      const { items, destroyedAt } = event.data;
      gathered.destroyed.push({ items, at: iso(destroyedAt), provenance: provenanceOf(found) });
      return;
    }
    case 'SessionEnded':
      gathered.endedAt = event.data.endedAt;
      // A consent is for one session and never remembered (rulebook §3).
      if (gathered.state === 'granted')
        add(gathered, found, { state: 'ended', at: event.data.endedAt });
      return;
    default:
      return consentEvent(gathered, found);
  }
};

/** Null when there is no such session. */
export const gatherSession = async (
  reader: StreamReader,
  company: string,
  sessionId: string,
): Promise<E.Either<HandlingFailure, Gathered | null>> => {
  const gathered: Gathered = {
    started: null,
    endedAt: null,
    asked: null,
    answer: null,
    state: 'not-asked',
    decisions: [],
    events: [],
    destroyed: [],
    recordId: null,
    firstPosition: 0,
    lastPosition: 0,
  };
  const stream = streamOf('session', company, sessionId);
  for await (const page of decodedEvents(reader, aggregates.sessions, stream)) {
    if (E.isLeft(page)) return page;
    for (const found of page.right) look(gathered, found);
  }
  return E.right(gathered.started === null ? null : gathered);
};

/** The device as it was at the revision that a decision read; null where it read none. */
export const deviceAt = async (
  reader: StreamReader,
  decision: ReceiptDecision,
): Promise<E.Either<HandlingFailure, DeviceState | null>> => {
  const input = decision.inputs.find(({ stream }) => partsOf(stream).category === 'device');
  return input === undefined ? E.right(null) : stateAt(reader, aggregates.devices, input);
};

export type Ends = Readonly<{
  supporter: AccessControl;
  remote: AccessControl;
  device: AccessControl | null;
  holds: AccessControl;
}>;

/** Both ends and the device's own setting; the most restrictive holds (rulebook §2.5). */
export const endsOf = (gathered: Gathered, device: DeviceState | null): Ends => {
  const { started } = gathered;
  invariant(started !== null, 'a session that was gathered has started');
  const own = device?.status === 'enrolled' ? device.insightsLogging : null;
  const supporter = started.supporterAccessControl;
  const remote = started.remoteAccessControl;
  const theirs = own === null ? remote : moreRestrictive(own, remote);
  return { supporter, remote, device: own, holds: moreRestrictive(supporter, theirs) };
};
