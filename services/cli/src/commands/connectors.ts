import {
  decodeConnectors,
  openDeliveries,
  readDeliveries,
  readTextFile,
  startConnectors,
  type ConnectorConfig,
  type ConnectorHealth,
  type Delivery,
  type DeliveryState,
  type Listed,
} from '@daybook/connectors';
import { withLogReader, type LogReader } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { wholeNumberFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { dataProblem, ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { instantIn } from '../text/instant.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

export type DeliveriesOptions = Readonly<{
  connector?: string;
  session?: string;
  state?: DeliveryState;
  limit: string;
}>;

const when = instantIn('UTC');

export const tableProblem = (code: string): Failure =>
  dataProblem(
    code === 'SQLITE_BUSY'
      ? 'Another process delivers from this data directory already.'
      : `connectors.db cannot be used (${code}). It may be deleted: what was delivered is found again.`,
  );

const filterFrom = (
  context: Context,
  { connector, session, state, limit }: DeliveriesOptions,
): E.Either<Failure, Listed> => {
  const most = wholeNumberFrom('--limit', limit, 1);
  if (E.isLeft(most)) return most;
  const { company } = context;
  return E.right({
    limit: most.right,
    ...(company === null ? {} : { company }),
    ...(connector === undefined ? {} : { connector }),
    ...(session === undefined ? {} : { session }),
    ...(state === undefined ? {} : { state }),
  });
};

const rowOf = (delivery: Delivery): readonly string[] => {
  const { connector, session, kind, revision, state, reason, recordId, noteId, changedAt } =
    delivery;
  const what = kind === 'note' ? `revision ${revision}` : 'retraction';
  const place = `${recordId ?? '–'} ${noteId ?? '–'}`;
  return [connector, session, what, state, reason ?? '', place, when(changedAt), delivery.eventId];
};

/** `daybook connectors deliveries` */
export const connectorDeliveriesCommand = async (
  context: Context,
  options: DeliveriesOptions,
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const filter = filterFrom(context, options);
  if (E.isLeft(filter)) return filter;
  const found = readDeliveries(context.directory, (read) => read.list(filter.right)) ?? [];
  context.output.json({ deliveries: found });
  context.output.line(found.length === 0 ? 'Nothing was delivered.' : table(found.map(rowOf)));
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** `daybook connectors unrecalled` */
export const connectorUnrecalledCommand = async (
  context: Context,
  options: DeliveriesOptions,
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const filter = filterFrom(context, options);
  if (E.isLeft(filter)) return filter;
  const found = readDeliveries(context.directory, (read) => read.unrecalled(filter.right)) ?? [];
  context.output.json({ unrecalled: found });
  const rows = found.map(({ connector, session, what, id, why }) => [
    connector,
    session,
    what,
    id ?? '–',
    why,
  ]);
  context.output.line(rows.length === 0 ? 'Everything could be recalled.' : table(rows));
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** `daybook connectors status` */
export const connectorStatusCommand = async (context: Context): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const found =
    readDeliveries(context.directory, (read) =>
      read.connectors().map((one) => ({ ...one, rows: read.counts(one.connector) })),
    ) ?? [];
  context.output.json({ connectors: found });
  const rows = found.map(({ connector, position, rows: counts }) => [
    connector,
    `log position ${position}`,
    Object.entries(counts)
      .map(([state, count]) => `${count} ${state}`)
      .join(', '),
  ]);
  context.output.line(rows.length === 0 ? 'No connector has run yet.' : table(rows));
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** `daybook connectors retry ID... | --all` */
export const connectorRetryCommand = async (
  context: Context,
  ids: readonly string[],
  isAll: boolean,
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  if (isAll === ids.length > 0)
    return E.left(usage('Name what to try again, or --all; see daybook connectors deliveries.'));
  const file = openDeliveries(context.directory);
  if (E.isLeft(file)) return E.left(tableProblem(file.left.code));
  const now = context.clock();
  let retried = 0;
  for (const { connector } of file.right.reader.connectors())
    retried += file.right.of(connector, context.company).retry(isAll ? 'all' : ids, now);
  file.right.close();
  context.output.json({ retried });
  context.output.line(`${counted(retried, 'delivery', 'deliveries')} due again now.`);
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** The connectors of a configuration file; secrets from the environment and the files that it names. */
export const connectorsFrom = (
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): E.Either<Failure, readonly ConnectorConfig[]> => {
  const text = readTextFile(path);
  if (text === null) return E.left(usage(`The configuration ${path} cannot be read.`));
  const decoded = decodeConnectors(text, { environment, readFile: readTextFile });
  if (E.isRight(decoded)) return decoded;
  const lines = decoded.left.map(({ field, remedy }) => `  ${field}: ${remedy}`);
  return E.left(usage([`The configuration ${path} is not right:`, ...lines].join('\n')));
};

/** `daybook connectors check CONFIG`: reads it, and asks nothing of anybody. */
export const connectorCheckCommand = async (context: Context, path: string): Promise<Outcome> => {
  const configs = connectorsFrom(path, context.config.connectors);
  if (E.isLeft(configs)) return configs;
  const shown = configs.right.map(({ name, kind, company, url, mapping }) => ({
    name,
    kind,
    company,
    url,
    mappedBy: mapping.by,
  }));
  context.output.json({ connectors: shown });
  context.output.line(table(shown.map((one) => Object.values(one))));
  return await Promise.resolve(E.right(ExitCode.fine));
};

const untilStopped = async (stopped: AbortSignal): Promise<void> => {
  if (stopped.aborted) return;
  await new Promise<void>((resolve) => {
    stopped.addEventListener('abort', () => resolve(), { once: true });
  });
};

export type RunOptions = Readonly<{ config: string; once: boolean }>;

type Work = Readonly<{ configs: readonly ConnectorConfig[]; once: boolean }>;

/** A connector ends by itself when its table cannot be written: `settled` resolves then, too. */
const failedIn = (states: readonly ConnectorHealth[]): Failure | null => {
  for (const { name, state } of states)
    if (state._tag === 'LogUnavailable')
      return dataProblem(`The connector ${name} has ended: ${state.reason}.`);
  return null;
};

const runOn = async (
  context: Context,
  store: LogReader,
  { configs, once }: Work,
): Promise<Outcome> => {
  const { directory, clock, stopped, output } = context;
  const started = startConnectors({ configs, store, directory, clock });
  if (E.isLeft(started)) return E.left(tableProblem(started.left.code));
  const { all, health, stop } = started.right;
  output.note(once ? 'Delivering what the log holds now.' : 'The connectors run until stopped.');
  const settled = Promise.all(all.map((one) => one.settled()));
  const ended = all.map(async (one) => {
    await one.ended;
    return 'ended' as const;
  });
  const why = await Promise.race([untilStopped(stopped), ...ended, ...(once ? [settled] : [])]);
  const states = health();
  const failed = once || why === 'ended' ? failedIn(states) : null;
  const metrics = await Promise.all(all.map((one) => one.metrics()));
  await stop();
  output.json(states.map((state, index) => ({ ...state, ...metrics[index] })));
  for (const [index, { name, position }] of states.entries())
    output.line(
      `${name}: ${metrics[index]?.delivered ?? 0} delivered, log position ${position ?? 0}`,
    );
  if (failed !== null) return E.left(failed);
  const parked = metrics.reduce((sum, one) => sum + one.parked, 0);
  return parked === 0
    ? E.right(ExitCode.fine)
    : E.left(refusal(`${parked} parked: daybook connectors deliveries --state parked`));
};

/** `daybook connectors run --config FILE [--once]`: beside the program that writes the log. */
export const connectorRunCommand = async (
  context: Context,
  { config, once }: RunOptions,
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const configs = connectorsFrom(config, context.config.connectors);
  if (E.isLeft(configs)) return configs;
  let outcome: Outcome = E.right(ExitCode.fine);
  const done = await withLogReader(context, async (store) => {
    outcome = await runOn(context, store, { configs: configs.right, once });
    return E.right(undefined);
  });
  return E.isLeft(done) ? E.left(failureOf(done.left)) : outcome;
};
