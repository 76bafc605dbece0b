import type { Aggregate, HandlingFailure } from '@daybook/command-handling';
import { deviceChangeInWords } from '@daybook/device-policy';
import type { DeviceEvent, GroupEvent, PolicyEvent } from '@daybook/domain/device-policy';
import { streamOf, type Actor, type DomainEvent } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { isWithin, metadataOf, type Moment } from './explain/moment.js';
import { decodedEvents, type DecodedEvent, type StreamReader } from './fold-stream.js';

/** One change that bears on what is in effect on a device: of the device, its group, or a policy of either. */
export type TimelineEntry = Readonly<{
  stream: string;
  revision: number;
  position: number;
  eventId: string;
  type: string;
  /** For people. */
  what: string;
  occurredAt: number;
  recordedAt: number;
  actor: Actor;
}>;

type Read<Event extends DomainEvent> = Promise<
  E.Either<HandlingFailure, readonly DecodedEvent<Event>[]>
>;
type At = Readonly<{ company: string; moment: Moment | null }>;
type Source<State, Event extends DomainEvent> = Readonly<{
  events: Aggregate<State, Event>;
  stream: string;
}>;

const readWithin = async <State, Event extends DomainEvent>(
  reader: StreamReader,
  { events: aggregate, stream }: Source<State, Event>,
  { moment }: At,
): Read<Event> => {
  const found: DecodedEvent<Event>[] = [];
  for await (const page of decodedEvents(reader, aggregate, stream)) {
    if (E.isLeft(page)) return page;
    for (const one of page.right) {
      const { position, recordedAt } = one.stored;
      const { occurredAt } = metadataOf(one.stored);
      if (isWithin(moment, { position, occurredAt, recordedAt })) found.push(one);
    }
  }
  return E.right(found);
};

const entryOf = ({ stored, event }: DecodedEvent<DomainEvent>, what: string): TimelineEntry => {
  const { stream, revision, position, recordedAt, id: eventId } = stored;
  const { occurredAt, actor } = metadataOf(stored);
  return {
    stream,
    revision,
    position,
    eventId,
    type: event.type,
    what,
    occurredAt,
    recordedAt,
    actor,
  };
};

const groupInWords = (groupId: string, event: GroupEvent): string => {
  switch (event.type) {
    case 'DeviceGroupCreated':
      return `Group ${groupId} created`;
    case 'GroupPolicyAssigned':
      return `Group ${groupId} given policy ${event.data.policyId}`;
    case 'GroupPolicyRemoved':
      return `Policy ${event.data.policyId} taken from group ${groupId}`;
  }
};

const onOff = (enabled: boolean): string => (enabled ? 'on' : 'off');

const policyInWords = (policyId: string, { data: { version, setting } }: PolicyEvent): string => {
  const { state, reporting, insights } = setting;
  const says =
    state === 'absent'
      ? 'without the setting'
      : `${state}, reporting ${onOff(reporting)}, insights ${onOff(insights)}`;
  return `Policy ${policyId} version ${version}: ${says}`;
};

type Names = Readonly<{ groups: Set<string>; policies: Set<string> }>;

const namesIn = (event: DeviceEvent | GroupEvent, { groups, policies }: Names): void => {
  if (event.type === 'DevicePolicySourceSet') {
    if (event.data.groupId !== null) groups.add(event.data.groupId);
    if (event.data.policyId !== null) policies.add(event.data.policyId);
  }
  if (event.type === 'PolicyApplied' || event.type === 'GroupPolicyAssigned')
    policies.add(event.data.policyId);
};

type Gathered = { entries: TimelineEntry[]; names: Names };

const addGroups = async (
  reader: StreamReader,
  gathered: Gathered,
  at: At,
): Promise<E.Either<HandlingFailure, void>> => {
  for (const groupId of gathered.names.groups) {
    const stream = streamOf('group', at.company, groupId);
    const events = await readWithin(reader, { events: aggregates.groups, stream }, at);
    if (E.isLeft(events)) return events;
    for (const one of events.right) {
      namesIn(one.event, gathered.names);
      gathered.entries.push(entryOf(one, groupInWords(groupId, one.event)));
    }
  }
  return E.right(undefined);
};

const addPolicies = async (
  reader: StreamReader,
  gathered: Gathered,
  at: At,
): Promise<E.Either<HandlingFailure, void>> => {
  for (const policyId of gathered.names.policies) {
    const stream = streamOf('policy', at.company, policyId);
    const events = await readWithin(reader, { events: aggregates.policies, stream }, at);
    if (E.isLeft(events)) return events;
    for (const one of events.right)
      gathered.entries.push(entryOf(one, policyInWords(policyId, one.event)));
  }
  return E.right(undefined);
};

/**
 * Everything that bears on a device's setting, in the order of the log: its own changes, and those of
 * every group it inherited from and every policy that they or it named. So the time between a policy
 * that was assigned and one that was applied can be read off. Empty: no such device by then.
 */
export const readDeviceTimeline =
  (reader: StreamReader) =>
  async (
    company: string,
    deviceId: string,
    moment: Moment | null = null,
  ): Promise<E.Either<HandlingFailure, readonly TimelineEntry[]>> => {
    const at: At = { company, moment };
    const stream = streamOf('device', company, deviceId);
    const own = await readWithin(reader, { events: aggregates.devices, stream }, at);
    if (E.isLeft(own)) return own;
    const gathered: Gathered = { entries: [], names: { groups: new Set(), policies: new Set() } };
    for (const one of own.right) {
      namesIn(one.event, gathered.names);
      gathered.entries.push(entryOf(one, deviceChangeInWords(one.event)));
    }
    const groups = await addGroups(reader, gathered, at);
    if (E.isLeft(groups)) return groups;
    const policies = await addPolicies(reader, gathered, at);
    if (E.isLeft(policies)) return policies;
    return E.right(gathered.entries.sort((a, b) => a.position - b.position));
  };
