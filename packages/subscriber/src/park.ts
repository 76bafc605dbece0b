import { headers, type JetStreamClient, type JsMsg } from 'nats';
import { errorCode } from './message-of.js';
import type { ParkedReason } from './options.js';
import { parkedSubject, type PlaceInFull } from './settings.js';

const WRONG_LAST_SEQUENCE = 10071;

export const HEADER = {
  reason: 'Daybook-Parked-Reason',
  error: 'Daybook-Parked-Error',
  attempts: 'Daybook-Parked-Attempts',
  subject: 'Daybook-Parked-Subject',
  sequence: 'Daybook-Parked-Sequence',
  at: 'Daybook-Parked-At',
} as const;

export type Parking = Readonly<{
  reason: ParkedReason;
  /** Kind of the error. */
  error: string;
  attempts: number;
  /** Epoch milliseconds. */
  at: number;
}>;

/**
 * Stores a copy of the message, byte for byte, with the reason beside it. Resolves only when the copy is
 * stored, and may be tried again: the subject takes one message, ever.
 */
export const park = async (
  to: Readonly<{ client: JetStreamClient; place: PlaceInFull }>,
  message: JsMsg,
  parking: Parking,
): Promise<void> => {
  const { client, place } = to;
  const said = headers();
  for (const [name, values] of message.headers ?? [])
    for (const value of name.startsWith('Nats-') ? [] : values) said.append(name, value);
  said.set(HEADER.reason, parking.reason);
  said.set(HEADER.error, parking.error);
  said.set(HEADER.attempts, String(parking.attempts));
  said.set(HEADER.subject, message.subject);
  said.set(HEADER.sequence, String(message.seq));
  said.set(HEADER.at, new Date(parking.at).toISOString());
  // The client leaves out an expectation of 0.
  said.set('Nats-Expected-Last-Subject-Sequence', '0');
  const subject = parkedSubject(place, { subject: message.subject, sequence: message.seq });
  try {
    await client.publish(subject, message.data, { headers: said, timeout: place.timeoutMs });
  } catch (error) {
    if (errorCode(error) !== WRONG_LAST_SEQUENCE) throw error;
  }
};
