import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sent } from './client.js';
import { makeServer, type Server } from './harness.js';

const README = join(__dirname, '..', 'README.md');
const ROOT = join(__dirname, '..', '..', '..');
const BEGIN =
  '<!-- routes: generated from the document; test/readme.test.ts holds the two together -->\n';
const END = '<!-- end of routes -->';

type Paths = Readonly<Record<string, Readonly<Record<string, { summary: string }>>>>;

const tableOf = (paths: Paths): string => {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => [
      `\`${method.toUpperCase()} ${path.replace('/v1/companies/{company}', '…')}\``,
      summary,
    ]),
  );
  const all = [['route (… is `/v1/companies/{company}`)', 'what it does'], ...rows];
  const [left = 0, right = 0] = [0, 1].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = ([route = '', what = '']: readonly string[]): string =>
    `| ${route.padEnd(left)} | ${what.padEnd(right)} |`;
  const [header = [], ...body] = all;
  const rule = `| ${'-'.repeat(left)} | ${'-'.repeat(right)} |`;
  return [lineOf(header), rule, ...body.map(lineOf)].join('\n');
};

/** The words of a command line: quotes of a shell, no variables. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

type Example = Readonly<{ status: number; line: string }>;

const examplesIn = (readme: string): readonly Example[] =>
  [...readme.matchAll(/^# (\d{3})\n(curl (?:.*\\\n)*.*)$/gm)].map(([, status, line = '']) => ({
    status: Number(status),
    line: line.replaceAll('\\\n', ' '),
  }));

const payloadOf = (word: string): string =>
  word.startsWith('@') ? readFileSync(join(ROOT, word.slice(1)), 'utf8') : word;

const requestOf = (line: string): Sent => {
  const headers: Record<string, string> = {};
  let url = '';
  let method: Sent['method'] | undefined;
  let payload: string | undefined;
  const [, ...words] = wordsOf(line);
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? '';
    const next = words[place + 1] ?? '';
    if (word.startsWith('http')) url = word.replace('http://127.0.0.1:7070', '');
    else place += 1;
    if (word === '-X') method = next as Sent['method'];
    if (word === '-d' || word === '--data-binary') payload = payloadOf(next);
    const colon = next.indexOf(':');
    if (word === '-H') headers[next.slice(0, colon).toLowerCase()] = next.slice(colon + 2);
  }
  const implied = payload === undefined ? 'GET' : 'POST';
  return { url, method: method ?? implied, headers, ...(payload === undefined ? {} : { payload }) };
};

describe('the README', () => {
  let server: Server;
  const readme = readFileSync(README, 'utf8');
  beforeAll(async () => {
    server = await makeServer();
  });
  afterAll(() => server.stop());

  /** `WRITE_README=1` writes the table instead of comparing it. */
  test('lists the routes of the document', async () => {
    const { paths } = (await server.get('/openapi.json')).body as { paths: Paths };
    const [before = '', rest = ''] = readme.split(BEGIN);
    const [, after = ''] = rest.split(END);
    const written = `${before}${BEGIN}\n${tableOf(paths)}\n\n${END}${after}`;
    if (process.env['WRITE_README'] === '1') writeFileSync(README, written);
    else expect(readme).toBe(written);
  });

  test('has examples that do what they say', async () => {
    const examples = examplesIn(readme);
    expect(examples.length).toBe(readme.match(/^curl /gm)?.length);
    const outcomes: Example[] = [];
    for (const { line } of examples) {
      await server.project();
      outcomes.push({ line, status: (await server.ask(requestOf(line))).status });
    }
    expect(outcomes).toStrictEqual(examples);
  });
});
