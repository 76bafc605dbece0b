/** What clients ask of persistent subscriptions; throws `MalformedMessage`. */
import { asBytes, asNumber, eachField, MalformedMessage, type Wire } from '../wire/protobuf.js';
import {
  type FilterRequest,
  readFilter,
  readPosition,
  readStreamName,
} from '../wire/read-request.js';
import { readUuid, type UuidForm } from '../wire/uuid.js';

/** A group of consumers that share what one stream, or the whole log, brings. */
export type GroupName = Readonly<{ stream: string | undefined; group: string }>;

export type GroupSettings = Readonly<{
  resolveLinks: boolean;
  maxRetryCount: number;
  messageTimeoutMs: number;
  checkpointAfterMs: number;
  maxCheckpointCount: number;
  /** 0 means any number. */
  maxSubscriberCount: number;
}>;

export type CreateRequest = GroupName &
  Readonly<{
    /** Inclusive. */
    from: number | 'start' | 'end';
    filter: FilterRequest | undefined;
    settings: GroupSettings;
  }>;

const TICKS_PER_MS = 10_000;

type Mutable<A> = { -readonly [Key in keyof A]: A[Key] };

const setSetting = (settings: Mutable<GroupSettings>, field: number, value: number): void => {
  if (field === 1) settings.resolveLinks = value !== 0;
  if (field === 5) settings.maxRetryCount = value;
  if (field === 8) settings.maxCheckpointCount = value;
  if (field === 9) settings.maxSubscriberCount = value;
  if (field === 4) settings.messageTimeoutMs = value / TICKS_PER_MS;
  if (field === 14) settings.messageTimeoutMs = value;
  if (field === 6) settings.checkpointAfterMs = value / TICKS_PER_MS;
  if (field === 15) settings.checkpointAfterMs = value;
};

const readSettings = (bytes: Buffer): GroupSettings => {
  const settings: Mutable<GroupSettings> = {
    resolveLinks: false,
    maxRetryCount: 0,
    messageTimeoutMs: 0,
    checkpointAfterMs: 0,
    maxCheckpointCount: 0,
    maxSubscriberCount: 0,
  };
  eachField(bytes, (field, value) => {
    if (!Buffer.isBuffer(value)) setSetting(settings, field, asNumber(value));
  });
  return settings;
};

const readStreamFrom = (bytes: Buffer): Pick<CreateRequest, 'stream' | 'from'> => {
  let stream: string | undefined;
  let from: CreateRequest['from'] = 'start';
  eachField(bytes, (field, value) => {
    if (field === 1) stream = readStreamName(asBytes(value));
    if (field === 2) from = asNumber(value);
    if (field === 4) from = 'end';
  });
  return { stream, from };
};

const readAllFrom = (bytes: Buffer): Pick<CreateRequest, 'from' | 'filter'> => {
  let from: CreateRequest['from'] = 'start';
  let filter: FilterRequest | undefined;
  eachField(bytes, (field, value) => {
    if (field === 1) from = readPosition(asBytes(value));
    if (field === 3) from = 'end';
    if (field === 4) filter = readFilter(asBytes(value));
  });
  return { from, filter };
};

const named = <A extends GroupName>(request: A, isAll: boolean): A => {
  if (request.group === '') throw new MalformedMessage('The request names no group.');
  if (!isAll && (request.stream ?? '') === '') {
    throw new MalformedMessage('The request names no stream.');
  }
  return request;
};

const optionsOf = (message: Buffer, take: (field: number, value: Buffer) => void): void =>
  eachField(message, (field, options) => {
    if (field !== 1) return;
    eachField(asBytes(options), (option, value: Wire) => {
      if (Buffer.isBuffer(value)) take(option, value);
    });
  });

/** Older clients name the first revision among the settings; the largest number means the end. */
const readOlderFrom = (settings: Buffer): CreateRequest['from'] => {
  let from = 0;
  eachField(settings, (field, value) => {
    if (field === 2) from = asNumber(value);
  });
  return from === Number.MAX_SAFE_INTEGER ? 'end' : from;
};

