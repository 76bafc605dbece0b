import { randomUUID } from 'node:crypto';
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type ServerDuplexStream,
  status,
} from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Failure, thrownFailure, toServiceError, writeFailureStatus } from '../failures.js';
import { resolveLink } from '../links.js';
import { makeOutlet, type Outlet } from '../outlet.js';
import { type Service, serviceDefinition } from '../service.js';
import { answerWith } from '../streams-service.js';
import { bytesField, messageField, numberField } from '../wire/protobuf.js';
import { readEventMessage } from '../wire/read-response.js';
import type { UuidForm } from '../wire/uuid.js';
import type { WriteFailure } from '../write-failure.js';
import { type Definition, type DefinitionDeps, saveDefinition } from './definitions.js';
import type { Group, Membership, Message } from './group.js';
import { type Groups, makeGroups, type OpenGroup } from './groups.js';
import { replayParked } from './replay.js';
import {
  type ConsumerMessage,
  type CreateRequest,
  type GroupName,
  readConsumerMessage,
  readCreateRequest,
  readDeleteGroupRequest,
  readReplayRequest,
} from './requests.js';

export type PersistentDeps = DefinitionDeps & Readonly<{ closing: AbortSignal }>;

const definition = serviceDefinition(
  'event_store.client.persistent_subscriptions.PersistentSubscriptions',
  { Create: {}, Delete: {}, ReplayParked: {}, Read: { request: true, response: true } },
);

type Situation = 'exists' | 'does-not-exist' | 'dropped';

const codes: Readonly<Record<Situation, status>> = {
  exists: status.ALREADY_EXISTS,
  'does-not-exist': status.NOT_FOUND,
  dropped: status.CANCELLED,
};

const trailersOf = ({ stream = '$all', group }: GroupName) => ({
  'stream-name': stream,
  'group-name': group,
});

const groupFailure = (name: GroupName, situation: Situation): Failure => ({
  code: codes[situation],
  details: `The persistent subscription: ${situation}.`,
  trailers: { exception: `persistent-subscription-${situation}`, ...trailersOf(name) },
});

const fullGroup = (name: GroupName): Failure => ({
  code: status.FAILED_PRECONDITION,
  details: 'The persistent subscription has as many consumers as it may have.',
  trailers: { exception: 'maximum-subscribers-reached', ...trailersOf(name) },
});

const orThrow = <A>(answer: E.Either<WriteFailure, A>): A => {
  if (E.isRight(answer)) return answer.right;
  throw toServiceError(writeFailureStatus(answer.left, 'any'));
};

/** `end` is decided when the group is made: what comes later is for it. */
const firstPlace = async (deps: PersistentDeps, request: CreateRequest): Promise<number> => {
  if (typeof request.from === 'number') return request.from;
  if (request.from === 'start') return 0;
  if (request.stream === undefined) {
    const head = await deps.store.head()();
    return E.isRight(head) ? head.right + 1 : 0;
  }
  const end = await deps.states.endOf(request.stream);
  return E.isRight(end) && end.right.revision !== undefined ? end.right.revision + 1 : 0;
};

const makeCreate =
  (deps: PersistentDeps, groups: Groups): handleUnaryCall<Buffer, Buffer> =>
  (call, callback) => {
    const serve = async (): Promise<Buffer> => {
      const request = readCreateRequest(call.request);
      const known = orThrow(await groups.find(request));
      if (known !== undefined) throw toServiceError(groupFailure(request, 'exists'));
      const { filter, settings } = request;
      const from = await firstPlace(deps, request);
      const made: Definition = { from, filter: filter ?? null, settings };
      orThrow(await saveDefinition(deps, request, made));
      return Buffer.alloc(0);
    };
    answerWith(serve(), callback);
  };

const makeDelete =
  (deps: PersistentDeps, groups: Groups): handleUnaryCall<Buffer, Buffer> =>
  (call, callback) => {
    const serve = async (): Promise<Buffer> => {
      const name = readDeleteGroupRequest(call.request);
      const known = orThrow(await groups.find(name));
      if (known === undefined) throw toServiceError(groupFailure(name, 'does-not-exist'));
      orThrow(await saveDefinition(deps, name, undefined));
      groups.forget(name);
      return Buffer.alloc(0);
    };
    answerWith(serve(), callback);
  };

