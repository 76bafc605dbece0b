import type { SummaryBody } from '@daybook/domain/summaries';
import type { Fold, PageRows, ProjectedEvent } from '@daybook/projection';
import type { Database, Statement } from 'better-sqlite3';
import { summaryRows, textStore, type SummaryRow, type TextStore } from './rows.js';

export type CatalogEvent = 'SummaryGenerated' | 'SummaryEdited' | 'SummaryDeleted';
type Event = ProjectedEvent<CatalogEvent>;
type Of<Type extends CatalogEvent> = Extract<Event, { type: Type }>;

/** What the page leaves to be done to the text of one summary. */
type Change = { indexed: boolean; body: SummaryBody | undefined; deleted: boolean };

type Page = Readonly<{
  summaries: PageRows<SummaryRow>;
  changes: Map<SummaryRow, Change>;
  addRevision: Statement;
  addText: Statement;
}>;

const changeOf = (page: Page, summary: SummaryRow): Change => {
  const known = page.changes.get(summary);
  if (known !== undefined) return known;
  const change = { indexed: summary.position > 0, body: undefined, deleted: false };
  page.changes.set(summary, change);
  return change;
};

const newSummary = (event: Of<'SummaryGenerated'>): SummaryRow => ({
  company: event.company,
  summary_id: event.subject,
  doc: event.position,
  session_id: event.data.sessionId,
  supporter_id: event.data.supporterId,
  device_id: event.data.deviceId,
  status: 'active',
  revision: 0,
  origin: 'ai',
  model: null,
  prompt_version: null,
  language: event.data.language,
  created_at: event.data.generatedAt,
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  position: 0,
});

const takeText = (
  page: Page,
  summary: SummaryRow,
  event: Of<'SummaryGenerated' | 'SummaryEdited'>,
): void => {
  const { revision, origin, language, body } = event.data;
  const change = changeOf(page, summary);
  change.body = body.value;
  change.deleted = false;
  summary.revision = revision;
  summary.origin = origin;
  summary.language = language;
  summary.position = event.position;
  const text = JSON.stringify(body.value);
  page.addText.run(summary.company, summary.summary_id, revision, text);
};

const generate = (page: Page, event: Of<'SummaryGenerated'>): void => {
  const { company, subject: id, data } = event;
  const summary = page.summaries.touch([company, id], () => newSummary(event));
  // A deletion is final: what is generated behind it stays out of sight.
  if (summary.status === 'deleted') return;
  takeText(page, summary, event);
  summary.model = data.model;
  summary.prompt_version = data.promptVersion;
  page.addRevision.run(
    company,
    id,
    data.revision,
    null,
    'ai',
    null,
    data.model,
    data.promptVersion,
    data.language,
    data.generatedAt,
    event.id,
    event.position,
  );
};

const edit = (page: Page, event: Of<'SummaryEdited'>): void => {
  const { company, subject: id, data } = event;
  const known = page.summaries.find([company, id]);
  if (known === undefined || known.status === 'deleted') return;
  const summary = page.summaries.touch([company, id], () => known);
  takeText(page, summary, event);
  summary.edited_at = data.editedAt;
  // What a person changed is still that model's text; what they wrote anew is nobody's but theirs.
  const isMixed = data.origin === 'mixed';
  page.addRevision.run(
    company,
    id,
    data.revision,
    data.changedRevision,
    data.origin,
    data.author,
    isMixed ? summary.model : null,
    isMixed ? summary.prompt_version : null,
    data.language,
    data.editedAt,
    event.id,
    event.position,
  );
};

const remove = (page: Page, event: Of<'SummaryDeleted'>): void => {
  const { company, subject: id, data } = event;
  const known = page.summaries.find([company, id]);
  if (known === undefined || known.status === 'deleted') return;
  const summary = page.summaries.touch([company, id], () => known);
  const change = changeOf(page, summary);
  change.body = undefined;
  change.deleted = true;
  summary.status = 'deleted';
  summary.deleted_at = data.deletedAt;
  summary.deleted_by = data.by;
  summary.position = event.position;
};

const applyEvent = (page: Page, event: Event): void => {
  switch (event.type) {
    case 'SummaryGenerated':
      generate(page, event);
      return;
    case 'SummaryEdited':
      edit(page, event);
      return;
    case 'SummaryDeleted':
      remove(page, event);
      return;
  }
};

/** Writes the last text of each summary to the index, once per page; true when text went away. */
const writeText = (page: Page, texts: TextStore): boolean => {
  let erased = false;
  for (const [summary, { indexed, body, deleted }] of page.changes) {
    if (deleted) {
      texts.erase(summary);
      erased = true;
    } else if (body !== undefined) {
      if (indexed) texts.unindex(summary);
      texts.index(summary, body);
    }
  }
  page.changes.clear();
  return erased;
};

export const openCatalog = (db: Database): Fold<CatalogEvent> => {
  const texts = textStore(db);
  const page: Page = {
    summaries: summaryRows(db),
    changes: new Map(),
    addRevision: db.prepare(
      'INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    addText: db.prepare('INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)'),
  };
  return {
    apply: (events) => {
      for (const event of events) applyEvent(page, event);
      page.summaries.flush();
      return writeText(page, texts) ? 'erased' : 'applied';
    },
  };
};
