import { partsOf } from '@daybook/domain/kernel';
import { rulesAt, type RuleBook, type RuleSet } from '@daybook/domain/rules';
import type { StoredEvent } from '@daybook/event-store';

/*
 * What must be true of a log, told from its stored events alone: nothing here shares code with what
 * decided them. Each function gives the faults it finds, as lines.
 */
type Data = Readonly<Record<string, unknown>>;
export type Logged = Readonly<{
  position: number;
  stream: string;
  category: string;
  /** The session of a session's or a summary's stream. */
  id: string;
  type: string;
  data: Data;
  metadata: Readonly<{ occurredAt: number; ruleVersion: string }>;
}>;

export const loggedOf = (event: StoredEvent): Logged => {
  const { category, id = '' } = partsOf(event.stream);
  const data = JSON.parse(event.data) as Data;
  const metadata = JSON.parse(event.metadata) as Logged['metadata'];
  const { position, stream, type } = event;
  return { position, stream, category, id, type, data, metadata };
};

type Decided = Readonly<{ basis: string | null; decidedAt: number }>;
type Session = {
  decisions: Decided[];
  granted: boolean;
  said: 'nothing' | 'no';
  ended: boolean;
  kept: number;
  /** The latest answer to the wish to use AI; null before any. */
  charge: string | null;
  hasSummary: boolean;
  /** Withdrawn while there was a summary, which then has to go. */
  mustDelete: boolean;
};

const begun = (): Session => ({
  decisions: [],
  granted: false,
  said: 'nothing',
  ended: false,
  kept: 0,
  charge: null,
  hasSummary: false,
  mustDelete: false,
});

const basisOf = ({ decisions }: Session): string | null => decisions.at(-1)?.basis ?? null;

/** Since when the present basis has held without a break. */
const sinceOf = ({ decisions }: Session): number => {
  const basis = decisions.at(-1)?.basis ?? null;
  let since = Number.POSITIVE_INFINITY;
  for (const decided of [...decisions].reverse()) {
    if (basis === null || decided.basis !== basis) break;
    since = decided.decidedAt;
  }
  return since;
};

const basisFault = (session: Session): string | null => {
  const basis = basisOf(session);
  if (basis === null) return 'no basis';
  if (basis !== 'policy' && session.said === 'no') return `${basis} after a no`;
  return basis === 'consent' && !session.granted ? 'consent that nobody gave' : null;
};

const textFault = (session: Session, { type, data }: Logged): string | null => {
  if (session.ended) return 'after the end';
  const fault = basisFault(session);
  if (fault !== null) return fault;
  if ((data['at'] as number) < sinceOf(session)) return 'older than the basis';
  return type === 'AssistantMessageAnswered' && session.charge === null ? 'no charge' : null;
};

const summaryFault = (session: Session): string | null => {
  if (!session.ended) return 'before the end';
  const fault = basisFault(session);
  if (fault !== null) return fault;
  if (session.kept === 0) return 'of nothing';
  return session.charge === null ? 'no charge' : null;
};

const faultAt = (session: Session, event: Logged): string | null => {
  switch (event.type) {
    case 'ContentCaptured':
    case 'AssistantMessageAnswered':
      return textFault(session, event);
    case 'SummaryGenerated':
      return summaryFault(session);
    case 'AiUseAllowed':
      return basisFault(session);
    default:
      return null;
  }
};

const sayNo = (session: Session): void => {
  session.said = 'no';
};
const keep = (session: Session): void => {
  session.kept += 1;
};

/** What the events say about the state of things, one by one. */
const hearing: Readonly<Record<string, (session: Session, data: Data) => void>> = {
  EligibilityDecided: (session, data) => {
    session.decisions.push(data as unknown as Decided);
  },
  ConsentGranted: (session) => {
    session.granted = true;
  },
  ConsentRefused: sayNo,
  ConsentTimedOut: sayNo,
  ConsentWithdrawn: (session) => {
    sayNo(session);
    session.mustDelete ||= session.hasSummary;
  },
  ContentCaptured: keep,
  AssistantMessageAnswered: keep,
  CapturedContentDestroyed: (session) => {
    session.kept = 0;
  },
  AiUseAllowed: (session, data) => {
    session.charge = data['chargeId'] as string;
  },
  AiUseRefused: (session) => {
    session.charge = null;
  },
  SessionEnded: (session) => {
    session.ended = true;
  },
  SummaryGenerated: (session) => {
    session.hasSummary = true;
  },
  SummaryDeleted: (session) => {
    session.hasSummary = false;
    session.mustDelete = false;
  },
};

/** No text, no AI use and no summary without a basis at its time (rulebook §3). */
export const gateFaults = (log: readonly Logged[]): readonly string[] => {
  const sessions = new Map<string, Session>();
  const faults: string[] = [];
  for (const event of log) {
    if (event.category !== 'session' && event.category !== 'summary') continue;
    const session = sessions.get(event.id) ?? begun();
    sessions.set(event.id, session);
    const fault = faultAt(session, event);
    if (fault !== null) faults.push(`#${event.position} ${event.type} of ${event.id}: ${fault}`);
    hearing[event.type]?.(session, event.data);
  }
  for (const [id, session] of sessions)
    if (session.mustDelete) faults.push(`the summary of ${id} outlived a withdrawal`);
  return faults;
};