export const readCreateRequest = (message: Buffer): CreateRequest => {
  const request: Mutable<CreateRequest> = {
    stream: undefined,
    group: '',
    from: 'start',
    filter: undefined,
    settings: readSettings(Buffer.alloc(0)),
  };
  let isAll = false;
  let isOlder = true;
  let olderFrom: CreateRequest['from'] = 'start';
  optionsOf(message, (field, value) => {
    if (field === 4 || field === 5) isOlder = false;
    if (field === 1) request.stream = readStreamName(value);
    if (field === 2) request.group = value.toString('utf8');
    if (field === 3) {
      request.settings = readSettings(value);
      olderFrom = readOlderFrom(value);
    }
    if (field === 4) Object.assign(request, readStreamFrom(value));
    if (field === 5) {
      isAll = true;
      Object.assign(request, readAllFrom(value));
    }
  });
  if (isOlder) request.from = olderFrom;
  return named({ ...request, stream: isAll ? undefined : request.stream }, isAll);
};

/** The numbers that stream, whole log and group have in the options of a request. */
type Numbers = Readonly<{ stream: number; all: number; group: number }>;

const readGroupName = (message: Buffer, { stream, all, group }: Numbers): GroupName => {
  let request: GroupName = { stream: undefined, group: '' };
  let isAll = false;
  optionsOf(message, (field, value) => {
    if (field === stream) request = { ...request, stream: readStreamName(value) };
    if (field === all) isAll = true;
    if (field === group) request = { ...request, group: value.toString('utf8') };
  });
  return named({ ...request, stream: isAll ? undefined : request.stream }, isAll);
};

export const readDeleteGroupRequest = (message: Buffer): GroupName =>
  readGroupName(message, { stream: 1, all: 3, group: 2 });

/** `stopAt`: how many messages at most; undefined is all of them. */
export type ReplayRequest = GroupName & Readonly<{ stopAt: number | undefined }>;

export const readReplayRequest = (message: Buffer): ReplayRequest => {
  let stopAt: number | undefined;
  eachField(message, (_, options) =>
    eachField(asBytes(options), (field, value) => {
      if (field === 4) stopAt = asNumber(value);
    }),
  );
  return { ...readGroupName(message, { stream: 2, all: 3, group: 1 }), stopAt };
};

export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

export type ConsumerMessage =
  | (Readonly<{ kind: 'options'; bufferSize: number; uuids: UuidForm }> & GroupName)
  | Readonly<{ kind: 'ack'; ids: readonly string[] }>
  | Readonly<{ kind: 'nack'; ids: readonly string[]; action: NackAction }>;

const actions: readonly NackAction[] = ['retry', 'park', 'retry', 'skip', 'stop'];

const readIds = (bytes: Buffer): Readonly<{ ids: readonly string[]; action: NackAction }> => {
  const ids: string[] = [];
  let action: NackAction = 'retry';
  eachField(bytes, (field, value) => {
    if (field === 2) ids.push(readUuid(asBytes(value)));
    if (field === 3) action = actions[asNumber(value)] ?? 'retry';
  });
  return { ids, action };
};

const readConsumerOptions = (message: Buffer): ConsumerMessage => {
  let bufferSize = 10;
  let uuids: UuidForm = 'string';
  eachField(message, (_, options) =>
    eachField(asBytes(options), (field, value) => {
      if (field === 3) bufferSize = Math.min(Math.max(1, asNumber(value)), 4_096);
      if (field === 4) {
        eachField(asBytes(value), (form) => {
          if (form === 1) uuids = 'structured';
        });
      }
    }),
  );
  return {
    kind: 'options',
    bufferSize,
    uuids,
    ...readGroupName(message, { stream: 1, all: 5, group: 2 }),
  };
};

export const readConsumerMessage = (message: Buffer): ConsumerMessage => {
  let read: ConsumerMessage | undefined;
  eachField(message, (field, value) => {
    if (field === 1) read = readConsumerOptions(message);
    if (field === 2) read = { kind: 'ack', ids: readIds(asBytes(value)).ids };
    if (field === 3) read = { kind: 'nack', ...readIds(asBytes(value)) };
  });
  if (read === undefined) throw new MalformedMessage('The request is empty.');
  return read;
};
