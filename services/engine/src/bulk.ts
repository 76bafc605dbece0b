import type { HandlingFailure, Refusal } from '@daybook/command-handling';
import type { AccessControl } from '@daybook/domain/device-policy';
import { partsOf, streamOf } from '@daybook/domain/kernel';
import { selectUsers, type UserSelection } from '@daybook/domain/organization';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import type { Call } from './call.js';
import { runCompanyCommand } from './company-commands.js';
import type { CompanyCommand } from './company-command.js';
import type { CommandAnswer, CommandDeps } from './deps.js';

/** Which devices a bulk command is about: all that are managed, those that inherit from a group, or a list. */
export type DeviceSelection =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'group'; groupId: string }>
  | Readonly<{ kind: 'list'; ids: readonly string[] }>;

type PolicySource = Omit<
  Extract<CompanyCommand, { command: 'SetDevicePolicySource' }>,
  'command' | 'deviceId'
>;

/** One setting for many users or devices (rulebook §2.3–2.5). */
export type BulkCommand =
  | Readonly<{ set: 'session-logging'; enabled: boolean; users: UserSelection }>
  | Readonly<{ set: 'access-control'; value: AccessControl; devices: DeviceSelection }>
  | Readonly<{ set: 'policy-source'; to: PolicySource; devices: DeviceSelection }>;

/** What became of one user or device. */
export type BulkOutcome = Readonly<{ id: string; position: number }> &
  (
    | Readonly<{ outcome: 'changed' | 'unchanged' }>
    | Readonly<{ outcome: 'refused'; refusal: Refusal }>
    /** Others kept changing it; nothing was written. Running the command again tries it again. */
    | Readonly<{ outcome: 'failed'; failure: HandlingFailure }>
  );

/** Nothing was begun. */
export type BulkRefused = Readonly<{ _tag: 'Refused'; refusal: Refusal }>;

/**
 * Ends a run early: the log cannot be used. What was acknowledged before stays; the same call again
 * goes on from there.
 */
export type BulkStopped = HandlingFailure | BulkRefused;

export type BulkDeps = Omit<CommandDeps, 'store'> &
  Readonly<{
    store: Pick<EventStore, 'readStream' | 'readAll'>;
    /** How each item's command is run; by default as it is. */
    run?: ReturnType<typeof runCompanyCommand>;
  }>;

/** Items under way at one time: each is a write of its own stream, so they share commits. */
const AT_ONCE = 64;

type Item = Readonly<{ id: string; step: string; command: CompanyCommand }>;
type Items<A> = AsyncGenerator<E.Either<HandlingFailure, A>>;

async function* named(ids: readonly string[]): Items<string> {
  for (const id of ids) yield await Promise.resolve(E.right(id));
}

/** Ids of the company's users or devices in the order of the log, page by page: never gathered. */
async function* knownIds(
  store: BulkDeps['store'],
  company: string,
  kind: Readonly<{ category: string; type: string }>,
): Items<string> {
  const filter = { categories: [kind.category], types: [kind.type] };
  for await (const page of store.readAll({ filter })) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    for (const { stream, revision } of page.right.events) {
      const parts = partsOf(stream);
      // A device that comes back is enrolled again in its stream; it is one device.
      if (parts.company === company && parts.id !== undefined && revision === 0)
        yield E.right(parts.id);
    }
  }
}

async function* userItems(
  deps: BulkDeps,
  call: Call,
  bulk: Extract<BulkCommand, { users: UserSelection }>,
): Items<Item> {
  const selected = selectUsers(bulk.users, call.actor.id);
  const ids =
    selected.kind === 'named'
      ? named(selected.ids)
      : knownIds(deps.store, call.company, { category: 'user', type: 'UserRegistered' });
  for await (const id of ids) {
    if (E.isLeft(id)) {
      yield id;
      return;
    }
    const userId = id.right;
    if (selected.kind === 'everybody' && selected.but.has(userId)) continue;
    const command = { command: 'SetSessionLogging', userId, enabled: bulk.enabled } as const;
    yield E.right({ id: userId, step: `user/${userId}`, command });
  }
}

/** Is the device one of the selection? Read from its own stream, so that no answer lags. */
const isSelected = async (
  deps: BulkDeps,
  company: string,
  device: Readonly<{ id: string; selection: DeviceSelection }>,
): Promise<E.Either<HandlingFailure, boolean>> => {
  const { id, selection } = device;
  if (selection.kind === 'list') return E.right(true);
  const loaded = await deps.handler.load(aggregates.devices, streamOf('device', company, id))();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status !== 'enrolled') return E.right(false);
  if (selection.kind === 'all') return E.right(true);
  const { policySource } = state;
  return E.right(policySource.source === 'group' && policySource.groupId === selection.groupId);
};

