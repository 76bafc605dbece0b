import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleBook } from '@daybook/domain/rules';
import {
  catchUpReadModels,
  defaultNotice,
  openEngine,
  openQueries,
  type EngineConfig,
} from '@daybook/engine';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { makeApi, startApi, stopApi, type ApiOptions } from '../src/index.js';
import { clientOf, injectorOf, type Received, type Sent } from './client.js';
import { conformance } from './conformance.js';

/** 1 June 2026, 12:00 UTC: the clock of every test. */
export const NOW = Date.UTC(2026, 5, 1, 12);

type Summarized = Awaited<ReturnType<ReturnType<EngineConfig['summarizer']['summarize']>>>;
/** What the summarizer of every server fails with while it is set. */
export const summarizing: { failsWith: Extract<Summarized, { _tag: 'Left' }>['left'] | null } = {
  failsWith: null,
};

/** A fixed text: the API passes summaries on and has no part in making them. */
const body = {
  title: 'Printer offline',
  problem: 'The printer did not answer.',
  steps: ['Restarted the spooler.'],
  result: 'It prints again.',
  followUps: [],
  tags: ['printer'],
};
const summarized = (): Summarized =>
  summarizing.failsWith === null
    ? E.right({ language: 'en', body })
    : E.left(summarizing.failsWith);

const summarizer: EngineConfig['summarizer'] = {
  model: 'fixed-model',
  promptVersion: '1',
  summarize: () => () => Promise.resolve(summarized()),
};

export const rightOf = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`Unexpectedly left: ${JSON.stringify(either.left)}`);
  return either.right;
};

export type Answer = Readonly<{
  status: number;
  headers: OutgoingHttpHeaders;
  body: Record<string, unknown>;
  text: string;
}>;

export type Server = Readonly<{
  api: FastifyInstance;
  port: number;
  /** What the API was made of: another can be made of the same. */
  parts: ApiOptions;
  /** Asks, and holds the answer against the OpenAPI document. */
  ask: (request: Sent) => Promise<Answer>;
  get: (url: string, headers?: Record<string, string>) => Promise<Answer>;
  post: (url: string, body: object, headers?: Record<string, string>) => Promise<Answer>;
  /** Runs the processes and the read models to the end of the log. */
  settle: () => Promise<void>;
  /** Only the read models. */
  project: () => Promise<void>;
  head: () => Promise<number>;
  stop: () => Promise<void>;
}>;

const parsed = (response: Received): Record<string, unknown> =>
  String(response.headers['content-type']).includes('json')
    ? (JSON.parse(response.payload) as Record<string, unknown>)
    : {};

type HarnessOptions = Partial<ApiOptions> &
  Readonly<{ listen?: boolean; observer?: EngineConfig['observer'] }>;

/** A server over a real engine and real read models in a directory of its own; it listens if asked to. */
export const makeServer = async (harness: HarnessOptions = {}): Promise<Server> => {
  const { listen = false, observer, ...options } = harness;
  const directory = mkdtempSync(join(tmpdir(), 'daybook-api-'));
  const observed = observer === undefined ? {} : { observer };
  const config = {
    directory,
    ruleBook,
    summarizer,
    clock: () => NOW,
    summariesAtOnce: 2,
    ...observed,
  };
  const engine = rightOf(await openEngine({ ...config, notice: defaultNotice }));
  const queries = rightOf(await openQueries({ directory }));
  const { models, reader } = queries;
  const parts = { engine, models, reader, ruleBook, clock: () => NOW, ...options };
  const api = makeApi(parts);
  const port = listen ? rightOf(await startApi(api, { port: 0 })).port : 0;
  const client = listen ? clientOf(port) : injectorOf(api);
  await api.ready();
  const check = conformance(api.swagger() as unknown as Record<string, unknown>);
  const head = async (): Promise<number> => rightOf(await engine.store.head()());
  const project = async (): Promise<void> => {
    rightOf(await catchUpReadModels({ directory }));
  };
  const ask = async (request: Sent): Promise<Answer> => {
    const response = await client.send(request);
    const { status, headers, payload: text } = response;
    const body = parsed(response);
    check(request, response);
    return { status, headers, body, text };
  };
  return {
    api,
    port,
    parts,
    ask,
    get: (url, headers = {}) => ask({ method: 'GET', url, headers }),
    post: (url, payload, headers = {}) => ask({ method: 'POST', url, payload, headers }),
    project,
    settle: async () => {
      rightOf(await engine.processes.insights.runUntil(await head()));
      await project();
    },
    head,
    stop: async () => {
      client.close();
      await stopApi(api);
      await queries.close();
      await engine.close();
      rmSync(directory, { recursive: true });
    },
  };
};

export const COMPANY = '/v1/companies/acme';

/** A registered company with AI on for outgoing sessions, one supporter and one device. */
export const setUpCompany = async (server: Server): Promise<void> => {
  const at = '2026-06-01T08:00:00Z';
  const by = { kind: 'administrator', id: 'anna' };
  for (const command of [
    { command: 'RegisterCompany', plan: 'business', timeZone: 'Europe/Berlin' },
    { command: 'ActivateAi', termsVersion: '2026-01' },
    { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
    { command: 'RegisterUser', userId: 'sam', role: 'supporter' },
    { command: 'EnrolDevice', deviceId: 'pc-1', platform: 'windows' },
  ]) {
    const answer = await server.post(`${COMPANY}/commands`, { ...command, at, by });
    expect([command.command, answer.status]).toStrictEqual([command.command, 200]);
  }
};

const secret = 'The printer in room 12 is offline.';
export const SESSION_TEXT = secret;

/** The entries of a session in which the remote side allowed the capture. */
export const sessionEntries = (session: string, startedAt = NOW): readonly object[] => {
  const at = (seconds: number): string => new Date(startedAt + seconds * 1000).toISOString();
  return [
    {
      entry: 'session-started',
      session,
      at: at(0),
      direction: 'outgoing',
      supporter: 'sam',
      signedIn: true,
      device: 'pc-1',
      module: 'full',
      platform: 'windows',
      method: 'id-and-password',
      attended: true,
    },
    { entry: 'prompt-answered', session, at: at(5), answer: 'allowed', by: 'remote-1' },
    { entry: 'chat', session, at: at(10), speaker: 'remote-side', text: secret },
    { entry: 'action', session, at: at(20), text: 'Restarted the spooler.' },
    { entry: 'session-ended', session, at: at(60) },
  ];
};

export const linesOf = (entries: readonly object[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

export const sendJournal = (server: Server, payload: string | Buffer): Promise<Answer> =>
  server.ask({
    method: 'POST',
    url: `${COMPANY}/journal`,
    headers: { 'content-type': 'application/x-ndjson' },
    payload,
  });
