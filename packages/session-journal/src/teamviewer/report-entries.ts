import type { SessionEnded, SessionStarted } from '../journal/entry.js';
import type { ConnectionReport } from './connection-report.js';
import type { KnownEnd } from './entries-of.js';

/** What the company knows and a report does not say. Nothing here is guessed from names. */
export type ReportMapping = Readonly<{
  /** Devices by TeamViewer id: only these are managed, and only of these the platform is known. */
  others?: Readonly<Record<string, KnownEnd>>;
  /** Users of the company by their id in TeamViewer, such as `u1234567`. */
  users?: Readonly<Record<string, string>>;
}>;

const mapped = <A>(
  known: Readonly<Record<string, A>> | undefined,
  key: string | null,
): A | undefined =>
  known !== undefined && key !== null && Object.hasOwn(known, key) ? known[key] : undefined;

/** Whoever is in an outgoing report is the company's user; at an incoming end it may be anybody. */
const supporterOf = (report: ConnectionReport, mapping: ReportMapping): string | null => {
  const user = mapped(mapping.users, report.userId);
  if (user !== undefined) return user;
  return report.kind === 'outgoing' ? report.userId : null;
};

/**
 * The journal entries of a reported connection: that it started and that it ended. One fact is certain: an
 * outgoing connection is reported only of a user who was signed in, with logging on. The rest that a report does
 * not tell is filled in so that it leads to refusal, never to capture, as for a log (`entriesOf`).
 */
export const entriesOfReport = (
  report: ConnectionReport,
  mapping: ReportMapping = {},
): readonly [SessionStarted, SessionEnded] => {
  const { id: session } = report;
  const isOutgoing = report.kind === 'outgoing';
  const end = mapped(mapping.others, report.deviceId);
  return [
    {
      entry: 'session-started',
      session,
      at: report.startedAt,
      direction: report.kind,
      supporter: supporterOf(report, mapping),
      signedIn: isOutgoing && report.userId !== null,
      device: end?.device ?? null,
      module: isOutgoing ? 'quicksupport' : 'full',
      platform: end?.platform ?? 'unknown',
      method: report.hasSessionCode ? 'session-code' : 'id-and-password',
      attended: false,
      accessControl: { supporter: 'after-confirmation', remote: 'after-confirmation' },
    },
    { entry: 'session-ended', session, at: report.endedAt },
  ];
};
