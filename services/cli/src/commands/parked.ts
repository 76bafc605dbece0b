import {
  catchUpReadModels,
  readUnfinished,
  readUnfinishedList,
  type Engine,
  type UnfinishedFilter,
  type UnfinishedWork,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf, asWriter } from '../data/open.js';
import { wholeNumberFrom } from '../data/at.js';
import { ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { instantIn } from '../text/instant.js';
import { table } from '../text/table.js';
import { counted, listed } from '../text/words.js';

export type ParkedListOptions = Readonly<{ waiting?: boolean; process?: string; limit: string }>;

/** An event may be of any company: times are shown in UTC. */
const when = instantIn('UTC');

const rowOf = ({ eventId, process, stream, reason, attempts, since, dueAt }: UnfinishedWork) => [
  eventId,
  process,
  stream,
  reason,
  counted(attempts, 'attempt'),
  dueAt === null ? `since ${when(since)}` : `next ${when(dueAt)}`,
];

/** The engine's own; others name themselves where they have work that is not done. */
const processNames = ['insights', 'grants', 'reconsider'];

const isParked = { state: 'parked' } as const;

/** `daybook parked list [--waiting]` */
export const parkedListCommand = async (
  context: Context,
  options: ParkedListOptions,
): Promise<Outcome> => {
  const { directory, output } = context;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const limit = wholeNumberFrom('--limit', options.limit, 1);
  if (E.isLeft(limit)) return limit;
  const state = options.waiting === true ? 'waiting' : 'parked';
  const { process } = options;
  const of = process === undefined ? {} : { process };
  const { counts } = readUnfinished(directory, 0);
  const known = new Set([...processNames, ...counts.map((each) => each.process)]);
  if (process !== undefined && !known.has(process))
    return E.left(usage(`There is no process “${process}”: name one of ${listed([...known])}.`));
  const found = readUnfinishedList(directory, { state, ...of, limit: limit.right });
  output.json({ state, work: found, counts });
  const none = state === 'parked' ? 'Nothing is parked.' : 'Nothing waits for another attempt.';
  output.line(found.length === 0 ? none : table(found.map(rowOf)));
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** `daybook parked show ID` */
export const parkedShowCommand = async (context: Context, eventId: string): Promise<Outcome> => {
  const { directory, output } = context;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const parked = readUnfinishedList(directory, { ...isParked, eventId, limit: 10 });
  const [first] = parked;
  if (first === undefined) return E.left(refusal(`Nothing is parked under ${eventId}.`));
  output.json({ work: parked });
  for (const { process, stream, revision, position, reason, attempts, since } of parked)
    output.line(
      table([
        ['process', process],
        ['event', `revision ${revision} of ${stream}, position ${position}`],
        ['reason', reason],
        ['attempts', String(attempts)],
        ['since', when(since)],
      ]),
    );
  output.line(`Try it again: daybook parked retry ${eventId}`);
  return await Promise.resolve(E.right(ExitCode.fine));
};

/** How the work of one id stands now, in words. */
const standing = (engine: Engine, eventId: string): string => {
  const now = (state: UnfinishedFilter['state']): readonly UnfinishedWork[] =>
    engine.work.list({ state, eventId, limit: 10 });
  const [parked] = now('parked');
  if (parked !== undefined) return `${eventId} is parked again: ${parked.reason}`;
  const [waiting] = now('waiting');
  if (waiting?.dueAt === undefined || waiting.dueAt === null) return `${eventId} is done`;
  return `${eventId} waits for another attempt at ${when(waiting.dueAt)}: ${waiting.reason}`;
};

const retry = async (
  context: Context,
  engine: Engine,
  wanted: readonly string[] | 'all',
): Promise<Outcome> => {
  const { output } = context;
  const known = wanted === 'all' ? [] : wanted.filter((id) => isListed(engine, id));
  const unknown = wanted === 'all' ? [] : wanted.filter((id) => !known.includes(id));
  const retried = await engine.work.retry(wanted);
  if (E.isLeft(retried)) return E.left(failureOf(retried.left));
  const caughtUp = await catchUpReadModels(context);
  if (E.isLeft(caughtUp)) return E.left(failureOf(caughtUp.left));
  const counts = engine.work.counts();
  output.json({ retried: retried.right, counts });
  for (const id of known) output.line(standing(engine, id));
  if (wanted === 'all' && retried.right === 0) output.line('Nothing is parked.');
  const parked = counts.reduce((sum, each) => sum + each.parked, 0);
  if (wanted === 'all' && retried.right > 0)
    output.line(`${counted(retried.right, 'attempt')} made; ${parked} still parked`);
  return unknown.length === 0 ? E.right(ExitCode.fine) : E.left(notListed(unknown));
};

/** Parked, or waiting for another attempt by itself. */
const isListed = (engine: Engine, eventId: string): boolean =>
  (['parked', 'waiting'] as const).some(
    (state) => engine.work.list({ state, eventId, limit: 1 }).length > 0,
  );

const notListed = (ids: readonly string[]): Failure =>
  refusal(
    `Nothing is parked under ${listed(ids)}: it is done, or there is no such event. See daybook parked list.`,
  );

/** `daybook parked retry ID... | --all` */
export const parkedRetryCommand = async (
  context: Context,
  ids: readonly string[],
  isAll: boolean,
): Promise<Outcome> => {
  if (isAll === ids.length > 0)
    return E.left(usage('Name what to try again, or --all; see daybook parked list.'));
  return asWriter(context, (engine) => retry(context, engine, isAll ? 'all' : ids));
};
