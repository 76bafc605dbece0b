/**
 * `deliveries` has a row for every event of a summary that concerns a connector, put there in the transaction
 * that moves the connector's place in the log. No column takes text of a summary: ids, words of ours, instants.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS read_up_to (
    connector TEXT PRIMARY KEY, position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS deliveries (
    connector TEXT NOT NULL, event_id TEXT NOT NULL, company TEXT NOT NULL, session TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('note', 'retraction')),
    revision INTEGER NOT NULL, position INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN
      ('waiting', 'sending', 'delivered', 'retracted', 'cancelled', 'skipped', 'parked')),
    reason TEXT, how TEXT, record_id TEXT, note_id TEXT,
    attempts INTEGER NOT NULL, attempts_in_round INTEGER NOT NULL,
    due_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    PRIMARY KEY (connector, event_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_unfinished ON deliveries (connector, state, position);
  CREATE INDEX IF NOT EXISTS deliveries_by_session ON deliveries (connector, company, session, position);
  CREATE TABLE IF NOT EXISTS unrecalled (
    connector TEXT NOT NULL, event_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    what TEXT NOT NULL, remote_id TEXT, why TEXT NOT NULL,
    PRIMARY KEY (connector, event_id, ordinal)
  ) STRICT, WITHOUT ROWID;`;
