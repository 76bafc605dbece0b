import { readFileSync } from 'node:fs';
import type {
  ChannelCredentialOptions,
  DNSClusterOptions,
  GossipClusterOptions,
  SingleNodeOptions,
} from '@eventstore/db-client';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';
import * as E from 'fp-ts/lib/Either.js';

/** Why a connection string is refused. The message never repeats the string, which may hold a password. */
export type InvalidConnection = Readonly<{
  _tag: 'InvalidConnection';
  reason: 'unreadable' | 'unknown-option' | 'credentials-without-tls' | 'unreadable-file';
  message: string;
}>;

type Parsed = ReturnType<typeof parseConnectionString>;

export type ConnectionSettings = Readonly<{
  nodes: DNSClusterOptions | GossipClusterOptions | SingleNodeOptions;
  security: ChannelCredentialOptions;
  credentials: Readonly<{ username: string; password: string }> | undefined;
}>;

const OPTIONS: readonly string[] = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'tls',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
].map((name) => name.toLowerCase());

const invalid = (reason: InvalidConnection['reason'], message: string): InvalidConnection => ({
  _tag: 'InvalidConnection',
  reason,
  message,
});

const unreadable = invalid(
  'unreadable',
  'The connection string is not esdb://[user:password@]host[:port][,host…][?option=value&…], or esdb+discover://….',
);

/**
 * Defects of the client's own parser: an unknown option, and `tlsVerifyCert=false`, which it does not support, are
 * printed on the console together with the whole string, password included, and then ignored; and a password
 * with a colon in it loses what follows the colon. All three are refused before the parser sees them.
 */
const faultBeforeParsing = (text: string): InvalidConnection | undefined => {
  const query = text.indexOf('?');
  for (const option of query < 0 ? [] : text.slice(query + 1).split('&')) {
    const name = option.split('=', 1)[0] ?? '';
    if (!OPTIONS.includes(name.toLowerCase())) {
      return invalid(
        'unknown-option',
        `The connection string has an option that is not known here.`,
      );
    }
  }
  const authority = (query < 0 ? text : text.slice(0, query)).replace(/^[^:]*:\/\//, '');
  const credentials = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
  if (credentials.split(':').length > 2 || credentials.includes('@')) {
    return invalid(
      'unreadable',
      'A colon or an at sign in a user name or password is written as %3A or %40.',
    );
  }
  return undefined;
};

const securityOf = (parsed: Parsed): ChannelCredentialOptions => {
  if (parsed.tls === false) return { insecure: true };
  return {
    insecure: false,
    ...(parsed.tlsCAFile !== undefined && { rootCertificate: readFileSync(parsed.tlsCAFile) }),
    ...(parsed.userCertFile !== undefined && { userCertFile: readFileSync(parsed.userCertFile) }),
    ...(parsed.userKeyFile !== undefined && { userKeyFile: readFileSync(parsed.userKeyFile) }),
  };
};

const nodesOf = (parsed: Parsed): ConnectionSettings['nodes'] => {
  const { hosts, dnsDiscover, connectionName, keepAliveInterval, keepAliveTimeout } = parsed;
  const { discoveryInterval, gossipTimeout, maxDiscoverAttempts, nodePreference } = parsed;
  const client = {
    ...(connectionName !== undefined && { connectionName }),
    ...(keepAliveInterval !== undefined && { keepAliveInterval }),
    ...(keepAliveTimeout !== undefined && { keepAliveTimeout }),
  };
  const discovery = {
    ...(discoveryInterval !== undefined && { discoveryInterval }),
    ...(gossipTimeout !== undefined && { gossipTimeout }),
    ...(maxDiscoverAttempts !== undefined && { maxDiscoverAttempts }),
    ...(nodePreference !== undefined && { nodePreference }),
  };
  const [first] = hosts;
  if (first === undefined) throw new Error('no host');
  if (dnsDiscover) return { ...client, ...discovery, discover: first };
  return hosts.length > 1
    ? { ...client, ...discovery, endpoints: hosts }
    : { ...client, endpoint: first };
};

/**
 * Reads a connection string, and the certificates that it names. Credentials without TLS are an error: the
 * client would drop them without a word and go on unauthenticated.
 */
export const readConnectionString = (
  text: string,
): E.Either<InvalidConnection, ConnectionSettings> => {
  const trimmed = text.trim();
  const fault = faultBeforeParsing(trimmed);
  if (fault !== undefined) return E.left(fault);
  const parsed = E.tryCatch(
    () => parseConnectionString(trimmed),
    () => unreadable,
  );
  if (E.isLeft(parsed)) return parsed;
  const { tls, defaultCredentials: credentials, hosts, userCertFile, userKeyFile } = parsed.right;
  if (hosts.length === 0) return E.left(unreadable);
  if (tls === false && credentials !== undefined) {
    return E.left(
      invalid(
        'credentials-without-tls',
        'A user name and password are sent over TLS only; with tls=false the connection string has none.',
      ),
    );
  }
  if ((userCertFile === undefined) !== (userKeyFile === undefined)) {
    return E.left(invalid('unreadable', 'userCertFile and userKeyFile are given together.'));
  }
  return E.tryCatch(
    () => ({ nodes: nodesOf(parsed.right), security: securityOf(parsed.right), credentials }),
    () =>
      invalid(
        'unreadable-file',
        'A certificate or key that the connection string names cannot be read.',
      ),
  );
};
