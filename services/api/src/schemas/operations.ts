import { array, count, nullable, object, text, word, type JsonSchema } from './common.js';

export const healthAnswer: JsonSchema = object({ status: { const: 'live' } });
export const readyAnswer: JsonSchema = object({
  status: word('ready'),
  head: nullable(count),
  processes: word('running', 'stopped'),
  readModels: array(object({ name: text, position: count, behind: count })),
});
export const linksAnswer: JsonSchema = object({
  name: text,
  links: { type: 'object', additionalProperties: text },
});
