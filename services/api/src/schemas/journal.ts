import { entryTypes } from '@daybook/session-journal';
import {
  array,
  count,
  flag,
  id,
  instant,
  object,
  position,
  text,
  type JsonSchema,
} from './common.js';

export const entryBody: JsonSchema = {
  type: 'object',
  description:
    'One entry of the session journal. Fields by entry type: schema/session-journal.schema.json.',
  properties: { entry: { type: 'string', enum: entryTypes }, session: id, at: instant },
  required: ['entry', 'session', 'at'],
};

export const journalBody: JsonSchema = {
  type: 'string',
  description: 'JSON Lines: one entry of the session journal a line, UTF-8.',
};

const lineProblem = object(
  { line: count, column: count, field: text, reason: text, remedy: text },
  ['column', 'field', 'remedy'],
);

const entryAnswer = object({ position, commandId: text, repeated: flag });

const counts = object({
  position,
  lines: count,
  sessions: count,
  recorded: count,
  repeated: count,
  refused: { type: 'object', additionalProperties: count },
  problems: count,
  lineProblems: array(lineProblem),
});

/** The first answers one entry, the second a journal. */
export const journalAnswer: JsonSchema = { oneOf: [entryAnswer, counts] };
