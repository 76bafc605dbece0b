import {
  array,
  flag,
  id,
  object,
  position,
  ref,
  said,
  text,
  word,
  type JsonSchema,
} from './common.js';

export const sessionLoggingBody: JsonSchema = object(
  {
    enabled: flag,
    selection: {
      oneOf: [
        object({ kind: word('all', 'all-but-me', 'me') }),
        object({ kind: word('list', 'all-but'), ids: { ...array(id), maxItems: 10_000 } }),
      ],
    },
    ...said,
  },
  Object.keys(said),
);

export const sessionLoggingAnswer: JsonSchema = object({
  position,
  commandId: text,
  outcomes: array(
    object(
      {
        userId: text,
        outcome: word('changed', 'unchanged', 'refused', 'failed'),
        problem: ref('Problem'),
      },
      ['problem'],
    ),
  ),
});
