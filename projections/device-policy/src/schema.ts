/** Where each device, policy and group stands now, and every change that a device went through. Toggles are 0 or 1. */
export const schema = `
CREATE TABLE devices(
  company TEXT NOT NULL,
  device_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('enrolled', 'released')),
  platform TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('own', 'group', 'none')),
  source_policy_id TEXT,
  source_group_id TEXT,
  applied_policy_id TEXT,
  applied_version INTEGER,
  applied_group_id TEXT,
  applied_state TEXT,
  applied_reporting INTEGER,
  applied_insights INTEGER,
  local_reporting INTEGER,
  local_reporting_since_applied INTEGER NOT NULL,
  local_insights INTEGER,
  local_insights_since_applied INTEGER NOT NULL,
  access_control TEXT NOT NULL,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_history(
  company TEXT NOT NULL,
  device_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  what TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  PRIMARY KEY (company, device_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_versions(
  company TEXT NOT NULL,
  policy_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  reporting INTEGER NOT NULL,
  insights INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, policy_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE groups(
  company TEXT NOT NULL,
  group_id TEXT NOT NULL,
  policy_id TEXT,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, group_id)
) STRICT, WITHOUT ROWID;
`;
