import { consumerKinds, consumerStates } from '@daybook/engine';
import { array, count, nullable, object, text, word, type JsonSchema } from './common.js';

export const healthAnswer: JsonSchema = object({ status: { const: 'live' } });
export const readyAnswer: JsonSchema = object({
  status: word('ready'),
  head: nullable(count),
  processes: word('running', 'stopped'),
  readModels: array(object({ name: text, position: count, behind: nullable(count) })),
});
/** A number that is not known is null. `waiting` and `standing-back` are as it should be. */
const consumerAnswer: JsonSchema = object({
  name: text,
  kind: word(...consumerKinds),
  state: word(...consumerStates),
  position: nullable(count),
  lagEvents: nullable(count),
  lagSeconds: nullable({ type: 'number', minimum: 0 }),
  retries: count,
  parked: count,
});
export const healthReadyAnswer: JsonSchema = object({
  status: word('ready'),
  head: nullable(count),
  consumers: array(consumerAnswer),
});
export const linksAnswer: JsonSchema = object({
  name: text,
  links: { type: 'object', additionalProperties: text },
});
