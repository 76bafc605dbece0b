import type { BrokerFailure } from '../relay/broker.js';
import { messageOf } from '../message-of.js';

/** Wrong last sequence, of the stream or of a subject: what a broken fence is answered with. */
const WRONG_LAST_SEQUENCE = 10071;
/** The subject belongs to another stream than the one that the message expects. */
const OTHER_STREAM = 10060;
/** The stream's subjects overlap with those of another stream. */
const SUBJECTS_OVERLAP = 10065;

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The server's own number of what went wrong; matched instead of words, which differ between versions. */
const errorCode = (error: unknown): unknown => field(field(error, 'api_error'), 'err_code');

export const isNotFound = (error: unknown): boolean =>
  field(error, 'code') === '404' || field(field(error, 'api_error'), 'code') === 404;

/** The client's error as what the relay can do about it. */
export const toFailure = (error: unknown, stream: string): BrokerFailure => {
  switch (errorCode(error)) {
    case WRONG_LAST_SEQUENCE:
      return { _tag: 'FenceBroken', message: messageOf(error) };
    case OTHER_STREAM:
    case SUBJECTS_OVERLAP:
      return {
        _tag: 'StreamMismatch',
        stream,
        differences: [
          { setting: 'subjects', wanted: 'this stream’s alone', found: 'taken by another stream' },
        ],
      };
    default:
      return { _tag: 'BrokerUnavailable', message: messageOf(error) };
  }
};
