import {
  reportPages,
  reportsAddress,
  type ReportKind,
  type ReportsApi,
  type ReportsFailure,
} from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TeamViewerConfig } from '../config.js';
import type { Context } from '../context.js';
import { instantFrom } from '../data/at.js';
import type { InputFile } from '../import/input-file.js';
import { readMapping } from '../import/mapping.js';
import { fetchedItems, type Fetched } from '../import/report-items.js';
import { hasFaults, reportImport } from '../import/report.js';
import { dataProblem, ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { importItems } from './import.js';

export type ReportsOptions = Readonly<{
  kind: ReportKind;
  /** ISO-8601 with an offset or `Z`. */
  from: string | null;
  to: string | null;
  map: string | null;
}>;

/** How patient a command is: five attempts, and five minutes where the service asks for them. */
const patience = { timeoutMs: 60_000, attemptsMax: 5, waitMsMax: 300_000 } as const;

const tokenOf = ({ token, tokenFile }: TeamViewerConfig): E.Either<Failure, string> => {
  let given = token;
  try {
    given ??= tokenFile === null ? null : readFileSync(tokenFile, 'utf8').trim();
  } catch {
    return E.left(usage('The file that DAYBOOK_TEAMVIEWER_TOKEN_FILE names cannot be read.'));
  }
  // What a header may not carry would make the client speak of it.
  if (given !== null && /^[\x21-\x7e]+$/.test(given)) return E.right(given);
  return E.left(
    usage(
      given === null
        ? 'A token of TeamViewer is needed: set DAYBOOK_TEAMVIEWER_TOKEN, or DAYBOOK_TEAMVIEWER_TOKEN_FILE to a file that holds it. It needs the permission to view connection reports.'
        : 'The token of TeamViewer has signs that no token has; set it again.',
    ),
  );
};

const apiOf = (context: Context): E.Either<Failure, ReportsApi> => {
  const { config, clock, stopped } = context;
  const baseUrl = reportsAddress(config.teamViewer.url);
  if (baseUrl === null)
    return E.left(
      usage(
        'DAYBOOK_TEAMVIEWER_URL is not an https address (http is for this machine only); write one such as https://webapi.teamviewer.com/api/v1.',
      ),
    );
  const token = tokenOf(config.teamViewer);
  if (E.isLeft(token)) return token;
  const wait = (milliseconds: number): Promise<void> =>
    delay(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
  const random = (): number => Math.random();
  return E.right({
    ...patience,
    baseUrl,
    token: token.right,
    wait,
    random,
    clock,
    signal: stopped,
  });
};

type Period = Readonly<{ from: number | null; to: number | null }>;

const periodOf = ({ from, to }: ReportsOptions): E.Either<Failure, Period> => {
  const first = from === null ? E.right(null) : instantFrom('--from', from);
  if (E.isLeft(first)) return first;
  const last = to === null ? E.right(null) : instantFrom('--to', to);
  if (E.isLeft(last)) return last;
  const isEmpty = first.right !== null && last.right !== null && first.right >= last.right;
  return isEmpty
    ? E.left(usage('--to must be after --from.'))
    : E.right({ from: first.right, to: last.right });
};

const again = 'What came before is recorded; run the same command again for the rest.';

/** What fetching ended with, and what to do about it. */
export const failureInWords = (failure: ReportsFailure): Failure => {
  switch (failure._tag) {
    case 'TokenRefused':
      return refusal('TeamViewer does not accept the token. Make a new one and set it again.');
    case 'NotPermitted':
      return refusal(
        'The token may not read these reports. It needs the permission to view connection reports; reports of devices need a licence that has them.',
      );
    case 'RateLimited': {
      const { retryAfterMs } = failure;
      const when = retryAfterMs === null ? 'later' : `in ${Math.ceil(retryAfterMs / 1_000)} s`;
      return refusal(`TeamViewer takes no more requests now. ${again} Try ${when}.`);
    }
    case 'ApiUnavailable': {
      const { reason, status } = failure;
      const what = status === null ? reason : `${reason}, status ${status}`;
      return refusal(`TeamViewer does not answer (${what}). ${again}`);
    }
    case 'UnexpectedAnswer':
      return dataProblem(
        `TeamViewer answered what its API does not (status ${failure.status}: ${failure.reason}). Check DAYBOOK_TEAMVIEWER_URL and the period.`,
      );
    case 'Stopped':
      return refusal(`Stopped before the end. ${again}`);
  }
};

const nothing = async function* (): AsyncGenerator<string> {};

const inputOf = (kind: ReportKind): InputFile => ({
  name: kind === 'outgoing' ? '(connection reports)' : '(device reports)',
  format: kind === 'outgoing' ? 'teamviewer-reports' : 'teamviewer-device-reports',
  bytes: 0,
  chunks: nothing(),
  close: () => Promise.resolve(),
});

/** `daybook import teamviewer-reports` */
export const importReportsCommand = async (
  context: Context,
  options: ReportsOptions,
): Promise<Outcome> => {
  const mapping = await readMapping(options.map);
  if (E.isLeft(mapping)) return mapping;
  const period = periodOf(options);
  if (E.isLeft(period)) return period;
  const api = apiOf(context);
  if (E.isLeft(api)) return api;
  const { kind } = options;
  const fetched: Fetched = { failure: null, pages: 0 };
  const pages = reportPages(api.right, { kind, ...period.right });
  const how = { file: inputOf(kind), kind, mapping: mapping.right };
  const imported = await importItems(context, [how.file], fetchedItems(pages, how, fetched));
  if (E.isLeft(imported)) return imported;
  reportImport(context.output, imported.right);
  context.output.json({ ...imported.right, pages: fetched.pages });
  if (fetched.failure !== null) return E.left(failureInWords(fetched.failure));
  return E.right(hasFaults(imported.right) ? ExitCode.refusedOrBadLines : ExitCode.fine);
};
