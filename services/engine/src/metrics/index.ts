/** How a node stands, in numbers: its commands, its log, its answers, and everything that follows the log. */
export { commandOutcomes, type CommandOutcome } from './command-metrics.js';
export {
  consumerKinds,
  consumerStates,
  type ConsumerKind,
  type ConsumerSource,
  type ConsumerState,
  type ConsumerStatus,
} from './consumer-status.js';
export { engineConsumers, type EngineConsumers } from './engine-consumers.js';
export type { Answered } from './http-metrics.js';
export { makeMetrics, type EngineObserver, type Metrics, type MetricsOptions } from './metrics.js';
export { relayConsumer, webhooksConsumer } from './outgoing-consumers.js';
