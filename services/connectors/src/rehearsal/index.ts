/**
 * Local servers with the published shapes of the remote systems' APIs, their errors and their limits, for tests
 * and for `npm run connectors`. Not part of the service: fastify is needed to run them.
 */
export { type Fault } from './faults.js';
export { CLIENT, type RehearsalServer } from './server.js';
export {
  type CaseComment,
  type SalesforceServer,
  startSalesforceServer,
} from './salesforce-server.js';
export {
  type JournalEntry,
  type ServiceNowServer,
  startServiceNowServer,
} from './servicenow-server.js';
export { refuseDeliveries } from './full-disk.js';
