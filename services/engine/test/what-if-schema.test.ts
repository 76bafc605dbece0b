import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decodeScenario, operationNames } from '../src/what-if/index.js';
import { everything, furtherMistakes, mistakes, withMistake } from './what-if-scenarios.js';

// Goal: the published schema and the program accept the same scenarios. Method: one scenario with every
// field, and the same with one mistake at a time, against both.

type Ajv = { compile: (schema: object) => (value: unknown) => boolean };
type AjvModule = Readonly<{ Ajv2020: new (options: object) => Ajv }>;
type Schema = Readonly<{
  properties: Readonly<{
    operations: { items: { oneOf: readonly { properties: { op: { const: string } } }[] } };
  }>;
}>;

const root = join(__dirname, '../../..');
// The validator belongs to the HTTP API's tests.
const requireOfApi = createRequire(join(root, 'services/api/package.json'));
const { Ajv2020 } = requireOfApi('ajv/dist/2020.js') as AjvModule;
const formats = requireOfApi('ajv-formats') as (ajv: Ajv) => void;
const schema = JSON.parse(
  readFileSync(join(root, 'docs/schemas/what-if.schema.json'), 'utf8'),
) as Schema;
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
formats(ajv);
const validate = ajv.compile(schema);

describe('The schema of a credit scenario', () => {
  it('knows every operation', () => {
    const known = schema.properties.operations.items.oneOf.map(({ properties }) => properties.op);
    expect(known.map((op) => op.const)).toStrictEqual(operationNames);
  });

  it('accepts what the program accepts', () => {
    expect(validate(everything)).toBe(true);
    expect(decodeScenario(everything)).toMatchObject({ _tag: 'Right' });
    expect(validate({})).toBe(true);
    expect(decodeScenario({})).toStrictEqual(E.right({}));
  });

  it.each(mistakes)('refuses $says as the program does ($to)', (mistake) => {
    const given = withMistake(mistake);
    expect(validate(given)).toBe(false);
    expect(decodeScenario(given)).toMatchObject({ left: { path: mistake.says } });
  });

  it.each(furtherMistakes)('leaves $says to the program ($to)', (mistake) => {
    const given = withMistake(mistake);
    expect(validate(given)).toBe(true);
    expect(decodeScenario(given)).toMatchObject({ left: { path: mistake.says } });
  });
});
