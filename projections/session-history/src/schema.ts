/**
 * One row per session, and its timeline in the order of the log. No text of a session stands here: not what was said,
 * not what the summary says. Lists are JSON, truth values 0 or 1.
 */
export const schema = `
CREATE TABLE sessions(
  company TEXT NOT NULL,
  session_id TEXT NOT NULL,
  supporter_id TEXT,
  device_id TEXT,
  paths TEXT NOT NULL,
  method TEXT,
  module TEXT,
  platform TEXT,
  source TEXT,
  attended INTEGER,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  basis TEXT,
  bases TEXT NOT NULL,
  reason TEXT,
  reasons TEXT NOT NULL,
  consent TEXT NOT NULL,
  ai_refused TEXT,
  charge_id TEXT,
  charge_status TEXT,
  charge_amount INTEGER,
  summary_id TEXT,
  summary_status TEXT NOT NULL,
  captured_items INTEGER NOT NULL,
  destroyed_items INTEGER NOT NULL,
  assistant_messages INTEGER NOT NULL,
  events INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_time ON sessions(company, started_at, session_id);

CREATE TABLE timeline(
  company TEXT NOT NULL,
  session_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  position INTEGER NOT NULL,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  what TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  PRIMARY KEY (company, session_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_sessions(
  company TEXT NOT NULL,
  summary_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  PRIMARY KEY (company, summary_id)
) STRICT, WITHOUT ROWID;
`;
