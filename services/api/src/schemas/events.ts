import { envelopeSchema } from '@daybook/publisher';
import { array, count, nullable, object, position, text, type JsonSchema } from './common.js';

/** One published event, the same as on every other way out; inside a document it has no name of its own. */
export const publishedEvent: JsonSchema = Object.fromEntries(
  Object.entries(envelopeSchema()).filter(([keyword]) => !keyword.startsWith('$')),
);

export const since: JsonSchema = {
  type: 'string',
  pattern: '^(\\d{1,16}|end)$',
  description:
    'Events after this position of the log; `end` for those that come from now on. Default: from the first.',
};

export const eventFilter: Readonly<Record<string, JsonSchema>> = {
  type: {
    type: 'string',
    maxLength: 4_000,
    description: 'Published types, separated by commas.',
  },
  context: { type: 'string', maxLength: 100, description: 'Such as `credits`.' },
  subject: {
    type: 'string',
    maxLength: 250,
    description: 'What the events are about: `session/s-1`, `device/d-7`, `credits/acme`.',
  },
};

export const eventsAnswer: JsonSchema = object({
  position,
  items: array(publishedEvent),
  next: nullable(text),
  checkpoint: {
    ...count,
    description: 'Everything up to here was looked at: `since` of whoever asks again later.',
  },
});

export const lastEventId: JsonSchema = object(
  {
    'Last-Event-ID': {
      type: 'string',
      pattern: '^\\d{1,16}$',
      description: 'Goes before `since`; EventSource sends it by itself.',
    },
  },
  ['Last-Event-ID'],
);
