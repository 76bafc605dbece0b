import * as t from 'io-ts';
import type { ConnectorConfig } from './config/connector-config.js';
import type { ReadTable } from './config/mapping.js';
import type { Fetch } from './http/answers.js';
import { makeApiClient, type ApiClient } from './http/api-client.js';
import { boundedFetch } from './http/bounded.js';
import { makeQuiet, type Quiet } from './http/quiet.js';
import { makeTokens } from './http/tokens.js';
import type { NoteForm } from './note/note-text.js';
import type { Remote } from './remote.js';
import { makeRestApi, salesforceCode } from './salesforce/rest-api.js';
import { makeSalesforce } from './salesforce/salesforce.js';
import { makeServiceNow } from './servicenow/servicenow.js';
import { makeTableApi } from './servicenow/table-api.js';

export type RemoteDeps = Readonly<{
  config: ConnectorConfig;
  clock: () => number;
  fetch: Fetch;
  readTable: ReadTable;
}>;

export type RemoteParts = Readonly<{ remote: Remote; quiet: Quiet; form: NoteForm }>;

/** ServiceNow has no codes: `{error: {message, detail}, status}`, of which nothing is repeated. */
const noCode = (_body: unknown): null => null;

const TOKEN_PATHS = {
  servicenow: '/oauth_token.do',
  salesforce: '/services/oauth2/token',
} as const;

const clientFor = (
  { config, clock, fetch: given }: RemoteDeps,
  quiet: Quiet,
  codeOf: (body: unknown) => string | null,
): ApiClient => {
  const { url: baseUrl, clientId, clientSecret, timeoutMs, kind } = config;
  const fetch = boundedFetch(given);
  const tokenUrl = new URL(TOKEN_PATHS[kind], baseUrl).href;
  const credentials = { clientId, clientSecret };
  const tokens = makeTokens({ tokenUrl, credentials, fetch, clock, timeoutMs });
  return makeApiClient({
    baseUrl,
    tokens,
    fetch,
    clock,
    timeoutMs,
    codeOf,
    onHeaders: quiet.onHeaders,
  });
};

/** The remote system that a configuration names, with its token, its limits and the form of its notes. */
export const remoteFor = (deps: RemoteDeps): RemoteParts => {
  const { config, clock, readTable } = deps;
  const { mapping, noteBytesMax: bytesMax } = config;
  const usageShareMax = config.kind === 'salesforce' ? config.usagePercentMax / 100 : 1;
  const quiet = makeQuiet({ clock, usageShareMax });
  const common = { mapping, readTable, quietUntil: quiet.until };
  if (config.kind === 'servicenow') {
    const { table, journalField, deleteJournalEntries: deletesEntries } = config;
    const api = makeTableApi(clientFor(deps, quiet, noCode), { table, journalField });
    const remote = makeServiceNow({ ...common, api, deletesEntries });
    return { remote, quiet, form: { bytesMax, namesReplaced: true } };
  }
  const { apiVersion, isPublished } = config;
  const client = clientFor(deps, quiet, salesforceCode);
  const api = makeRestApi(client, { apiVersion, isPublished, clock });
  return {
    remote: makeSalesforce({ ...common, api }),
    quiet,
    form: { bytesMax, namesReplaced: false },
  };
};

const Texts = t.record(t.string, t.string);

/** Reads a table of a mapping from a file, each time anew: it may grow while the connector runs. */
export const tableReader =
  (readFile: (path: string) => string | null): ReadTable =>
  (path) => {
    try {
      const value: unknown = JSON.parse(readFile(path) ?? '');
      return Texts.is(value) ? value : undefined;
    } catch {
      return undefined;
    }
  };