/** Things of which there may be one, and the event that is one of them. */
const counted = ({ type, data, id }: Logged): string | null => {
  switch (type) {
    case 'SummaryGenerated':
      return `revision ${String(data['revision'])} of the summary of ${id}`;
    case 'AiUseAllowed':
      return data['trigger'] === 'summary'
        ? `charge ${String(data['chargeId'])} for the summary of ${id}`
        : null;
    case 'CreditsHeld':
    case 'HoldCaptured':
      return `${type} ${String(data['chargeId'])}`;
    default:
      return null;
  }
};

/** Charges of a session that are held while another one of it lives. */
const overlapping = (log: readonly Logged[]): readonly string[] => {
  const live = new Map<string, string>();
  const faults: string[] = [];
  for (const { type, data, position } of log) {
    const session = String(data['sessionId']);
    if (type === 'HoldReleased' || type === 'ChargeReversed') live.delete(session);
    if (type !== 'CreditsHeld') continue;
    const other = live.get(session);
    if (other !== undefined) faults.push(`#${position} ${session} is charged beside ${other}`);
    live.set(session, String(data['chargeId']));
  }
  return faults;
};

/**
 * Each revision of the summary made once, and one charge at a time, held and captured once; a summary that
 * is made again is charged again only after its charge was released or reversed (rulebook §4, §5).
 */
export const chargeFaults = (log: readonly Logged[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const event of log) {
    const what = counted(event);
    if (what !== null) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const repeated = [...counts].filter(([, times]) => times > 1);
  return [...repeated.map(([what, times]) => `${what}: ${times} times`), ...overlapping(log)];
};

/** What an event says that comes straight out of the dated rules, and what they say. */
const fromRules = ({ type, data }: Logged, rules: RuleSet): readonly [unknown, unknown] | null => {
  switch (type) {
    case 'MonthlyCreditsGranted':
      return [data['amount'], rules.monthlyCredits[data['plan'] as string] ?? 0];
    case 'ConsentRequested':
      return [
        (data['timesOutAt'] as number) - (data['requestedAt'] as number),
        rules.promptTimeoutMs,
      ];
    case 'CreditsHeld':
      return [(data['timesOutAt'] as number) - (data['heldAt'] as number), rules.holdTimeoutMs];
    default:
      return null;
  }
};

/** Every event names the rules of its instant, which had begun by then, and says what they say. */
export const ruleFaults = (log: readonly Logged[], ruleBook: RuleBook): readonly string[] =>
  log.flatMap((event) => {
    const { occurredAt, ruleVersion } = event.metadata;
    const name = `#${event.position} ${event.type}`;
    const used = ruleBook.find(({ version }) => version === ruleVersion);
    if (used === undefined) return [`${name}: unknown rules ${ruleVersion}`];
    if (used.effectiveFrom > occurredAt) return [`${name}: rules of later, ${ruleVersion}`];
    if (rulesAt(ruleBook, occurredAt) !== used) return [`${name}: rules of before, ${ruleVersion}`];
    const said = fromRules(event, used);
    return said === null || said[0] === said[1] ? [] : [`${name}: ${said.join(' and not ')}`];
  });

type Device = Readonly<{ source: Data; applied: string | null }>;
const nothingYet: Device = { source: { source: 'none' }, applied: null };

const isFromSource = (source: Data, applied: Data): boolean =>
  source['source'] === 'own'
    ? source['policyId'] === applied['policyId'] && applied['groupId'] === null
    : source['source'] === 'group' && source['groupId'] === applied['groupId'];

const deviceAfter = (device: Device, { type, data }: Logged, policy: string): Device => {
  switch (type) {
    case 'DeviceEnrolled':
    case 'DeviceReleased':
      return nothingYet;
    case 'DevicePolicySourceSet':
      return { ...device, source: data };
    case 'PolicyApplied':
      return { ...device, applied: policy };
    case 'PolicyWithdrawn':
      return { ...device, applied: null };
    default:
      return device;
  }
};

/** One policy in effect on a device at most: the last applied, of the source that it had then. */
export const policyFaults = (log: readonly Logged[]): readonly string[] => {
  const devices = new Map<string, Device>();
  const faults: string[] = [];
  for (const event of log) {
    const { category, id, type, data, position } = event;
    if (category !== 'device') continue;
    const device = devices.get(id) ?? nothingYet;
    const policy = `${String(data['policyId'])} ${String(data['version'])}`;
    if (type === 'PolicyWithdrawn' && device.applied !== policy)
      faults.push(`#${position} ${policy} is withdrawn from ${id}, which has ${device.applied}`);
    if (type === 'PolicyApplied' && !isFromSource(device.source, data))
      faults.push(`#${position} ${policy} is applied on ${id} from elsewhere than its source`);
    devices.set(id, deviceAfter(device, event, policy));
  }
  return faults;
};
