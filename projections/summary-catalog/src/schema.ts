/**
 * `summaries` keeps one row per summary for ever: a deleted one is a tombstone without text. Every text stands in
 * `texts` or `tags` or the index `search`, and leaves all three when the summary is deleted. `doc` is
 * the position of the summary's first event, so it is the same in every rebuild.
 */
export const schema = `
CREATE TABLE summaries(
  company TEXT NOT NULL,
  summary_id TEXT NOT NULL,
  doc INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  supporter_id TEXT,
  device_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'deleted')),
  revision INTEGER NOT NULL,
  origin TEXT NOT NULL,
  model TEXT,
  prompt_version TEXT,
  language TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER,
  deleted_by TEXT,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, summary_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX summaries_by_doc ON summaries(doc);
CREATE INDEX summaries_by_time ON summaries(company, created_at, doc);

CREATE TABLE revisions(
  company TEXT NOT NULL,
  summary_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  changed_revision INTEGER,
  origin TEXT NOT NULL,
  author TEXT,
  model TEXT,
  prompt_version TEXT,
  language TEXT NOT NULL,
  at INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, summary_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE texts(
  company TEXT NOT NULL,
  summary_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (company, summary_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags(
  company TEXT NOT NULL,
  tag TEXT NOT NULL,
  summary_id TEXT NOT NULL,
  PRIMARY KEY (company, tag, summary_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_of_summary ON tags(company, summary_id);

CREATE VIRTUAL TABLE search USING fts5(
  title, problem, steps, result, follow_ups, tags, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO search(search, rank) VALUES ('secure-delete', 1);
`;
