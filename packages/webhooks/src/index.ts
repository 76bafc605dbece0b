/**
 * Webhooks after Standard Webhooks: each endpoint gets its company's published events, in their order, one at
 * a time, at least once, signed; never to an address that is not public unless the operator allows it
 * (`test/`). The README says what receivers and operators rely on.
 */
export {
  type DestinationRefused,
  type DestinationRules,
  publicDestinations,
} from './destination/rules.js';
export { type Network, networkOf } from './destination/networks.js';
export type { Resolve } from './destination/guarded-lookup.js';
export { type RetryPolicy, standardRetryPolicy } from './delivery/retry-policy.js';
export type { UnknownEventType } from './event-types.js';
export { WEBHOOKS_FILE, type WebhooksUnavailable } from './file/open.js';
export {
  type AddRefused,
  type EndpointNotFound,
  type NewEndpoint,
  openWebhooks,
  type RegistryOptions,
  type Rotation,
  type WebhookRegistry,
  type WithSecret,
} from './file/registry.js';
export type {
  Attempt,
  AuditEntry,
  DisabledReason,
  Endpoint,
  Parked,
  WaitingMessage,
} from './file/rows.js';
export type { SenderRunning } from './file/sender-lock.js';
export type { WebhookProblem } from './runner/loops.js';
export type { EndpointMetrics, WebhookMetrics } from './runner/metrics.js';
export {
  startWebhooks,
  type WebhookHealth,
  type WebhooksOptions,
  type WebhookSender,
} from './runner/start.js';
export type { Timer } from './runner/timer.js';
export type { SecretRefused } from './signature.js';