/** Answers when it has begun; a group that is at it goes on and begins no second time. */
const makeReplay = (deps: PersistentDeps, groups: Groups): handleUnaryCall<Buffer, Buffer> => {
  const running = new Set<Group>();
  return (call, callback) => {
    const serve = async (): Promise<Buffer> => {
      const request = readReplayRequest(call.request);
      const known = orThrow(await groups.find(request));
      if (known === undefined) throw toServiceError(groupFailure(request, 'does-not-exist'));
      const { group } = known;
      if (!running.has(group)) {
        running.add(group);
        void replayParked({ deps, group, request }).finally(() => running.delete(group));
      }
      return Buffer.alloc(0);
    };
    answerWith(serve(), callback);
  };
};

const eventMessage = async (
  deps: PersistentDeps,
  { event, retries }: Message,
  { uuids, resolveLinks }: Readonly<{ uuids: UuidForm; resolveLinks: boolean }>,
): Promise<Buffer> => {
  const isLink = resolveLinks && event.type === '$>';
  const target = isLink ? await resolveLink(deps.store, event) : 'no-link';
  const read = target === 'no-link' ? { event } : { event: target, link: event };
  return messageField(1, readEventMessage(read, uuids), numberField(5, retries));
};

type Options = Extract<ConsumerMessage, { kind: 'options' }>;

const join = (
  deps: PersistentDeps,
  outlet: Outlet,
  { options, known }: Readonly<{ options: Options; known: OpenGroup }>,
): Membership => {
  const { uuids, bufferSize } = options;
  const { resolveLinks } = known.definition.settings;
  void outlet.send(messageField(2, bytesField(1, randomUUID())));
  const membership = known.group.join({
    room: bufferSize,
    send: (message) => {
      // No more than its buffer is on the way: a slow consumer gets nothing before it acknowledges.
      void eventMessage(deps, message, { uuids, resolveLinks }).then(outlet.send);
    },
    drop: () => outlet.fail(groupFailure(options, 'dropped')),
  });
  outlet.signal.addEventListener('abort', membership.leave);
  return membership;
};

type Consuming = { membership: Membership | undefined; isAsked: boolean };

const begin = async (
  deps: PersistentDeps & Readonly<{ groups: Groups }>,
  outlet: Outlet,
  options: Options,
): Promise<Membership | undefined> => {
  const found = await deps.groups.find(options);
  if (E.isLeft(found)) outlet.fail(writeFailureStatus(found.left, 'any'));
  else if (found.right === undefined) outlet.fail(groupFailure(options, 'does-not-exist'));
  else {
    const { group, definition: made } = found.right;
    const { maxSubscriberCount } = made.settings;
    const isFull = maxSubscriberCount > 0 && group.consumers() >= maxSubscriberCount;
    if (isFull) outlet.fail(fullGroup(options));
    else if (!outlet.signal.aborted) return join(deps, outlet, { options, known: found.right });
  }
  return undefined;
};

const serveConsumer = (
  deps: PersistentDeps & Readonly<{ groups: Groups }>,
  call: ServerDuplexStream<Buffer, Buffer>,
): void => {
  const outlet = makeOutlet(call, deps.closing);
  const consuming: Consuming = { membership: undefined, isAsked: false };
  const fail = (thrown: unknown): void => outlet.fail(thrownFailure(thrown));

  const take = (message: ConsumerMessage): void => {
    if (message.kind === 'ack') consuming.membership?.ack(message.ids);
    else if (message.kind === 'nack') consuming.membership?.nack(message.ids, message.action);
    else if (!consuming.isAsked) {
      consuming.isAsked = true;
      begin(deps, outlet, message).then((membership) => {
        consuming.membership = membership;
      }, fail);
    }
  };

  call.on('data', (message: Buffer) => {
    if (outlet.signal.aborted) return;
    try {
      take(readConsumerMessage(message));
    } catch (thrown) {
      fail(thrown);
    }
  });
  call.on('end', () => outlet.end());
};

/** `PersistentSubscriptions`, as far as consumers need it. */
export const makePersistentService = (deps: PersistentDeps): Service => {
  const groups = makeGroups(deps);
  deps.closing.addEventListener('abort', groups.close);
  const read: handleBidiStreamingCall<Buffer, Buffer> = (call) =>
    serveConsumer({ ...deps, groups }, call);
  return {
    definition,
    implementation: {
      Create: makeCreate(deps, groups),
      Delete: makeDelete(deps, groups),
      ReplayParked: makeReplay(deps, groups),
      Read: read,
    },
  };
};
