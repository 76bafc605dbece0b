import {
  array,
  count,
  flag,
  instant,
  nullable,
  object,
  pageOf,
  position,
  text,
  word,
  type JsonSchema,
} from './common.js';

export const basis = word('consent', 'standing-permission', 'policy');
export const consentState = word(
  'not-asked',
  'requested',
  'granted',
  'refused',
  'timed-out',
  'withdrawn',
  'denied',
  'standing-permission',
  'nobody-to-ask',
);
const access = word('allowed', 'denied', 'after-confirmation');

const record = object({
  recordId: text,
  sessionId: text,
  supporterId: nullable(text),
  deviceId: nullable(text),
  state: consentState,
  bases: array(basis),
  restsOnConsent: flag,
  accessControl: nullable(object({ supporter: access, remote: access, holds: access })),
  asked: flag,
  notice: nullable(object({ version: text, language: text })),
  indicatedBy: nullable(text),
  method: nullable(text),
  startedAt: instant,
  openedAt: instant,
  answeredAt: nullable(instant),
  withdrawnAt: nullable(instant),
  endedAt: nullable(instant),
  destroyedItems: count,
  entries: count,
  position: count,
});

export const consentsAnswer: JsonSchema = pageOf(record);

/** Its own schema is released with the documentation; here it stands by its parts. */
export const receiptAnswer: JsonSchema = object({
  position,
  receipt: {
    ...object({
      record_header: { type: 'object' },
      consent: { type: 'object' },
      pii_processing: { type: 'object' },
      party_identification: array({ type: 'object' }),
      event: array({ type: 'object' }),
      destroyed: array({ type: 'object' }),
      decisions: array({ type: 'object' }),
      provenance: { type: 'object' },
    }),
    description: 'As docs/schemas/consent-receipt.schema.json has it: daybook.consent-receipt.v1.',
  },
});
