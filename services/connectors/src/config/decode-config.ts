import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import {
  commonDefaults,
  commonFields,
  commonOptions,
  salesforceDefaults,
  salesforceOptions,
  serviceNowDefaults,
  serviceNowOptions,
  type ConnectorConfig,
  type SecretSource,
} from './connector-config.js';
import { Mapping } from './mapping.js';

/** `field` is where it stands in the file, such as `connectors.0.mapping.field`; never a value, never a secret. */
export type ConfigProblem = Readonly<{ _tag: 'ConfigProblem'; field: string; remedy: string }>;

/** What of its process the configuration may look at. */
export type SecretSources = Readonly<{
  environment: Readonly<Record<string, string | undefined>>;
  /** Null when the file cannot be read. */
  readFile: (path: string) => string | null;
}>;

type Decoded<A> = E.Either<readonly ConfigProblem[], A>;
type Props = Readonly<Record<string, t.Mixed>>;
type JsonObject = Readonly<Record<string, unknown>>;

const problem = (field: string, remedy: string): ConfigProblem => ({
  _tag: 'ConfigProblem',
  field,
  remedy,
});

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Shape = Readonly<{ required: Props; optional: Props }>;

const problemsIn = (value: JsonObject, shape: Shape, at: string): readonly ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  for (const [name, codec] of Object.entries({ ...shape.required, ...shape.optional })) {
    const isAbsent = value[name] === undefined;
    if (isAbsent && !(name in shape.required)) continue;
    if (!codec.is(value[name])) problems.push(problem(`${at}.${name}`, `Write ${codec.name}.`));
  }
  const known = new Set([...Object.keys(shape.required), ...Object.keys(shape.optional)]);
  for (const name of Object.keys(value))
    if (!known.has(name))
      problems.push(
        problem(`${at}.${name}`, `There is no such setting; there are: ${[...known].join(', ')}.`),
      );
  return problems;
};

/** What an intersection of settings that must and that may be given consists of. */
type Settings = Readonly<{
  types: readonly [Readonly<{ type: Readonly<{ props: Props }> }>, Readonly<{ props: Props }>];
}>;

const optionalOf = ({ types: [required, optional] }: Settings): Shape => ({
  required: required.type.props,
  optional: optional.props,
});

/** Taken from the codecs, so that no setting can be forgotten here. */
const mappingShapes: Readonly<Record<string, Shape>> = {
  field: { required: Mapping.field.type.props, optional: {} },
  'external-id': { required: Mapping['external-id'].type.props, optional: {} },
  'session-code': optionalOf(Mapping['session-code']),
  lookup: optionalOf(Mapping.lookup),
  query: optionalOf(Mapping.query),
};

const mappingProblems = (value: unknown, kind: string, at: string): readonly ConfigProblem[] => {
  const words = Object.keys(mappingShapes).filter(
    (by) => by !== 'external-id' || kind === 'salesforce',
  );
  const by = isObject(value) && typeof value['by'] === 'string' ? value['by'] : '';
  const shape = mappingShapes[by];
  if (!isObject(value) || shape === undefined || !words.includes(by))
    return [problem(`${at}.by`, `Write by what the record is found: ${words.join(', ')}.`)];
  const problems = problemsIn(value, shape, at);
  const tables = ['records', 'recordsFile', 'codes', 'codesFile'].filter((name) => name in value);
  if (tables.length > 1)
    return [...problems, problem(`${at}.${tables[1]}`, `Give one of ${tables.join(' and ')}.`)];
  if (by === 'lookup' && tables.length === 0)
    return [...problems, problem(`${at}.records`, 'Give records or recordsFile.')];
  return problems;
};

const secretFrom = (source: SecretSource, { environment, readFile }: SecretSources) => {
  if ('file' in source) return readFile(source.file)?.trim() ?? '';
  return Object.hasOwn(environment, source.env) ? (environment[source.env] ?? '') : '';
};

const kinds: Readonly<Record<string, Readonly<{ options: Props; defaults: object }>>> = {
  servicenow: { options: serviceNowOptions, defaults: serviceNowDefaults },
  salesforce: { options: salesforceOptions, defaults: salesforceDefaults },
};

const decodeOne = (
  value: unknown,
  at: string,
  sources: SecretSources,
): Decoded<ConnectorConfig> => {
  const kind = isObject(value) && typeof value['kind'] === 'string' ? value['kind'] : '';
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!isObject(value) || known === undefined)
    return E.left([problem(`${at}.kind`, 'Write servicenow or salesforce.')]);
  const required = { ...commonFields, kind: t.string, mapping: t.unknown };
  const problems = [
    ...problemsIn(value, { required, optional: { ...commonOptions, ...known.options } }, at),
    ...mappingProblems(value['mapping'], kind, `${at}.mapping`),
  ];
  if (problems.length > 0) return E.left(problems);
  const clientSecret = secretFrom(value['clientSecret'] as SecretSource, sources);
  if (clientSecret === '')
    return E.left([
      problem(
        `${at}.clientSecret`,
        'The environment variable is not set, or the file cannot be read or is empty.',
      ),
    ]);
  const config = { ...commonDefaults, ...known.defaults, ...value, clientSecret };
  return E.right(config as unknown as ConnectorConfig);
};

const repeatedNames = (configs: readonly ConnectorConfig[]): readonly ConfigProblem[] =>
  configs
    .map(({ name }, index) => ({ name, index }))
    .filter(({ name, index }) => configs.findIndex((one) => one.name === name) !== index)
    .map(({ index }) =>
      problem(
        `connectors.${index}.name`,
        'Another connector has this name; write a different one.',
      ),
    );

/**
 * The connectors of a configuration file: `{"connectors": [...]}`. All of its problems come at once, each with
 * the field and what to write there.
 */
export const decodeConnectors = (
  text: string,
  sources: SecretSources,
): Decoded<readonly ConnectorConfig[]> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return E.left([problem('(the file)', 'It is not JSON.')]);
  }
  const list = isObject(value) ? value['connectors'] : undefined;
  if (!Array.isArray(list))
    return E.left([problem('connectors', 'Write an array with an object for each connector.')]);
  const problems: ConfigProblem[] = [];
  const configs: ConnectorConfig[] = [];
  for (const [index, each] of (list as unknown[]).entries()) {
    const decoded = decodeOne(each, `connectors.${index}`, sources);
    if (E.isRight(decoded)) configs.push(decoded.right);
    else for (const one of decoded.left) problems.push(one);
  }
  const all = [...problems, ...repeatedNames(configs)];
  return all.length > 0 ? E.left(all) : E.right(configs);
};