type ForDevices = Extract<BulkCommand, { devices: DeviceSelection }>;

const deviceCommand = (bulk: ForDevices, deviceId: string): CompanyCommand =>
  bulk.set === 'access-control'
    ? { command: 'SetAccessControl', deviceId, insightsLogging: bulk.value }
    : { command: 'SetDevicePolicySource', deviceId, ...bulk.to };

async function* deviceItems(deps: BulkDeps, call: Call, bulk: ForDevices): Items<Item> {
  const selection = bulk.devices;
  const ids =
    selection.kind === 'list'
      ? named([...new Set(selection.ids)])
      : knownIds(deps.store, call.company, { category: 'device', type: 'DeviceEnrolled' });
  for await (const id of ids) {
    if (E.isLeft(id)) {
      yield id;
      return;
    }
    const deviceId = id.right;
    const chosen = await isSelected(deps, call.company, { id: deviceId, selection });
    if (E.isLeft(chosen)) {
      yield chosen;
      return;
    }
    if (!chosen.right) continue;
    yield E.right({
      id: deviceId,
      step: `device/${deviceId}`,
      command: deviceCommand(bulk, deviceId),
    });
  }
}

const outcomeOf = (id: string, answer: CommandAnswer): E.Either<HandlingFailure, BulkOutcome> => {
  if (E.isRight(answer)) {
    const { events, position } = answer.right;
    return E.right({ id, position, outcome: events.length > 0 ? 'changed' : 'unchanged' });
  }
  const { left } = answer;
  if (left._tag === 'Refused')
    return E.right({ id, position: 0, outcome: 'refused', refusal: left.refusal });
  if (left._tag === 'TooManyConflicts')
    return E.right({ id, position: 0, outcome: 'failed', failure: left });
  return E.left(left);
};

/** A group that does not exist has no devices: said, because it is more likely a slip than a wish. */
const groupMissing = async (
  deps: BulkDeps,
  company: string,
  bulk: BulkCommand,
): Promise<E.Either<BulkStopped, void>> => {
  if (bulk.set === 'session-logging' || bulk.devices.kind !== 'group') return E.right(undefined);
  const stream = streamOf('group', company, bulk.devices.groupId);
  const group = await deps.handler.load(aggregates.groups, stream)();
  if (E.isLeft(group)) return group;
  return group.right.state.status === 'created'
    ? E.right(undefined)
    : E.left({ _tag: 'Refused', refusal: { _tag: 'DeviceGroupNotCreated' } });
};

type Under = Promise<E.Either<HandlingFailure, BulkOutcome>>;

async function* inOrder(items: Items<Item>, send: (item: Item) => Under): Items<BulkOutcome> {
  const under: Under[] = [];
  try {
    for await (const item of items) {
      if (E.isLeft(item)) {
        yield item;
        return;
      }
      under.push(send(item.right));
      const oldest = under.length < AT_ONCE ? undefined : await under.shift();
      if (oldest === undefined) continue;
      yield oldest;
      if (E.isLeft(oldest)) return;
    }
    for (let oldest = under.shift(); oldest !== undefined; oldest = under.shift()) {
      const outcome = await oldest;
      yield outcome;
      if (E.isLeft(outcome)) return;
    }
  } finally {
    // Whoever stops listening leaves nothing under way behind.
    await Promise.all(under);
  }
}

/**
 * Runs one setting for many users or devices and tells what became of each, in the order of the log or
 * of the list, while the rest is under way; memory does not grow with their number. The id of an item's
 * command is `<command id>/user/<id>` or `…/device/<id>`: the same call again, after a crash or for
 * any other reason, writes nothing twice, gives the first answer where there is one, and does the rest.
 */
export const runBulk = (deps: BulkDeps) =>
  async function* (
    call: Call,
    bulk: BulkCommand,
  ): AsyncGenerator<E.Either<BulkStopped, BulkOutcome>> {
    const missing = await groupMissing(deps, call.company, bulk);
    if (E.isLeft(missing)) {
      yield missing;
      return;
    }
    const { run = runCompanyCommand(deps) } = deps;
    const items =
      bulk.set === 'session-logging' ? userItems(deps, call, bulk) : deviceItems(deps, call, bulk);
    yield* inOrder(items, async ({ id, step, command }) => {
      const commandId = `${call.commandId}/${step}`;
      return outcomeOf(id, await run({ ...call, commandId }, command));
    });
  };
