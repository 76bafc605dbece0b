import {
  actor,
  array,
  count,
  flag,
  instant,
  nullable,
  object,
  position,
  text,
  word,
  type JsonSchema,
} from './common.js';

const change = object({
  event: object({ type: text, data: { type: 'object' } }),
  section: { ...text, description: 'Of the rulebook.' },
  ruleVersion: text,
  stream: text,
  revision: count,
  position: count,
  eventId: text,
  occurredAt: instant,
  recordedAt: instant,
  actor,
  agrees: { ...flag, description: 'Decided again from the revision before it, it is the same.' },
});

const policyVersion = object({
  policyId: text,
  version: count,
  setting: { type: 'object', properties: { state: word('absent', 'set', 'enforced') } },
  definedAt: instant,
  position: count,
});

export const deviceExplanation: JsonSchema = object({
  position,
  explanation: object({
    deviceId: text,
    state: { type: 'object', required: ['status'] },
    effective: { type: 'object', description: 'Each toggle, and where it comes from.' },
    facts: { type: 'object', description: 'What rulebook §3 asks of the device.' },
    appliedVersion: nullable(policyVersion),
    pending: nullable({ type: 'object', properties: { pending: word('apply', 'withdraw') } }),
    readFrom: array(object({ stream: text, revision: count })),
    changes: array(change),
    agrees: flag,
  }),
});

export const userExplanation: JsonSchema = object({
  position,
  explanation: object({
    userId: text,
    state: { type: 'object', required: ['status'] },
    changes: array(change),
    agrees: flag,
  }),
});
