import {
  array,
  count,
  instant,
  nullable,
  object,
  pageOf,
  paramsWith,
  position,
  said,
  text,
  word,
  type JsonSchema,
} from './common.js';

export const endpointParams: JsonSchema = paramsWith('endpoint', {
  type: 'string',
  pattern: '^ep_[0-9a-f-]{36}$',
});

const types: JsonSchema = {
  ...array({ type: 'string', maxLength: 200 }),
  maxItems: 100,
  description: 'Published types, or patterns that end in `.*`; none means all.',
};
const secret: JsonSchema = {
  type: 'string',
  description: '`whsec_` and base64 of 24 to 64 bytes; made here when absent.',
};
const by = said['by'] ?? {};

const endpoint: JsonSchema = object({
  id: text,
  url: text,
  types,
  createdAt: instant,
  disabled: {
    ...nullable(word('by-operator', 'gone', 'failing')),
    description: 'Null while it is sent to. `gone`: it answered 410. `failing`: it gave up.',
  },
  reached: {
    ...count,
    description: 'Everything of the log up to here is delivered, parked, or not of interest.',
  },
  waiting: nullable(
    object({
      event: text,
      position: count,
      attempts: count,
      recordedAt: instant,
      dueAt: { ...instant, description: 'When it is tried again.' },
    }),
  ),
  counts: object({ attempts: count, delivered: count, retries: count }),
});

const result: JsonSchema = {
  ...text,
  description: '`delivered`, `refused` (the status says no), or why there was no answer.',
};
const status = nullable(count);

const delivery: JsonSchema = object({
  number: count,
  event: text,
  type: text,
  position: count,
  nth: { ...count, description: 'Which attempt of this message.' },
  at: instant,
  durationMs: count,
  result,
  status,
  nextAt: nullable(instant),
});

const parked: JsonSchema = object({
  event: text,
  type: text,
  position: count,
  attempts: count,
  since: instant,
  result,
  status,
});

export const endpointsAnswer: JsonSchema = object({ position, items: array(endpoint) });
export const endpointAnswer: JsonSchema = object({ position, endpoint });
export const endpointWithSecret: JsonSchema = object({
  position,
  endpoint,
  secret: { ...text, description: 'Shown by this answer and by no other.' },
});
export const shownEndpoint: JsonSchema = object({
  position,
  endpoint,
  parked: { ...array(parked), description: 'Ran out of attempts; oldest first, 1,000 at most.' },
  audit: {
    ...array(object({ at: instant, actor: text, action: text, detail: text })),
    description: 'Who changed it, newest first, 100 at most.',
  },
});
export const deliveriesAnswer: JsonSchema = pageOf(delivery);
export const retriedAnswer: JsonSchema = object({
  position,
  wanted: { ...count, description: 'Messages that are tried once more.' },
});

export const addBody: JsonSchema = object(
  {
    url: { type: 'string', maxLength: 2_048, description: '`https`, of a public address.' },
    types,
    from: {
      anyOf: [word('start', 'now'), count],
      default: 'now',
      description: 'With which events: all, those from now on, or those after a position.',
    },
    secret,
    by,
  },
  ['types', 'from', 'secret', 'by'],
);
export const rotateBody: JsonSchema = object(
  {
    overlapHours: {
      type: 'integer',
      minimum: 0,
      maximum: 720,
      default: 24,
      description: 'How long both secrets sign; 0 ends the old one at once.',
    },
    secret,
    by,
  },
  ['overlapHours', 'secret', 'by'],
);
export const switchBody: JsonSchema = object({ enabled: { type: 'boolean' }, by }, ['by']);
export const retryBody: JsonSchema = object({ all: { const: true }, events: array(text), by }, [
  'all',
  'events',
  'by',
]);
export const replayBody: JsonSchema = object(
  { after: { ...count, description: 'Position of the log; 0 is everything.' }, by },
  ['by'],
);
