import { array, id, object, position, ref, said, text, word, type JsonSchema } from './common.js';

const selection: JsonSchema = {
  oneOf: [
    object({ kind: word('all') }),
    object({ kind: word('group'), groupId: id }),
    object({ kind: word('list'), ids: { ...array(id), maxItems: 10_000 } }),
  ],
};
const optional = Object.keys(said);

export const accessControlBody: JsonSchema = object(
  { value: word('allowed', 'denied', 'after-confirmation'), selection, ...said },
  optional,
);

export const policySourceBody: JsonSchema = object(
  {
    to: {
      oneOf: [
        object({ source: word('own'), policyId: id }),
        object({ source: word('group'), groupId: id }),
        object({ source: word('none') }),
      ],
    },
    selection,
    ...said,
  },
  optional,
);

export const devicesBulkAnswer: JsonSchema = object({
  position,
  commandId: text,
  outcomes: array(
    object(
      {
        deviceId: text,
        outcome: word('changed', 'unchanged', 'refused', 'failed'),
        problem: ref('Problem'),
      },
      ['problem'],
    ),
  ),
});
