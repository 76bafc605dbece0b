// Writes the reader's codecs (src/contracts) from the publisher's contracts: `node write-contracts.mjs`, after a
// build. A subscriber gets types and decoding without the engine; the test of contracts holds the two together.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { jsonSchemaOf, publishedTypes } from '../publisher/dist/index.js';

const folder = new URL('./src/contracts/', import.meta.url);

const field = (name) => (/^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name));
const words = (values) => `t.keyof({ ${values.map((word) => `${field(word)}: null`).join(', ')} })`;

const structOf = ({ properties, required }) => {
  const fieldsOf = (wanted) =>
    Object.entries(properties)
      .filter(([name]) => required.includes(name) === wanted)
      .map(([name, schema]) => `${field(name)}: ${codecOf(schema)}`)
      .join(', ');
  const optional = fieldsOf(false);
  const needed = `t.type({ ${fieldsOf(true)} })`;
  return optional === '' ? needed : `t.intersection([${needed}, t.partial({ ${optional} })])`;
};

const codecOf = (schema) => {
  if (schema.enum !== undefined) return words(schema.enum);
  if (schema.const !== undefined) return `t.literal(${JSON.stringify(schema.const)})`;
  if (schema.anyOf !== undefined) return `t.union([${schema.anyOf.map(codecOf).join(', ')}])`;
  switch (schema.type) {
    case 'string':
      return 't.string';
    case 'integer':
      return 'Whole';
    case 'boolean':
      return 't.boolean';
    case 'null':
      return 't.null';
    case 'array':
      return `t.array(${codecOf(schema.items)})`;
    case 'object':
      return structOf(schema);
    default:
      throw new Error(`Nothing is written for ${JSON.stringify(schema)}.`);
  }
};

const nameOf = (context) => context.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const write = async (name, source) => {
  const path = fileURLToPath(new URL(name, folder));
  const options = await resolveConfig(path);
  writeFileSync(path, await format(source, { ...options, filepath: path }));
};

const HEAD = '// Written by write-contracts.mjs from the contracts of the publisher.\n';
const contexts = [...new Set(publishedTypes.map(({ context }) => context))].sort();
for (const context of contexts) {
  const types = publishedTypes.filter((published) => published.context === context);
  const body = types
    .map(({ type, data }) => `'${type}': ${codecOf(jsonSchemaOf(data))}`)
    .join(',\n');
  const whole = body.includes('Whole') ? "import { Whole } from '../whole.js';\n" : '';
  await write(
    `${context}.ts`,
    `${HEAD}import * as t from 'io-ts';\n${whole}\nexport const ${nameOf(context)} = {\n${body},\n};\n`,
  );
}
await write(
  'index.ts',
  `${HEAD}${contexts.map((context) => `import { ${nameOf(context)} } from './${context}.js';`).join('\n')}

/** Codec of the data of every published type. */
export const publishedData = { ${contexts.map((context) => `...${nameOf(context)}`).join(', ')} };
`,
);
