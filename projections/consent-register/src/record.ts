import { moreRestrictive, type AccessControl } from '@daybook/domain/device-policy';
import type { Basis } from '@daybook/domain/session-insights';
import { basesOf, type ConsentState, type RecordRow } from './rows.js';

/** A consent record as it stands. Fields are null while nothing has said them; instants are epoch milliseconds. */
export type ConsentRecord = Readonly<{
  /** Id of the event that opened the record. */
  recordId: string;
  sessionId: string;
  supporterId: string | null;
  deviceId: string | null;
  state: ConsentState;
  /** Every basis in force, the one that wins first; empty: nothing may be captured. */
  bases: readonly Basis[];
  /** Does capture rest on the remote side's own permission, and not on a policy? */
  restsOnConsent: boolean;
  /** The two ends' settings and the more restrictive one, which holds (rulebook §2.5). */
  accessControl: Readonly<{
    supporter: AccessControl;
    remote: AccessControl;
    holds: AccessControl;
  }> | null;
  asked: boolean;
  notice: Readonly<{ version: string; language: string }> | null;
  indicatedBy: string | null;
  method: string | null;
  startedAt: number;
  openedAt: number;
  answeredAt: number | null;
  withdrawnAt: number | null;
  endedAt: number | null;
  destroyedItems: number;
  /** Entries of its history, and the position of the last event. */
  entries: number;
  position: number;
}>;

const accessOf = ({ supporter_access: supporter, remote_access: remote }: RecordRow) =>
  supporter === null || remote === null
    ? null
    : { supporter, remote, holds: moreRestrictive(supporter, remote) };

const noticeOf = ({ notice_version: version, language }: RecordRow) =>
  version === null || language === null ? null : { version, language };

/** A row whose `state` is set; the queries select no other. */
export const toConsentRecord = (row: RecordRow): ConsentRecord => {
  const bases = basesOf(row);
  return {
    recordId: row.record_id ?? '',
    sessionId: row.session_id,
    supporterId: row.supporter_id,
    deviceId: row.device_id,
    state: row.state ?? 'not-asked',
    bases,
    restsOnConsent: bases[0] === 'consent',
    accessControl: accessOf(row),
    asked: row.asked === 1,
    notice: noticeOf(row),
    indicatedBy: row.indicated_by,
    method: row.method,
    startedAt: row.started_at,
    openedAt: row.opened_at ?? row.started_at,
    answeredAt: row.answered_at,
    withdrawnAt: row.withdrawn_at,
    endedAt: row.ended_at,
    destroyedItems: row.destroyed_items,
    entries: row.entries,
    position: row.position,
  };
};
