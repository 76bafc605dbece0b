import {
  asBigint,
  asBytes,
  bytesField,
  eachField,
  MalformedMessage,
  numberField,
} from './protobuf.js';

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

const textOf = (most: bigint, least: bigint): string => {
  const hex = [most, least]
    .map((half) => BigInt.asUintN(64, half).toString(16).padStart(16, '0'))
    .join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
};

const structured = (bytes: Buffer): string => {
  let most = 0n;
  let least = 0n;
  eachField(bytes, (field, value) => {
    if (field === 1) most = asBigint(value);
    if (field === 2) least = asBigint(value);
  });
  return textOf(most, least);
};

/** The id of a UUID message in either form, in lower case; all zeros is no id. */
export const readUuid = (bytes: Buffer): string => {
  let text = '';
  eachField(bytes, (field, value) => {
    if (field === 1) text = structured(asBytes(value));
    if (field === 2) text = asBytes(value).toString('latin1').toLowerCase();
  });
  if (!uuidText.test(text) || text === NIL) throw new MalformedMessage('An id is not a UUID.');
  return text;
};

/** How a client wants to be told ids. */
export type UuidForm = 'string' | 'structured';

/** The body of a UUID message. */
export const uuidMessage = (id: string, form: UuidForm): Buffer => {
  if (form === 'string') return bytesField(2, id);
  const hex = id.replaceAll('-', '');
  const half = (digits: string): bigint => BigInt(`0x${digits}`);
  return bytesField(
    1,
    Buffer.concat([numberField(1, half(hex.slice(0, 16))), numberField(2, half(hex.slice(16)))]),
  );
};
