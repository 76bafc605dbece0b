import { readFileSync } from 'node:fs';
import { openLogReader, type LogReader } from '@daybook/engine';
import {
  backfill,
  type Blocked,
  blockedInWords,
  type Broker,
  type CannotResume,
  defaultRelaySettings,
  defaultStream,
  failureInWords,
  makeNatsBroker,
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

/** The writer's name in what is published. */
export const WRITER = 'daybook-cli';

export const brokerOf = ({ config }: Context): E.Either<Failure, Broker> => {
  const { natsUrl, natsCredentialsFile } = config;
  if (natsUrl === null)
    return E.left(
      usage('No broker is named: set DAYBOOK_NATS_URL, such as nats://127.0.0.1:4222.'),
    );
  let content: string | undefined;
  try {
    content = natsCredentialsFile === null ? undefined : readFileSync(natsCredentialsFile, 'utf8');
  } catch {
    return E.left(usage('The file that DAYBOOK_NATS_CREDS names cannot be read.'));
  }
  return E.right(
    makeNatsBroker({
      servers: natsUrl.split(','),
      credentials: content === undefined ? { kind: 'none' } : { kind: 'creds', content },
      stream: defaultStream,
      writer: WRITER,
    }),
  );
};

const problemOf = (problem: CannotResume): Failure => {
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
  work: (log: LogReader, broker: Broker) => Promise<Outcome>,
): Promise<Outcome> => {
  const broker = brokerOf(context);
  if (E.isLeft(broker)) return broker;
  const log = await openLogReader(context);
  if (E.isLeft(log)) return E.left(failureOf(log.left));
  try {
    return await work(log.right, broker.right);
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
    ? { position: null, lagSeconds: null, problem: problemOf(tail.left).message }
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
  withBoth(context, async (store, broker) => {
    const asked = await relayStatus({ store, broker });
    if (E.isLeft(asked)) return E.left(problemOf(asked.left));
    const { output, clock } = context;
    const { serverVersion, stream, differences, head } = asked.right;
    const reported = reportOf(asked.right, clock());
    output.json({ serverVersion, stream, differences, head, ...reported });
    output.line(table(rowsOf(asked.right, reported), { indent: '  ' }));
    const isFine = reported.problem === null && differences.length === 0;
    return E.right(isFine ? ExitCode.fine : ExitCode.refusedOrBadLines);
  });

/** `daybook relay backfill` */
export const relayBackfillCommand = (context: Context): Promise<Outcome> =>
  withBoth(context, async (store, broker) => {
    const done = await backfill({ store, broker, window: defaultRelaySettings.window });
    if (E.isLeft(done)) return E.left(problemOf(done.left));
    const { from, to, published, unpublishable } = done.right;
    context.output.json(done.right);
    context.output.line(
      `${published} events published, from position ${from} to ${to}; ${unpublishable} could not be published as themselves.`,
    );
    return E.right(ExitCode.fine);
  });

/** `daybook relay verify` */
export const relayVerifyCommand = (context: Context): Promise<Outcome> =>
  withBoth(context, async (store, broker) => {
    const { subjectPrefix } = defaultStream;
    const asked = await verifyRelay(broker, { store, subjectPrefix });
    if (E.isLeft(asked)) return E.left(problemOf(asked.left));
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
  withBoth(context, async (store, broker) => {
    const { clock, stopped, output } = context;
    const relay = startRelay({
      store,
      broker,
      writer: WRITER,
      settings: defaultRelaySettings,
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
