import { visibilityFor } from '@daybook/domain/summaries';
import { reasonInWords } from '../words.js';
import type { SessionMoment } from './replay.js';

/** Who could see what of a session at a moment, in words (rulebook §3 and §4). Text of the session stands in none. */
export type SessionViews = Readonly<{
  /** The remote side, who sees the question, and what became of its answer. */
  remoteSide: string;
  /** The supporter of the session. */
  supporter: string;
  /** Administrators and auditors of the company: everything of every session; what was captured is on the timeline. */
  company: string;
  /** Other supporters of the company, and every other company. */
  others: string;
}>;

type Told = Readonly<{ when: (instant: number) => string }>;
type Known = Exclude<SessionMoment['session'], { status: 'not-started' }>;

const agreed = (session: Known): string => {
  if (session.consent === 'granted')
    return session.endedAt === null
      ? 'that it agreed, and can take that back'
      : 'that it agreed; with the session the consent has ended';
  if (session.consent === 'withdrawn') return 'that its permission is taken back';
  return session.gate.open && session.gate.basis === 'standing-permission'
    ? 'its own setting Allowed; it can take that back for this session'
    : 'nothing: it is not asked';
};

const remoteSide = ({ session, prompt }: SessionMoment, { when }: Told): string => {
  if (session.status === 'not-started') return 'nothing';
  if (prompt !== null)
    return `the question: notice ${prompt.noticeVersion} in ${prompt.language}, until ${when(prompt.timesOutAt)}`;
  switch (session.consent) {
    case 'refused':
      return 'that it refused';
    case 'timed-out':
      return 'nothing: the question is gone, and silence was a refusal';
    default:
      return agreed(session);
  }
};

const summaryInWords = ({ summary, session }: SessionMoment): string => {
  switch (summary.status) {
    case 'there':
      return `the summary, revision ${summary.revision}, ${summary.origin ?? 'of unknown origin'}`;
    case 'deleted':
      return 'that the summary was deleted';
    case 'failed':
      return 'that no summary could be made';
    case 'none':
      return session.status === 'ended' ? 'no summary' : 'no summary yet';
  }
};

const aiInWords = ({ session }: SessionMoment): string => {
  if (session.status === 'not-started') return 'nothing';
  if (session.status === 'ended') return 'AI no longer available';
  if (!session.gate.open)
    return session.gate.reason === 'awaiting-consent'
      ? 'AI not available: the remote side has to answer first'
      : `AI not available: ${session.gate.reason}`;
  return session.aiRefused === null ? 'AI available' : `AI not available: ${session.aiRefused}`;
};

/** A supporter sees their own session and summary and no other (rulebook §4). */
const supporterOf = (moment: SessionMoment): string => {
  const { session } = moment;
  if (session.status === 'not-started') return 'nothing';
  const { supporterId } = session.started;
  const own = visibilityFor({ kind: 'supporter', id: supporterId ?? '' });
  const isOwn = supporterId !== null && own.of === 'supporter' && own.supporterId === supporterId;
  return isOwn
    ? `${aiInWords(moment)}; ${summaryInWords(moment)}`
    : `${aiInWords(moment)}; no summary, having no account of the company`;
};

const gateInWords = (session: Known): string =>
  session.gate.open
    ? `capture open on ${session.gate.basis}`
    : `capture shut: ${session.gate.reason}`;

const chargeInWords = ({ charge }: SessionMoment): string =>
  charge === null ? 'no charge' : `charge ${charge.chargeId} of ${charge.amount} ${charge.status}`;

const company = (moment: SessionMoment): string => {
  const { session } = moment;
  if (session.status === 'not-started') return 'nothing';
  return [gateInWords(session), chargeInWords(moment), summaryInWords(moment)].join('; ');
};

export const viewsOf = (moment: SessionMoment, told: Told): SessionViews => ({
  remoteSide: remoteSide(moment, told),
  supporter: supporterOf(moment),
  company: company(moment),
  others: 'nothing',
});

/** The state of a session in one line per part: outcome, basis, gate, consent, capture, AI use, charge, summary. */
export const momentInWords = (
  moment: SessionMoment,
  { when }: Told,
): readonly (readonly [string, string])[] => {
  const { session, decision } = moment;
  if (session.status === 'not-started') return [['Session', 'not started yet']];
  const { gate, consent, capturedItems, assistantMessages, aiRefused, endedAt } = session;
  const reason = decision?.reason ?? null;
  return [
    ['Session', endedAt === null ? 'running' : `ended ${when(endedAt)}`],
    ['Outcome', decision === null ? 'not decided yet' : decision.outcome],
    ...(reason === null ? [] : [['Reason', `${reason}: ${reasonInWords[reason]}`] as const]),
    [
      'Basis',
      decision === null || decision.bases.length === 0 ? 'none' : decision.bases.join(' and '),
    ],
    [
      'Gate',
      `${gate.open ? `open on ${gate.basis}` : `shut: ${gate.reason}`} since ${when(gate.since)}`,
    ],
    [
      'Consent',
      moment.prompt === null ? consent : `asked, until ${when(moment.prompt.timesOutAt)}`,
    ],
    ['Captured', `${capturedItems} kept, ${assistantMessages} answered by the assistant`],
    ['AI use', aiUse(session.chargeId, aiRefused)],
    ['Charge', chargeInWords(moment)],
    ['Summary', summaryInWords(moment)],
  ];
};

const aiUse = (chargeId: string | null, refused: Known['aiRefused']): string => {
  if (refused !== null) return `refused: ${refused}`;
  return chargeId === null ? 'none' : `allowed, charge ${chargeId}`;
};
