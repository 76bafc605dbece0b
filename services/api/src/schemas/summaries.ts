import {
  array,
  count,
  flag,
  instant,
  nullable,
  object,
  pageOf,
  position,
  said,
  text,
  word,
  type JsonSchema,
} from './common.js';

const bodyFields = {
  title: text,
  problem: text,
  steps: array(text),
  result: text,
  followUps: array(text),
  tags: array(text),
};

/** The AI marking: goes with the text wherever the text goes. */
const mark = object({
  aiGenerated: flag,
  origin: word('ai', 'human', 'mixed'),
  digitalSourceType: { type: 'string', format: 'uri' },
  statement: text,
});

const summaryFields = {
  summaryId: text,
  sessionId: text,
  supporterId: nullable(text),
  deviceId: nullable(text),
  status: word('active', 'deleted'),
  revision: count,
  origin: word('ai', 'human', 'mixed'),
  model: nullable(text),
  promptVersion: nullable(text),
  language: text,
  createdAt: instant,
  editedAt: nullable(instant),
  deletedAt: nullable(instant),
  deletedBy: nullable(text),
  mark,
  body: nullable(object(bodyFields)),
};

const revision = object({
  revision: count,
  changedRevision: nullable(count),
  origin: word('ai', 'human', 'mixed'),
  author: nullable(text),
  model: nullable(text),
  promptVersion: nullable(text),
  language: text,
  at: instant,
  eventId: text,
  position: count,
  mark,
  body: nullable(object(bodyFields)),
});

/** `snippet` stands only where words were searched for. */
export const summariesAnswer: JsonSchema = pageOf(
  object({ ...summaryFields, snippet: text }, ['snippet']),
);
export const summaryAnswer: JsonSchema = object({
  position,
  summary: object(summaryFields),
  revisions: array(revision),
});
export const editBody: JsonSchema = object(
  {
    changes: { ...object(bodyFields, Object.keys(bodyFields)), minProperties: 1 },
    ...said,
  },
  Object.keys(said),
);
