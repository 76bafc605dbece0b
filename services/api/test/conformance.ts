import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Received, Sent } from './client.js';

type Json = Readonly<Record<string, unknown>>;
type Check = (request: Sent, response: Received) => void;

const DOCUMENT = 'https://daybook.example/openapi.json';

const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

const isAt = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path);

/**
 * Holds answers against the document: the path, the method, the status and the media type must stand
 * there, and the body must fit the schema. An address that is not there must be answered with 404.
 */
export const conformance = (document: Json): Check => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema({ ...document, $id: DOCUMENT });
  const paths = document['paths'] as Record<string, Record<string, { responses: Json }>>;
  const validate = (place: string, body: unknown): void => {
    const schema = ajv.compile({ $ref: `${DOCUMENT}#/${place}` });
    if (!schema(body)) throw new Error(`${place}: ${ajv.errorsText(schema.errors)}`);
  };
  return (request, response) => {
    const path = String(request.url).split('?')[0] ?? '';
    const method = String(request.method).toLowerCase();
    const template = Object.keys(paths).find(
      (known) => isAt(known, path) && paths[known]?.[method] !== undefined,
    );
    const type = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
    if (template === undefined) {
      expect(response.status).toBe(404);
      validate('components/schemas/Problem', JSON.parse(response.payload));
      return;
    }
    const responses = paths[template]?.[method]?.responses ?? {};
    const status = String(response.status);
    const documented = status in responses ? status : 'default';
    // 421 and 500 are the only ones that may stand under `default`.
    if (documented === 'default') expect(['421', '500']).toContain(status);
    if (response.payload === '') return;
    const place = pointer('paths', template, method, 'responses', documented, 'content', type);
    const body: unknown = type.endsWith('json') ? JSON.parse(response.payload) : response.payload;
    validate(`${place}/schema`, body);
  };
};
