import {
  array,
  count,
  instant,
  object,
  pageOf,
  position,
  text,
  type JsonSchema,
} from './common.js';

export const parkedAnswer: JsonSchema = pageOf(
  object({
    process: text,
    eventId: text,
    stream: text,
    revision: count,
    position: count,
    reason: text,
    attempts: count,
    since: instant,
  }),
);
export const retryAnswer: JsonSchema = object({
  position,
  retried: { ...count, description: 'How much was parked and has been tried again.' },
});
export const retryBody: JsonSchema = object(
  { eventIds: array({ type: 'string', format: 'uuid' }), all: { const: true } },
  ['eventIds', 'all'],
);
