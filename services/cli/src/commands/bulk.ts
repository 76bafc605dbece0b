import type { BulkCommand, BulkOutcome, BulkStopped, Engine } from '@daybook/engine';
import { catchUpReadModels, refusalInWords } from '@daybook/engine';
import { isId } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { idFrom } from '../data/at.js';
import { chooseCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { asWriter } from '../data/open.js';
import { dataProblem, ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { counted } from '../text/words.js';

export type BulkOptions = Readonly<{ by?: string; commandId?: string }>;
export type UsersOptions = BulkOptions &
  Readonly<{
    all?: boolean;
    allBut?: readonly string[];
    only?: readonly string[];
    me?: boolean;
    allButMe?: boolean;
  }>;
export type DevicesOptions = BulkOptions &
  Readonly<{ all?: boolean; group?: string; only?: readonly string[] }>;

type ForUsers = Extract<BulkCommand, { set: 'session-logging' }>;
type ForDevices = Exclude<BulkCommand, ForUsers>;

const badId = (ids: readonly string[]): string | undefined => ids.find((id) => !isId(id));

const exactlyOne = (given: readonly unknown[], flags: string): Failure | null =>
  given.filter((each) => each !== undefined && each !== false).length === 1
    ? null
    : usage(`Say whom it is for with one of ${flags}.`);

const notAnId = (word: string): E.Either<Failure, never> =>
  E.left(usage(`“${word}” is not an id: letters, digits, “.”, “:”, “~” or “-”.`));

const usersFrom = (options: UsersOptions): E.Either<Failure, ForUsers['users']> => {
  const { all, allBut, only, me, allButMe, by } = options;
  const given = [all, allBut, only, me, allButMe];
  const unclear = exactlyOne(given, '--all, --all-but, --only, --me and --all-but-me');
  if (unclear !== null) return E.left(unclear);
  const isMe = me === true || allButMe === true;
  if (isMe && by === undefined)
    return E.left(usage('Say with --by who “me” is, such as --by u-ines.'));
  if (isMe) return E.right({ kind: me === true ? 'me' : 'all-but-me' });
  const ids = allBut ?? only ?? [];
  const bad = badId(ids);
  if (bad !== undefined) return notAnId(bad);
  if (all === true) return E.right({ kind: 'all' });
  return E.right({ kind: allBut === undefined ? 'list' : 'all-but', ids });
};

const devicesFrom = (options: DevicesOptions): E.Either<Failure, ForDevices['devices']> => {
  const { all, group, only } = options;
  const unclear = exactlyOne([all, group, only], '--all, --group and --only');
  if (unclear !== null) return E.left(unclear);
  const bad = badId(group === undefined ? (only ?? []) : [group]);
  if (bad !== undefined) return notAnId(bad);
  if (all === true) return E.right({ kind: 'all' });
  return E.right(
    group === undefined ? { kind: 'list', ids: only ?? [] } : { kind: 'group', groupId: group },
  );
};

type Tally = Record<BulkOutcome['outcome'], number>;

const wordsOf = (item: BulkOutcome): string => {
  switch (item.outcome) {
    case 'changed':
    case 'unchanged':
      return item.outcome;
    case 'refused':
      return `refused: ${refusalInWords(item.refusal._tag)}`;
    case 'failed':
      return 'not done: others kept changing it';
  }
};

const stoppedIn = (left: BulkStopped): Failure =>
  left._tag === 'Refused' ? refusal(refusalInWords(left.refusal._tag)) : failureOf(left);

type Teller = Readonly<{ item: (item: BulkOutcome) => void; end: (isComplete: boolean) => void }>;

/** Tells each item as it is done. For programs it is one JSON value all the same, and nothing is gathered. */
const teller = ({ output }: Context, commandId: string): Teller => {
  if (!output.isJson)
    return {
      item: (item) => output.line(`  ${output.style.cyan(item.id)}  ${wordsOf(item)}`),
      end: () => undefined,
    };
  output.raw(`{"commandId":${JSON.stringify(commandId)},"outcomes":[`);
  let gap = '\n';
  return {
    item: (item) => {
      output.raw(`${gap}${JSON.stringify(item)}`);
      gap = ',\n';
    },
    end: (isComplete) => output.raw(`\n],"complete":${String(isComplete)}}\n`),
  };
};

type Sent = Readonly<{ commandId: string; by: string; bulk: BulkCommand }>;

const sendBulk = async (context: Context, engine: Engine, sent: Sent): Promise<Outcome> => {
  const company = await chooseCompany(engine.store, context.company);
  if (E.isLeft(company)) return company;
  const { commandId, by, bulk } = sent;
  const call = {
    company: company.right.id,
    actor: { kind: 'administrator', id: by },
    commandId,
    correlationId: commandId,
    at: context.clock(),
  } as const;
  const tally: Tally = { changed: 0, unchanged: 0, refused: 0, failed: 0 };
  const { output } = context;
  const tell = teller(context, commandId);
  for await (const item of engine.bulk(call, bulk)) {
    const isStopped = E.isLeft(item) || context.stopped.aborted;
    if (isStopped) tell.end(false);
    if (E.isLeft(item)) return E.left(stoppedIn(item.left));
    if (isStopped)
      return E.left(dataProblem(`Stopped. The rest: the same with --command-id ${commandId}`));
    tally[item.right.outcome] += 1;
    tell.item(item.right);
  }
  tell.end(true);
  const all = Object.values(tally).reduce((sum, count) => sum + count, 0);
  output.line(
    output.style.dim(
      `${counted(all, 'item')}: ${tally.changed} changed, ${tally.unchanged} unchanged, ${tally.refused} refused, ${tally.failed} not done. Command ${commandId}.`,
    ),
  );
  const isFine = tally.refused + tally.failed === 0;
  return E.right(isFine ? ExitCode.fine : ExitCode.refusedOrBadLines);
};

const runBulk = async (
  context: Context,
  options: BulkOptions,
  bulk: BulkCommand,
): Promise<Outcome> => {
  const by = idFrom('--by', options.by ?? 'cli');
  if (E.isLeft(by)) return by;
  const commandId = idFrom('--command-id', options.commandId ?? randomUUID());
  if (E.isLeft(commandId)) return commandId;
  const sent = { commandId: commandId.right, by: by.right, bulk };
  const answer = await asWriter(context, (engine) => sendBulk(context, engine, sent));
  if (E.isLeft(answer)) return answer;
  const caughtUp = await catchUpReadModels(context);
  return E.isLeft(caughtUp) ? E.left(failureOf(caughtUp.left)) : answer;
};

/** `daybook users logging on|off --all | --all-but ID… | --only ID… | --me | --all-but-me` */
export const usersLoggingCommand = async (
  context: Context,
  value: 'on' | 'off',
  options: UsersOptions,
): Promise<Outcome> => {
  const users = usersFrom(options);
  if (E.isLeft(users)) return users;
  return runBulk(context, options, {
    set: 'session-logging',
    enabled: value === 'on',
    users: users.right,
  });
};

/** `daybook devices access-control VALUE --all | --group ID | --only ID…` */
export const devicesAccessControlCommand = async (
  context: Context,
  value: Extract<BulkCommand, { set: 'access-control' }>['value'],
  options: DevicesOptions,
): Promise<Outcome> => {
  const devices = devicesFrom(options);
  if (E.isLeft(devices)) return devices;
  return runBulk(context, options, { set: 'access-control', value, devices: devices.right });
};

type PolicySource = Extract<BulkCommand, { set: 'policy-source' }>['to'];

const sourceFrom = (word: string): E.Either<Failure, PolicySource> => {
  if (word === 'none') return E.right({ source: 'none' });
  const [kind, ...rest] = word.split(':');
  const id = rest.join(':');
  if (isId(id) && kind === 'own') return E.right({ source: 'own', policyId: id });
  if (isId(id) && kind === 'group') return E.right({ source: 'group', groupId: id });
  return E.left(usage('Write own:POLICY, group:GROUP or none.'));
};

/** `daybook devices policy-source own:POLICY|group:GROUP|none --all | --group ID | --only ID…` */
export const devicesPolicySourceCommand = async (
  context: Context,
  word: string,
  options: DevicesOptions,
): Promise<Outcome> => {
  const to = sourceFrom(word);
  if (E.isLeft(to)) return to;
  const devices = devicesFrom(options);
  if (E.isLeft(devices)) return devices;
  return runBulk(context, options, { set: 'policy-source', to: to.right, devices: devices.right });
};
