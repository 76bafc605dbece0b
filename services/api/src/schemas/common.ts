/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A closed object: what is not optional is required, and nothing else may stand in it. */
export const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

export const array = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const nullable = (schema: JsonSchema): JsonSchema => ({
  anyOf: [schema, { type: 'null' }],
});
export const word = (...words: readonly string[]): JsonSchema => ({ type: 'string', enum: words });
export const ref = (name: string): JsonSchema => ({ $ref: `${name}#` });

export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
export const whole: JsonSchema = { type: 'integer' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const id: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9.:~-]{0,99}$' };
/** In answers UTC; in requests with an offset or Z. */
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const month: JsonSchema = { type: 'string', pattern: '^2\\d{3}-(0[1-9]|1[0-2])$' };
export const position: JsonSchema = {
  ...count,
  description: 'Position of the log that the answer was read or written at.',
};

export const actor: JsonSchema = object({
  kind: word('administrator', 'auditor', 'supporter', 'remote-side', 'device', 'system'),
  id,
});

/** When a command was given and by whom: body fields that every command may have. */
export const said: Readonly<Record<string, JsonSchema>> = { at: instant, by: actor };

export const companyParams = object({ company: id });
export const paramsWith = (name: string, schema: JsonSchema = id): JsonSchema =>
  object({ company: id, [name]: schema });

const after: JsonSchema = {
  ...count,
  description: 'Wait, for a bounded time, until the answer has seen this position.',
};

/** A query string: everything in it is optional. */
export const query = (properties: Readonly<Record<string, JsonSchema>> = {}): JsonSchema =>
  object({ ...properties, after }, [...Object.keys(properties), 'after']);

export const pageQuery = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  query({
    ...properties,
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    cursor: { type: 'string', maxLength: 400, description: '`next` of the page before.' },
  });

/** A page of a list at a position. */
export const pageOf = (items: JsonSchema): JsonSchema =>
  object({ position, items: array(items), next: nullable(text) });

export const actorHeaders: JsonSchema = object(
  {
    'Idempotency-Key': {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}$',
      description: 'Id of the command: sent again with the same id, it gives the first answer.',
    },
    'Daybook-Actor': { type: 'string', description: 'Who acts, `kind:id`; `by` goes before it.' },
  },
  ['Idempotency-Key', 'Daybook-Actor'],
);

export const positionHeader: JsonSchema = {
  'Daybook-Position': { ...count, description: 'The `position` of the answer.' },
};
export const writtenHeaders: JsonSchema = {
  ...positionHeader,
  'Idempotency-Key': { type: 'string', description: 'Id of the command.' },
};

/** Schemas that others refer to by name. */
export const sharedSchemas: readonly (JsonSchema & { $id: string })[] = [
  {
    $id: 'Problem',
    type: 'object',
    description: 'RFC 9457. Other members go with the type.',
    properties: {
      type: { type: 'string', pattern: '^urn:daybook:problem:[a-z0-9-]+$' },
      title: text,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: text,
      refusal: {
        type: 'object',
        description: 'The refusal of the rules with its data.',
        properties: { name: text },
        required: ['name'],
      },
      errors: array(object({ field: text, reason: text })),
      reference: { type: 'string', description: 'Names the entry in the operator’s log.' },
    },
    required: ['type', 'title', 'status', 'detail'],
  },
  {
    $id: 'Written',
    description: 'Where a command stands in the log, and the events that it wrote.',
    ...object({ position, commandId: text, repeated: flag, events: array(text) }),
  },
];
