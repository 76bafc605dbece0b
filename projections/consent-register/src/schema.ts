/**
 * One row per session that was seen, a record once `state` is set; and what happened to each, in the order of the
 * log. No text of a session stands here. `bases` is a JSON array; truth values are 0 or 1.
 */
export const schema = `
CREATE TABLE records(
  company TEXT NOT NULL,
  session_id TEXT NOT NULL,
  supporter_id TEXT,
  device_id TEXT,
  supporter_access TEXT,
  remote_access TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  state TEXT,
  bases TEXT NOT NULL,
  asked INTEGER NOT NULL,
  notice_version TEXT,
  language TEXT,
  indicated_by TEXT,
  method TEXT,
  opened_at INTEGER,
  answered_at INTEGER,
  withdrawn_at INTEGER,
  destroyed_items INTEGER NOT NULL,
  record_id TEXT,
  entries INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_by_time ON records(company, opened_at, session_id) WHERE state IS NOT NULL;

CREATE TABLE entries(
  company TEXT NOT NULL,
  session_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  indicated_by TEXT,
  method TEXT,
  notice_version TEXT,
  language TEXT,
  items INTEGER,
  PRIMARY KEY (company, session_id, ordinal)
) STRICT, WITHOUT ROWID;
`;
