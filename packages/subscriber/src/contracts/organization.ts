// Written by write-contracts.mjs from the contracts of the publisher.
import * as t from 'io-ts';

export const organization = {
  'daybook.organization.ai-activated.v1': t.type({ termsVersion: t.string }),
  'daybook.organization.ai-deactivated.v1': t.type({}),
  'daybook.organization.company-registered.v1': t.type({
    plan: t.keyof({ business: null, premium: null, corporate: null, tensor: null }),
    timeZone: t.string,
  }),
  'daybook.organization.plan-changed.v1': t.type({
    from: t.keyof({
      business: null,
      premium: null,
      corporate: null,
      tensor: null,
      'remote-access': null,
      free: null,
    }),
    to: t.keyof({
      business: null,
      premium: null,
      corporate: null,
      tensor: null,
      'remote-access': null,
      free: null,
    }),
  }),
  'daybook.organization.session-logging-set.v1': t.type({ userId: t.string, enabled: t.boolean }),
  'daybook.organization.summaries-option-set.v1': t.type({
    path: t.keyof({ outgoing: null, incoming: null }),
    enabled: t.boolean,
  }),
  'daybook.organization.user-registered.v1': t.type({
    userId: t.string,
    role: t.keyof({ administrator: null, auditor: null, supporter: null }),
  }),
  'daybook.organization.user-role-assigned.v1': t.type({
    userId: t.string,
    from: t.keyof({ administrator: null, auditor: null, supporter: null }),
    to: t.keyof({ administrator: null, auditor: null, supporter: null }),
  }),
};
