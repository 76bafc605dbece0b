import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';
import { readContractFolder } from '../src/index.js';

export const releasedContracts = readContractFolder(join(__dirname, '../../../docs/contracts'));

const ajv = addFormats.default(new Ajv2020.default({ strict: true, allErrors: true }));
for (const [file, text] of releasedContracts)
  if (file.startsWith('schemas/')) ajv.addSchema(JSON.parse(text) as object);

/** Complaints of the committed schemas about an event; throws the reference package’s, which is strict. */
export const complaints = (body: string): readonly unknown[] => {
  const event = JSON.parse(body) as Record<string, unknown>;
  const found: unknown[] = [];
  new CloudEvent(event, true).validate();
  for (const [uri, value] of [
    ['urn:daybook:contract:cloud-event', event],
    [String(event['dataschema']), event['data']],
  ] as const)
    if (ajv.validate(uri, value) !== true) found.push({ uri, errors: ajv.errors });
  return found;
};
