import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const packageFolder = join(__dirname, '..');
export const repository = join(packageFolder, '..', '..');

const schemaFile = join(packageFolder, 'schema', 'session-journal.schema.json');

const ajv = new Ajv2020({ strict: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

/** Does the published schema accept this JSON value as an entry? */
export const schemaAccepts = (value: unknown): boolean => validate(value);
