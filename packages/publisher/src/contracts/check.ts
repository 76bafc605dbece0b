import { schemaChanges } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';

/** Path in the folder of contracts and text of each document. */
export type Documents = ReadonlyMap<string, string>;

export type ContractProblem = Readonly<{
  file: string;
  /** `stale` is mended by generating the documents again; `broken` needs a new version of the type. */
  kind: 'stale' | 'broken';
  message: string;
}>;

const SCHEMA_FILE = /^schemas\/(.+)\.v(\d+)\.schema\.json$/;
const ENVELOPE = 'schemas/cloud-event.schema.json';

const versionOf = (file: string): Readonly<{ name: string; version: number }> | undefined => {
  const [, name, version] = SCHEMA_FILE.exec(file) ?? [];
  return name === undefined ? undefined : { name, version: Number(version) };
};

/** A version stays documented when a higher one of the same event has taken its place. */
const isSuperseded = (file: string, generated: Documents): boolean => {
  const old = versionOf(file);
  if (old === undefined) return false;
  return [...generated.keys()].some((other) => {
    const next = versionOf(other);
    return next !== undefined && next.name === old.name && next.version > old.version;
  });
};

const stale = (file: string, what: string): ContractProblem => ({
  file,
  kind: 'stale',
  message: `${file} ${what}: run "npm run contracts -- --write" and commit it.`,
});

const withdrawn = (file: string): ContractProblem => ({
  file,
  kind: 'broken',
  message: `${file} was released and nothing publishes it any more: subscribers rely on it. Publish it again, or put a higher version in its place.`,
});

const brokenSchema = (file: string, released: string, current: string): ContractProblem[] => {
  const parse = (text: string): JsonSchema => JSON.parse(text) as JsonSchema;
  const changes = schemaChanges(parse(released), parse(current));
  const details = changes
    .filter(({ kind }) => kind === 'breaking')
    .map(({ path, what }) => `${path} ${what}`);
  if (details.length === 0) return [];
  const { name, version } = versionOf(file) ?? { name: 'the envelope', version: 1 };
  return [
    {
      file,
      kind: 'broken',
      message: `${name}.v${version} was released and its shape is different now (${details.join('; ')}). Leave v${version} as it was and add ${name}.v${version + 1}.`,
    },
  ];
};

const isSchema = (file: string): boolean => file === ENVELOPE || versionOf(file) !== undefined;

/**
 * What keeps the committed documents from being what the code publishes. A changed shape of a released
 * type is `broken`: no generator mends it. Everything else is `stale`.
 */
export const contractProblems = (
  committed: Documents,
  generated: Documents,
): readonly ContractProblem[] => {
  const problems: ContractProblem[] = [];
  for (const [file, text] of generated) {
    const released = committed.get(file);
    if (released === text) continue;
    if (released === undefined) problems.push(stale(file, 'is missing'));
    else {
      const broken = isSchema(file) ? brokenSchema(file, released, text) : [];
      problems.push(broken[0] ?? stale(file, 'is not what the code says now'));
    }
  }
  for (const file of committed.keys())
    if (isSchema(file) && !generated.has(file) && !isSuperseded(file, generated))
      problems.push(withdrawn(file));
  return problems;
};
