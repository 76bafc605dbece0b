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

const setting = object({
  state: word('absent', 'set', 'enforced'),
  reporting: flag,
  insights: flag,
});
const localSwitch = nullable(object({ enabled: flag, sinceApplied: flag }));
const toggle = object(
  {
    enabled: flag,
    from: word('policy-enforced', 'policy-set', 'local', 'none'),
    policyId: text,
    version: count,
    groupId: text,
  },
  ['policyId', 'version', 'groupId'],
);

const device = object({
  deviceId: text,
  managed: flag,
  platform: text,
  policySource: object({
    source: word('own', 'group', 'none'),
    policyId: nullable(text),
    groupId: nullable(text),
  }),
  applied: nullable(object({ policyId: text, version: count, groupId: nullable(text), setting })),
  local: object({ reporting: localSwitch, insights: localSwitch }),
  accessControl: word('allowed', 'denied', 'after-confirmation'),
  effective: object({ reporting: toggle, insights: toggle }),
  revision: count,
  position: count,
});

const change = object({
  position: count,
  revision: count,
  eventId: text,
  type: text,
  what: text,
  occurredAt: instant,
  recordedAt: instant,
  actor: object({ kind: text, id: text }),
});

export const devicesAnswer: JsonSchema = pageOf(device);
/** Assigned and not yet applied, or applied and no longer assigned. */
const pending: JsonSchema = {
  anyOf: [
    object({
      pending: word('apply'),
      groupId: nullable(text),
      policy: object({
        policyId: text,
        version: count,
        setting,
        definedAt: instant,
        position: count,
      }),
    }),
    object({ pending: word('withdraw'), policyId: text, version: count }),
    { type: 'null' },
  ],
};

export const deviceAnswer: JsonSchema = object({
  position,
  device,
  pending,
  history: array(change),
});
