/**
 * Devices, policies and groups as they stand, and what each device went through (rulebook §2.4–2.5). What is in
 * effect on a device is computed by the domain from the row, so the two can never disagree.
 */
import type { ProjectionDefinition } from '@daybook/projection';
import { prepareDevice, type DeviceQuery } from './device.js';
import { prepareDevices, type DevicesQuery } from './devices.js';
import { handledTypes, type PolicyModelEventType } from './events.js';
import { prepareGroups, type GroupsQuery } from './groups.js';
import { openDevicePolicy } from './handle-events.js';
import { prepareHistory, type HistoryQuery } from './history.js';
import { preparePolicies, type PoliciesQuery } from './policies.js';
import { schema } from './schema.js';

export { deviceChangeInWords } from './device-changes.js';
export type { DeviceView } from './device.js';
export type { DevicesRequest } from './devices.js';
export type { PolicyModelEventType } from './events.js';
export type { Group } from './groups.js';
export type { DeviceChange } from './history.js';
export type { PolicyVersion } from './policies.js';

export type DevicePolicyQueries = Readonly<{
  device: DeviceQuery;
  devices: DevicesQuery;
  history: HistoryQuery;
  policies: PoliciesQuery;
  groups: GroupsQuery;
}>;

export const devicePolicy: ProjectionDefinition<PolicyModelEventType, DevicePolicyQueries> = {
  name: 'device-policy',
  version: 1,
  handles: handledTypes,
  schema,
  open: openDevicePolicy,
  queries: (db) => ({
    device: prepareDevice(db),
    devices: prepareDevices(db),
    history: prepareHistory(db),
    policies: preparePolicies(db),
    groups: prepareGroups(db),
  }),
};
