/**
 * ServiceNow and Salesforce: each revision of a summary once as a work note or case comment of the record that
 * belongs to the session, with its AI marking; a deletion followed by a retraction, and what could not be taken
 * back listed (rulebook §7). Text is read when it is sent and kept nowhere here. The README says how that is
 * proved.
 */
export {
  type ConnectorConfig,
  type SalesforceConfig,
  type ServiceNowConfig,
} from './config/connector-config.js';
export {
  type ConfigProblem,
  decodeConnectors,
  type SecretSources,
} from './config/decode-config.js';
export type { Mapping } from './config/mapping.js';
export type { Connector, ConnectorHealth, ConnectorMetrics } from './connector.js';
export {
  type DeliveriesUnavailable,
  openDeliveries,
  readDeliveries,
} from './deliveries/deliveries.js';
export type { DeliveryCounts, DeliveryReader } from './deliveries/reading.js';
export type { Delivery, DeliveryState, Listed, UnrecalledItem } from './deliveries/rows.js';
export type { ConnectorState } from './delivery/progress.js';
export type { RetryPolicy, Wait } from './delivery/retry.js';
export { type ReadSummary, type SummaryNow, summaryReader } from './delivery/summary-now.js';
export { markerOf, type NoteMarker } from './note/marker.js';
export { type Connectors, type ConnectorsOptions, readTextFile, startConnectors } from './start.js';
