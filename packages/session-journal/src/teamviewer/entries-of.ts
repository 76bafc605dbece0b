import type { SessionEnded, SessionStarted } from '../journal/entry.js';
import type { ConnectionRecord } from './connection-record.js';

/** What the company knows of one end of a connection and the log does not say. */
export type KnownEnd = Readonly<{
  /** The managed device. */
  device?: string;
  /** The user of the company who works there. */
  user?: string;
  platform?: string;
}>;

/** Which ends the company knows. Nothing here is guessed from names. */
export type LogMapping = Readonly<{
  /** The machine that wrote the log. */
  self?: KnownEnd;
  /** The other ends, by TeamViewer id. */
  others?: Readonly<Record<string, KnownEnd>>;
}>;

/**
 * The journal entries of a logged connection: that it started and that it ended. What a log does not
 * tell is filled in so that it leads to refusal, never to capture: the supporter is not signed in,
 * nobody sits at the device, the platform is unknown, the remote module of an outgoing connection is
 * QuickSupport, and nothing but a mapping makes a device managed. An incoming log is written by the
 * full program, so its module is `full`. Display names and local user names are left behind.
 */
export const entriesOf = (
  record: ConnectionRecord,
  mapping: LogMapping = {},
): readonly [SessionStarted, SessionEnded] => {
  const others = mapping.others ?? {};
  const other = Object.hasOwn(others, record.teamviewerId) ? others[record.teamviewerId] : {};
  const incoming = record.kind === 'incoming';
  const [supporterEnd, remoteEnd] = incoming ? [other, mapping.self] : [mapping.self, other];
  const { sessionId: session } = record;
  return [
    {
      entry: 'session-started',
      session,
      at: record.startedAt,
      direction: record.kind,
      supporter: supporterEnd?.user ?? null,
      signedIn: false,
      device: remoteEnd?.device ?? null,
      module: incoming ? 'full' : 'quicksupport',
      platform: remoteEnd?.platform ?? 'unknown',
      method: 'id-and-password',
      attended: false,
      accessControl: { supporter: 'after-confirmation', remote: 'after-confirmation' },
    },
    { entry: 'session-ended', session, at: record.endedAt },
  ];
};
