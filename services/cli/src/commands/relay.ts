import { randomUUID } from 'node:crypto';
import { openLogReader, type LogReader } from '@daybook/engine';
import {
  backfill,
  type Blocked,
  blockedInWords,
  type Broker,
  type CannotResume,
  configProblemsInWords,
  failureInWords,
  makeNatsBroker,
  mismatchInWords,
  type RelayConfig,
  relayConfigFrom,
  type RelayStatus,
  relayStatus,
  startRelay,
  verifyRelay,
} from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { dataProblem, ExitCode, type Failure, type Outcome, usage } from '../outcome.js';
import { table } from '../text/table.js';

export type RelayParts = Readonly<{
  broker: Broker;
  /** In every message: two relays at once must tell each other apart. Says nothing of the machine. */
  writer: string;
  config: RelayConfig;
}>;

/** The broker that the environment names. */
export const relayPartsOf = ({ config }: Context): E.Either<Failure, RelayParts> => {
  const decoded = relayConfigFrom(config.relay);
  if (E.isLeft(decoded))
    return E.left(
      usage(`The relay is not configured as it must be.\n${configProblemsInWords(decoded.left)}`),
    );
  const writer = `relay-${randomUUID().slice(0, 8)}`;
  return E.right({
    broker: makeNatsBroker({ ...decoded.right, writer }),
    writer,
    config: decoded.right,
  });
};

export const relayProblemOf = (problem: CannotResume): Failure => {
  switch (problem._tag) {
    case 'BrokerUnavailable':
    case 'FenceBroken':
      return dataProblem(failureInWords(problem));
    case 'StoreUnavailable':
    case 'CorruptStore':
      return failureOf(problem);
    default:
      return dataProblem(blockedInWords(problem satisfies Blocked));
  }
};

/** Opens the log for reading and names the broker; a writer may be at work beside. */
const withBoth = async (
  context: Context,
  work: (log: LogReader, relay: RelayParts) => Promise<Outcome>,
): Promise<Outcome> => {
  const relay = relayPartsOf(context);
  if (E.isLeft(relay)) return relay;
  const log = await openLogReader(context);
  if (E.isLeft(log)) return E.left(failureOf(log.left));
  try {
    return await work(log.right, relay.right);
  } finally {
    await log.right.close();
  }
};

type Reported = Readonly<{
  position: number | null;
  lagSeconds: number | null;
  problem: string | null;
}>;

const reportOf = ({ tail, waitingSince }: RelayStatus, now: number): Reported =>
  E.isLeft(tail)
    ? { position: null, lagSeconds: null, problem: relayProblemOf(tail.left).message }
    : {
        position: tail.right.position,
        lagSeconds: waitingSince === undefined ? 0 : (now - waitingSince) / 1_000,
        problem: null,
      };

const rowsOf = (status: RelayStatus, reported: Reported): string[][] => {
  const { serverVersion, stream, differences, head } = status;
  const { position, lagSeconds, problem } = reported;
  return [
    ['Server', serverVersion],
    ['Stream', stream === undefined ? 'none yet' : `${stream.name}, ${stream.messages} messages`],
    ['Settings', differences.length === 0 ? 'as wanted' : `${differences.length} different`],
    ['Published up to', `position ${position ?? '?'} of ${head}`],
    ['Oldest that waits', lagSeconds === 0 ? 'none' : `${Math.round(lagSeconds ?? 0)} s`],
    ...(problem === null ? [] : [['Problem', problem]]),
  ];
};

/** `daybook relay status` */
export const relayStatusCommand = (context: Context): Promise<Outcome> =>
  withBoth(context, async (store, { broker }) => {
    const asked = await relayStatus({ store, broker });
    if (E.isLeft(asked)) return E.left(relayProblemOf(asked.left));
    const { output, clock } = context;
    const { serverVersion, stream, differences, head } = asked.right;
    const reported = reportOf(asked.right, clock());
    output.json({ serverVersion, stream, differences, head, ...reported });
    output.line(table(rowsOf(asked.right, reported), { indent: '  ' }));
    if (stream !== undefined && differences.length > 0)
      output.line(mismatchInWords({ _tag: 'StreamMismatch', stream: stream.name, differences }));
    const isFine = reported.problem === null && differences.length === 0;
    return E.right(isFine ? ExitCode.fine : ExitCode.refusedOrBadLines);
  });

/** `daybook relay backfill` */
export const relayBackfillCommand = (
  context: Context,
  assumedPosition: number | null,
): Promise<Outcome> =>
  withBoth(context, async (store, { broker, config }) => {
    const assumed = assumedPosition === null ? {} : { assumedPosition };
    const done = await backfill({ store, broker, window: config.settings.window, ...assumed });
    if (E.isLeft(done)) return E.left(relayProblemOf(done.left));
    const { from, to, published, unpublishable } = done.right;
    context.output.json(done.right);
    context.output.line(
      `${published} events published, from position ${from} to ${to}; ${unpublishable} could not be published as themselves.`,
    );
    return E.right(ExitCode.fine);
  });

/** `daybook relay verify` */
export const relayVerifyCommand = (context: Context, after: number | null): Promise<Outcome> =>
  withBoth(context, async (store, { broker, config }) => {
    const { subjectPrefix } = config.stream;
    const begun = after === null ? {} : { after };
    const asked = await verifyRelay(broker, { store, subjectPrefix, ...begun });
    if (E.isLeft(asked)) return E.left(relayProblemOf(asked.left));
    const { output } = context;
    const { equal, waiting, removed, differences, differencesTotal } = asked.right;
    output.json(asked.right);
    const { style } = output;
    const mark = differencesTotal === 0 ? style.green('✓') : style.red('✗');
    output.line(
      `${mark} ${equal} messages are what the log says, in its order; ${differencesTotal} are not. ${waiting} events wait, ${removed} were removed by retention.`,
    );
    for (const { kind, position, sequence } of differences)
      output.line(`  ${kind}: position ${position ?? 'none'}, sequence ${sequence ?? 'none'}`);
    return E.right(differencesTotal === 0 ? ExitCode.fine : ExitCode.refusedOrBadLines);
  });

/** `daybook relay run`: until it is stopped. */
export const relayRunCommand = (context: Context): Promise<Outcome> =>
  withBoth(context, async (store, { broker, writer, config }) => {
    const { clock, stopped, output } = context;
    const relay = startRelay({
      store,
      broker,
      writer,
      settings: config.settings,
      clock,
      random: () => Math.random(),
    });
    output.note('The relay runs until it is stopped.');
    if (!stopped.aborted)
      await new Promise<void>((resolve) => {
        stopped.addEventListener('abort', () => resolve(), { once: true });
      });
    await relay.stop();
    const metrics = await relay.metrics();
    output.json(metrics);
    output.line(`${metrics.published} events published.`);
    return E.right(ExitCode.fine);
  });
