import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { makeServer, type Server } from './harness.js';

type Json = Readonly<Record<string, unknown>>;
type Media = Readonly<Record<string, { schema?: Json }>>;
type Operation = Readonly<{
  operationId?: string;
  summary?: string;
  tags?: readonly string[];
  parameters?: readonly Readonly<{ in: string; name: string }>[];
  requestBody?: Readonly<{ content: Media }>;
  responses: Readonly<Record<string, { description: string; content?: Media }>>;
}>;

describe('the OpenAPI document', () => {
  let server: Server;
  let document: Json;
  let operations: readonly (readonly [string, Operation])[];
  beforeAll(async () => {
    server = await makeServer();
    document = (await server.get('/openapi.json')).body;
    const paths = document['paths'] as Record<string, Record<string, Operation>>;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    );
  });
  afterAll(() => server.stop());

  /** The schema of https://spec.openapis.org/oas/3.1/schema/2026-08-03, as published. */
  test('is valid OpenAPI 3.1', () => {
    const file = readFileSync(join(__dirname, 'openapi-3.1.schema.json'), 'utf8');
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addFormat('media-range', true);
    const validate = ajv.compile(JSON.parse(file) as Json);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document['openapi']).toBe('3.1.0');
  });

  test('has schemas that are valid JSON Schema 2020-12, all of whose references lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: true });
    formats.default(ajv);
    const address = 'https://daybook.example/openapi.json';
    ajv.addSchema({ ...document, $id: address });
    const schemas = operations.flatMap(([name, operation]) => [
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => [name, schema]),
      ...Object.values(operation.responses).flatMap(({ content = {} }) =>
        Object.values(content).map(({ schema }) => [name, schema]),
      ),
    ]);
    for (const [name, schema] of schemas) {
      const text = JSON.stringify(schema).replaceAll('"#/', `"${address}#/`);
      expect([name, typeof ajv.compile(JSON.parse(text) as Json)]).toStrictEqual([
        name,
        'function',
      ]);
    }
    expect(schemas.length).toBeGreaterThan(60);
  });

  test('describes every route: id, summary, tag, parameters, request, answers and problems', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const [name, operation] of operations) {
      expect([name, operation.summary]).toStrictEqual([name, operation.summary?.trim()]);
      expect([name, operation.tags?.length]).toStrictEqual([name, 1]);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const placeholders = [...name.matchAll(/\{(\w+)\}/g)].map(([, word]) => word);
      expect([name, inPath.map((parameter) => parameter.name)]).toStrictEqual([name, placeholders]);
      const hasBody = operation.requestBody !== undefined;
      expect([name, hasBody]).toStrictEqual([name, /^(POST|PATCH|PUT)/.test(name)]);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['200', '400', '503', 'default']),
      );
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        const isProblem = status !== '200' && status !== '304';
        if (isProblem)
          expect([name, Object.keys(content)]).toStrictEqual([name, ['application/problem+json']]);
        if (status === '200') expect(Object.keys(content).length).toBeGreaterThan(0);
      }
    }
  });

  test('says what there is', () => {
    expect(operations.map(([name]) => name).sort()).toStrictEqual([
      'DELETE /v1/companies/{company}/summaries/{session}',
      'DELETE /v1/companies/{company}/webhooks/{endpoint}',
      'GET /',
      'GET /health',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /openapi.json',
      'GET /ready',
      'GET /v1/companies/{company}/consents',
      'GET /v1/companies/{company}/credits/balance',
      'GET /v1/companies/{company}/credits/charges/{session}',
      'GET /v1/companies/{company}/credits/statement/{month}',
      'GET /v1/companies/{company}/devices',
      'GET /v1/companies/{company}/devices/{device}',
      'GET /v1/companies/{company}/devices/{device}/explanation',
      'GET /v1/companies/{company}/events',
      'GET /v1/companies/{company}/events/stream',
      'GET /v1/companies/{company}/parked',
      'GET /v1/companies/{company}/sessions',
      'GET /v1/companies/{company}/sessions/{session}',
      'GET /v1/companies/{company}/sessions/{session}/consent-receipt',
      'GET /v1/companies/{company}/sessions/{session}/explanation',
      'GET /v1/companies/{company}/sessions/{session}/timeline',
      'GET /v1/companies/{company}/summaries',
      'GET /v1/companies/{company}/summaries/{session}',
      'GET /v1/companies/{company}/users/{user}/explanation',
      'GET /v1/companies/{company}/webhooks',
      'GET /v1/companies/{company}/webhooks/{endpoint}',
      'GET /v1/companies/{company}/webhooks/{endpoint}/deliveries',
      'PATCH /v1/companies/{company}/summaries/{session}',
      'PATCH /v1/companies/{company}/webhooks/{endpoint}',
      'POST /v1/companies/{company}/commands',
      'POST /v1/companies/{company}/credits/purchases',
      'POST /v1/companies/{company}/devices/access-control',
      'POST /v1/companies/{company}/devices/policy-source',
      'POST /v1/companies/{company}/journal',
      'POST /v1/companies/{company}/parked/retry',
      'POST /v1/companies/{company}/summaries/{session}/regenerate',
      'POST /v1/companies/{company}/users/session-logging',
      'POST /v1/companies/{company}/webhooks',
      'POST /v1/companies/{company}/webhooks/{endpoint}/replay',
      'POST /v1/companies/{company}/webhooks/{endpoint}/retry',
      'POST /v1/companies/{company}/webhooks/{endpoint}/rotate',
    ]);
  });

  test('says that callers are taken at their word until accounts come', () => {
    const { description } = document['info'] as { description: string };
    expect(description).toContain('accounts, sign-in and roles come in a later release');
  });
});
