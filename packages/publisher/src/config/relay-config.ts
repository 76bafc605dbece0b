import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { NatsCredentials, NatsTls } from '../nats/index.js';
import { defaultStream, type StreamSettings } from '../relay/broker.js';
import { defaultRelaySettings, type RelaySettings } from '../relay/settings.js';
import { type ConfigProblem, type Environment, fileProblem, problemWith } from './problems.js';
import { CONFIG_FILE, type SettingName, settingNames, settingTable } from './variables.js';

/** What `makeNatsBroker` and `startRelay` are given, beside the log and a name. */
export type RelayConfig = Readonly<{
  servers: readonly string[];
  /** Undefined: TLS where the server offers it, with the certificates that the machine trusts. */
  tls: NatsTls | undefined;
  credentials: NatsCredentials;
  stream: StreamSettings;
  settings: RelaySettings;
}>;

type Written = Readonly<Partial<Record<SettingName, string>>>;
type ReadFile = (path: string) => string;

const ConfigFile = t.record(t.string, t.union([t.string, t.number]));

const known = new Set<string>(settingNames);

const writtenIn = (
  environment: Environment,
  readFile: ReadFile,
): E.Either<ConfigProblem, Written> => {
  const path = environment[CONFIG_FILE] ?? '';
  if (path === '') return E.right({});
  let content: unknown;
  try {
    content = JSON.parse(readFile(path));
  } catch {
    return E.left(fileProblem('a JSON file that can be read'));
  }
  const decoded = ConfigFile.decode(content);
  if (E.isLeft(decoded) || Object.keys(decoded.right).some((name) => !known.has(name)))
    return E.left(
      fileProblem(`a JSON object of texts and numbers named ${settingNames.join(', ')}`),
    );
  return E.right(
    Object.fromEntries(Object.entries(decoded.right).map(([name, said]) => [name, String(said)])),
  );
};

/** Reads settings one by one and keeps every problem. */
const makeReader = (environment: Environment, written: Written, readFile: ReadFile) => {
  const problems: ConfigProblem[] = [];
  const textOf = (name: SettingName): string | undefined => {
    const said = environment[settingTable[name].variable];
    return said === undefined || said === '' ? written[name] : said;
  };
  const complain = (name: SettingName): undefined => {
    problems.push(problemWith(name));
    return undefined;
  };
  const valueOf = <Name extends SettingName>(
    name: Name,
  ): t.TypeOf<(typeof settingTable)[Name]['form']> | undefined => {
    const text = textOf(name);
    if (text === undefined) return undefined;
    const decoded = settingTable[name].form.decode(text);
    return E.isLeft(decoded) ? complain(name) : decoded.right;
  };
  const contentOf = (name: SettingName): string | undefined => {
    const path = textOf(name);
    if (path === undefined) return undefined;
    try {
      return readFile(path).trim();
    } catch {
      return complain(name);
    }
  };
  return { problems, textOf, complain, valueOf, contentOf };
};

type Reader = ReturnType<typeof makeReader>;

const CREDENTIALS = ['credsFile', 'nkeyFile', 'tokenFile', 'user'] as const;

/** One of a pair without the other is a problem of the other. */
const complainOfHalf = (
  { textOf, complain }: Reader,
  pair: readonly [SettingName, SettingName],
): void => {
  const [first, second] = pair;
  const [isFirst, isSecond] = [textOf(first) !== undefined, textOf(second) !== undefined];
  if (isFirst !== isSecond) complain(isFirst ? second : first);
};

const credentialsOf = (reader: Reader): NatsCredentials => {
  const { textOf, complain, contentOf, valueOf } = reader;
  const [given, ...others] = CREDENTIALS.filter((name) => textOf(name) !== undefined);
  for (const name of others) complain(name);
  complainOfHalf(reader, ['user', 'passwordFile']);
  if (given === undefined) return { kind: 'none' };
  switch (given) {
    case 'credsFile':
      return { kind: 'creds', content: contentOf(given) ?? '' };
    case 'nkeyFile':
      return { kind: 'nkey', seed: contentOf(given) ?? '' };
    case 'tokenFile':
      return { kind: 'token', token: contentOf(given) ?? '' };
    case 'user':
      return {
        kind: 'user',
        user: valueOf(given) ?? '',
        password: contentOf('passwordFile') ?? '',
      };
  }
};

const tlsOf = (reader: Reader, servers: readonly string[]): NatsTls | undefined => {
  complainOfHalf(reader, ['certFile', 'keyFile']);
  const [ca, cert, key] = (['caFile', 'certFile', 'keyFile'] as const).map(reader.contentOf);
  const isWanted = servers.some((address) => address.startsWith('tls:'));
  if (!isWanted && ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
};

const streamOf = ({ valueOf, complain }: Reader): StreamSettings => {
  const settings = {
    name: valueOf('stream') ?? defaultStream.name,
    subjectPrefix: valueOf('subjectPrefix') ?? defaultStream.subjectPrefix,
    replicas: valueOf('replicas') ?? defaultStream.replicas,
    maxAgeMs: valueOf('maxAge') ?? defaultStream.maxAgeMs,
    maxBytes: valueOf('maxBytes') ?? defaultStream.maxBytes,
    duplicateWindowMs: valueOf('dedupeWindow') ?? defaultStream.duplicateWindowMs,
  };
  // The server refuses to remember ids for longer than messages.
  if (settings.maxAgeMs > 0 && settings.duplicateWindowMs > settings.maxAgeMs)
    complain('dedupeWindow');
  return settings;
};

const settingsOf = ({ valueOf }: Reader): RelaySettings => {
  const { backoffMs, window, ...rest } = defaultRelaySettings;
  const longest = valueOf('retryMax') ?? backoffMs.longest;
  return {
    ...rest,
    window: valueOf('window') ?? window,
    backoffMs: { first: Math.min(backoffMs.first, longest), longest },
  };
};

/** Decodes everything that is said of the relay, and reads the files that are named; all problems at once. */
export const relayConfigFrom = (
  environment: Environment,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): E.Either<readonly ConfigProblem[], RelayConfig> => {
  const written = writtenIn(environment, readFile);
  if (E.isLeft(written)) return E.left([written.left]);
  const reader = makeReader(environment, written.right, readFile);
  const servers = reader.valueOf('servers');
  if (reader.textOf('servers') === undefined) reader.complain('servers');
  const config: RelayConfig = {
    servers: servers ?? [],
    tls: tlsOf(reader, servers ?? []),
    credentials: credentialsOf(reader),
    stream: streamOf(reader),
    settings: settingsOf(reader),
  };
  return reader.problems.length > 0 ? E.left(reader.problems) : E.right(config);
};
