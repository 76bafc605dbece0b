import { asBytes, asNumber, eachField, MalformedMessage } from './protobuf.js';
import type { UuidForm } from './uuid.js';

/** Where to begin: a revision or position as the client named it, or an end of what is read. */
export type From = number | 'start' | 'end';

export type FilterRequest = Readonly<{
  on: 'stream' | 'type';
  /** Empty when prefixes are given. */
  regex: string;
  prefixes: readonly string[];
  /** Events looked at between two checkpoints. */
  checkpointEvery: number;
}>;

export type ReadRequest = Readonly<{
  target:
    | Readonly<{ kind: 'stream'; stream: string; from: From }>
    | Readonly<{ kind: 'all'; from: From }>;
  direction: 'forwards' | 'backwards';
  resolveLinks: boolean;
  /** Most events to read; absent for a subscription. */
  count: number | undefined;
  filter: FilterRequest | undefined;
  uuids: UuidForm;
  /** 1 and more: the client understands where a stream begins and ends. */
  compatibility: number;
}>;

const DEFAULT_WINDOW = 32;

export const readStreamName = (bytes: Buffer): string => {
  let name = '';
  eachField(bytes, (field, value) => {
    if (field === 3) name = asBytes(value).toString('utf8');
  });
  return name;
};

const readStreamTarget = (bytes: Buffer): ReadRequest['target'] => {
  let stream = '';
  let from: From = 'start';
  eachField(bytes, (field, value) => {
    if (field === 1) stream = readStreamName(asBytes(value));
    if (field === 2) from = asNumber(value);
    if (field === 3) from = 'start';
    if (field === 4) from = 'end';
  });
  return { kind: 'stream', stream, from };
};

export const readPosition = (bytes: Buffer): number => {
  let [commit, prepare] = [0, 0];
  eachField(bytes, (field, value) => {
    if (field === 1) commit = asNumber(value);
    if (field === 2) prepare = asNumber(value);
  });
  if (commit < prepare) {
    throw new MalformedMessage('The commit position is before the prepare position.');
  }
  return commit;
};

const readAllTarget = (bytes: Buffer): ReadRequest['target'] => {
  let from: From = 'start';
  eachField(bytes, (field, value) => {
    if (field === 1) from = readPosition(asBytes(value));
    if (field === 2) from = 'start';
    if (field === 3) from = 'end';
  });
  return { kind: 'all', from };
};

export const readFilter = (bytes: Buffer): FilterRequest => {
  let on: FilterRequest['on'] = 'type';
  let regex = '';
  const prefixes: string[] = [];
  let window = DEFAULT_WINDOW;
  let multiplier = 1;
  eachField(bytes, (field, value) => {
    if (field === 1 || field === 2) {
      on = field === 1 ? 'stream' : 'type';
      eachField(asBytes(value), (part, text) => {
        if (part === 1) regex = asBytes(text).toString('utf8');
        if (part === 2) prefixes.push(asBytes(text).toString('utf8'));
      });
    }
    if (field === 3) window = asNumber(value);
    if (field === 5) multiplier = asNumber(value);
  });
  return { on, regex, prefixes, checkpointEvery: Math.max(1, window) * Math.max(1, multiplier) };
};

const readUuidForm = (bytes: Buffer): UuidForm => {
  let form: UuidForm = 'string';
  eachField(bytes, (field) => {
    if (field === 1) form = 'structured';
  });
  return form;
};

type Mutable = { -readonly [Key in keyof ReadRequest]: ReadRequest[Key] };

const readOption = (request: Mutable, field: number, value: Buffer | number): void => {
  if (typeof value === 'number') {
    if (field === 3) request.direction = value === 1 ? 'backwards' : 'forwards';
    if (field === 4) request.resolveLinks = value !== 0;
    if (field === 5) request.count = value;
    return;
  }
  if (field === 1) request.target = readStreamTarget(value);
  if (field === 2) request.target = readAllTarget(value);
  if (field === 7) request.filter = readFilter(value);
  if (field === 9) request.uuids = readUuidForm(value);
  if (field === 10) {
    eachField(value, (part, version) => {
      if (part === 1) request.compatibility = asNumber(version);
    });
  }
};

/** Decodes a `ReadReq`; throws `MalformedMessage`. */
export const readReadRequest = (message: Buffer): ReadRequest => {
  const request: Mutable = {
    target: { kind: 'stream', stream: '', from: 'start' },
    direction: 'forwards',
    resolveLinks: false,
    count: undefined,
    filter: undefined,
    uuids: 'string',
    compatibility: 0,
  };
  eachField(message, (field, options) => {
    if (field !== 1) return;
    eachField(asBytes(options), (option, value) => {
      readOption(request, option, Buffer.isBuffer(value) ? value : asNumber(value));
    });
  });
  const { target } = request;
  if (target.kind === 'stream' && target.stream === '') {
    throw new MalformedMessage('The request names no stream.');
  }
  return request;
};
