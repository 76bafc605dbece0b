import * as E from 'fp-ts/lib/Either.js';
import { usage, type Failure } from './outcome.js';

/** A service that speaks the chat completions API. */
export type SummarizerConfig = Readonly<{ url: string; model: string; key: string }>;

/** Where the Web API of TeamViewer is, and the token for it: never from a command line. */
export type TeamViewerConfig = Readonly<{
  url: string;
  token: string | null;
  tokenFile: string | null;
}>;

/** What the environment says, decoded once by the program's entry. */
export type Config = Readonly<{
  dataDirectory: string;
  colour: boolean;
  /** Null: the built-in extractive summarizer. */
  summarizer: SummarizerConfig | null;
  /** From the environment only, never from a command line; empty where the service needs none. */
  summarizerKey: string;
  editor: string | null;
  /** Connection string of an event store; it may hold a password. Null: the log is in the data directory. */
  store: string | null;
  /** File with such a connection string. */
  storeFile: string | null;
  /** What is said of the relay and its broker; decoded by the commands that need them. */
  relay: Environment;
  /** Secrets of connectors, which their configuration names: DAYBOOK_CONNECTOR_… only. */
  connectors: Environment;
  /** Configuration of the connectors that a served node runs; null: none. */
  connectorsFile: string | null;
  /** What webhooks may be sent to beside public addresses; decoded by the role that sends them. */
  webhooks: Environment;
  teamViewer: TeamViewerConfig;
  version: string;
}>;

export type Environment = Readonly<Record<string, string | undefined>>;

export const CONNECTORS_FILE = 'DAYBOOK_CONNECTORS_CONFIG';

const said = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value;

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** The summarizer that is meant by an address and a model; null when neither is given. */
export const summarizerOf = (
  given: Readonly<{ url: string | null; model: string | null; key: string }>,
): E.Either<Failure, SummarizerConfig | null> => {
  const { url, model, key } = given;
  if (url === null && model === null) return E.right(null);
  if (url === null || model === null)
    return E.left(
      usage(
        'A summarizer needs both its address and its model: set DAYBOOK_SUMMARIZER_URL and DAYBOOK_SUMMARIZER_MODEL (or --summarizer-url and --summarizer-model), or neither.',
      ),
    );
  if (!isWebAddress(url))
    return E.left(
      usage(
        'The summarizer’s address is not an http(s) URL; write one such as http://localhost:11434/v1.',
      ),
    );
  return E.right({ url, model, key });
};

export const decodeConfig = (
  environment: Environment,
  version: string,
): E.Either<Failure, Config> => {
  const summarizerKey = said(environment['DAYBOOK_SUMMARIZER_KEY']) ?? '';
  const summarizer = summarizerOf({
    url: said(environment['DAYBOOK_SUMMARIZER_URL']),
    model: said(environment['DAYBOOK_SUMMARIZER_MODEL']),
    key: summarizerKey,
  });
  if (E.isLeft(summarizer)) return summarizer;
  return E.right({
    dataDirectory: said(environment['DAYBOOK_DATA']) ?? './data',
    store: said(environment['DAYBOOK_STORE']),
    storeFile: said(environment['DAYBOOK_STORE_FILE']),
    relay: Object.fromEntries(
      Object.entries(environment).filter(([name]) => /^DAYBOOK_(NATS|RELAY)_/.test(name)),
    ),
    connectors: Object.fromEntries(
      Object.entries(environment).filter(([name]) => name.startsWith('DAYBOOK_CONNECTOR_')),
    ),
    connectorsFile: said(environment[CONNECTORS_FILE]),
    webhooks: Object.fromEntries(
      Object.entries(environment).filter(([name]) => name.startsWith('DAYBOOK_WEBHOOKS_')),
    ),
    teamViewer: {
      url: said(environment['DAYBOOK_TEAMVIEWER_URL']) ?? 'https://webapi.teamviewer.com/api/v1',
      token: said(environment['DAYBOOK_TEAMVIEWER_TOKEN']),
      tokenFile: said(environment['DAYBOOK_TEAMVIEWER_TOKEN_FILE']),
    },
    colour: said(environment['NO_COLOR']) === null,
    summarizer: summarizer.right,
    summarizerKey,
    editor: said(environment['VISUAL']) ?? said(environment['EDITOR']),
    version,
  });
};
