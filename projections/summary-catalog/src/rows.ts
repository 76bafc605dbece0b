import type { SummaryBody } from '@daybook/domain/summaries';
import { pageRows, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';

export type SummaryRow = {
  company: string;
  summary_id: string;
  /** Position of the first event; row id in the full-text index. */
  doc: number;
  session_id: string;
  supporter_id: string | null;
  device_id: string | null;
  status: 'active' | 'deleted';
  revision: number;
  origin: 'ai' | 'human' | 'mixed';
  model: string | null;
  prompt_version: string | null;
  language: string;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
  deleted_by: string | null;
  position: number;
};

export const summaryRows = (db: Database): PageRows<SummaryRow> => {
  const load = db.prepare<[string, string], SummaryRow>(
    'SELECT * FROM summaries WHERE company = ? AND summary_id = ?',
  );
  const save = db.prepare<[SummaryRow]>(`INSERT OR REPLACE INTO summaries VALUES (
    :company, :summary_id, :doc, :session_id, :supporter_id, :device_id, :status, :revision,
    :origin, :model, :prompt_version, :language, :created_at, :edited_at, :deleted_at,
    :deleted_by, :position)`);
  return pageRows({
    load: ([company, summaryId = '']) => load.get(company, summaryId),
    save: (row) => save.run(row),
  });
};

/** Puts the text of one summary into tags and index, and takes all of its text out again. */
export type TextStore = Readonly<{
  index: (summary: SummaryRow, body: SummaryBody) => void;
  unindex: (summary: SummaryRow) => void;
  /** Every text of the summary, of all its revisions. */
  erase: (summary: SummaryRow) => void;
}>;

export const textStore = (db: Database): TextStore => {
  const addWords = db.prepare(
    'INSERT INTO search(rowid, title, problem, steps, result, follow_ups, tags) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const removeWords = db.prepare('DELETE FROM search WHERE rowid = ?');
  const addTag = db.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?, ?)');
  const removeTags = db.prepare('DELETE FROM tags WHERE company = ? AND summary_id = ?');
  const removeTexts = db.prepare('DELETE FROM texts WHERE company = ? AND summary_id = ?');
  const unindex = ({ company, summary_id: id, doc }: SummaryRow): void => {
    removeWords.run(doc);
    removeTags.run(company, id);
  };
  return {
    unindex,
    index: ({ company, summary_id: id, doc }, body) => {
      const { title, problem, steps, result, followUps, tags } = body;
      addWords.run(
        doc,
        title,
        problem,
        steps.join('\n'),
        result,
        followUps.join('\n'),
        tags.join('\n'),
      );
      for (const tag of tags) addTag.run(company, tag, id);
    },
    erase: (summary) => {
      unindex(summary);
      removeTexts.run(summary.company, summary.summary_id);
    },
  };
};
